#include "base/text.h"

namespace carillon {
namespace {
constexpr char kHex[] = "0123456789abcdef";
constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = ascii_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

// Length of the UTF-8 sequence that starts at s[i], 0 when it is broken or overlong.
size_t utf8_length(View s, size_t i) {
  const auto at = [&](size_t k) { return static_cast<unsigned char>(s[k]); };
  const unsigned char c = at(i);
  if (c < 0x80) return 1;
  const size_t n = c >= 0xf0 && c <= 0xf4 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
  if (n == 0 || i + n > s.size()) return 0;
  for (size_t k = 1; k < n; k++) {
    if ((at(i + k) & 0xc0) != 0x80) return 0;
  }
  if (c == 0xe0 && at(i + 1) < 0xa0) return 0;
  if (c == 0xed && at(i + 1) > 0x9f) return 0;  // surrogates
  if (c == 0xf0 && at(i + 1) < 0x90) return 0;
  if (c == 0xf4 && at(i + 1) > 0x8f) return 0;
  return n;
}

// How much of it is UTF-8, from the beginning.
size_t good_utf8(View s) {
  size_t i = 0;
  for (size_t n = 0; i < s.size() && (n = utf8_length(s, i)) != 0;) i += n;
  return i;
}

bool is_control(View s, size_t i, size_t n) {
  const auto c = static_cast<unsigned char>(s[i]);
  if (n == 1) return c < 0x20 || c == 0x7f;
  return n == 2 && c == 0xc2 && static_cast<unsigned char>(s[i + 1]) < 0xa0;  // C1
}
}  // namespace

void append_number(std::string& to, uint64_t n) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
  to.append(digits, end);
}

std::string to_lower(View s) {
  std::string out(s);
  for (char& c : out) c = ascii_lower(c);
  return out;
}

std::string hex(View bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char b : bytes) {
    out += kHex[static_cast<unsigned char>(b) >> 4];
    out += kHex[static_cast<unsigned char>(b) & 15];
  }
  return out;
}

std::optional<std::string> unhex(View text) {
  if (text.size() % 2 != 0) return {};
  std::string out;
  out.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return {};
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string base64url(View bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t bits = 0;
  int have = 0;
  for (const char b : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(b);
    for (have += 8; have >= 6; have -= 6) out += kBase64[bits >> (have - 6) & 63];
  }
  if (have > 0) out += kBase64[bits << (6 - have) & 63];
  return out;
}

std::optional<std::string> unbase64url(View text) {
  std::string out;
  out.reserve(text.size() * 3 / 4);
  uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return {};
    bits = bits << 6 | static_cast<uint32_t>(digit);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out += static_cast<char>(bits >> have & 255);
    }
  }
  if (have >= 6) return {};
  return out;
}

bool is_clean_utf8(View s) {
  for (size_t i = 0; i < s.size();) {
    const size_t n = utf8_length(s, i);
    if (n == 0 || is_control(s, i, n)) return false;
    i += n;
  }
  return true;
}

bool is_utf8(View s) { return good_utf8(s) == s.size(); }

std::string valid_utf8(std::string s) {
  const size_t good = good_utf8(s);
  if (good == s.size()) return s;
  std::string out = s.substr(0, good);
  for (size_t i = good; i < s.size();) {
    const size_t n = utf8_length(s, i);
    out += n == 0 ? View("\xEF\xBF\xBD") : View(s).substr(i, n);
    i += n == 0 ? 1 : n;
  }
  return out;
}

std::string printable(View s, size_t max) {
  std::string out;
  for (size_t i = 0; i < s.size() && out.size() < max;) {
    const size_t n = utf8_length(s, i);
    if (n == 0 || is_control(s, i, n)) {
      out += "\\x";
      out += hex(s.substr(i, 1));
      i++;
    } else {
      out += s.substr(i, n);
      i += n;
    }
  }
  return out;
}

}  // namespace carillon
