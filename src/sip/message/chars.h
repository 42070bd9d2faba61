#pragma once
// The character classes of RFC 3261 §25.1 as one table of bits, and the search that lines are split
// with.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace carillon::sip::chars {

enum Class : uint16_t {
  kDigit = 1 << 0,
  kAlpha = 1 << 1,
  kHex = 1 << 2,
  kToken = 1 << 3,
  kWord = 1 << 4,        // of Call-ID
  kUser = 1 << 5,        // user part of a SIP URI, escapes aside
  kPassword = 1 << 6,
  kUriParam = 1 << 7,    // paramchar, escapes aside
  kUriHeader = 1 << 8,   // hname and hvalue, escapes aside
  kUric = 1 << 9,        // any URI, escapes aside; with "[" and "]" of RFC 3986
  kQuoted = 1 << 10,     // stands in a quoted string as it is
  kComment = 1 << 11,    // stands in a comment as it is
  kPhone = 1 << 12,      // RFC 3966 phonedigit-hex with "*" and "#"
  kBase64 = 1 << 13,     // base64 and base64url with padding and "."
  kTokenNoDot = 1 << 14,  // RFC 6665 token-nodot
  kBracketed = 1 << 15,   // may be written between "<" and ">" as it is
};

constexpr bool contains(std::string_view set, char c) { return set.find(c) != set.npos; }

constexpr uint16_t classes_of(unsigned char byte) {
  const char c = static_cast<char>(byte);
  const bool digit = c >= '0' && c <= '9';
  const bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool hex = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  const bool alnum = digit || alpha;
  const bool printable = byte != 0 && byte < 0x80;
  const bool unreserved = alnum || (printable && contains("-_.!~*'()", c));
  unsigned bits = 0;
  if (digit) bits |= kDigit;
  if (alpha) bits |= kAlpha;
  if (hex) bits |= kHex;
  if (alnum || (printable && contains("-.!%*_+`'~", c))) bits |= kToken;
  if (alnum || (printable && contains("-!%*_+`'~", c))) bits |= kTokenNoDot;
  if (alnum || (printable && contains("-.!%*_+`'~()<>:\\/\"[]?{}", c))) bits |= kWord;
  if (unreserved || (printable && contains("&=+$,;?/", c))) bits |= kUser;
  if (unreserved || (printable && contains("&=+$,", c))) bits |= kPassword;
  if (unreserved || (printable && contains("[]/:&+$", c))) bits |= kUriParam;
  if (unreserved || (printable && contains("[]/?:+$", c))) bits |= kUriHeader;
  if (unreserved || (printable && contains(";/?:@&=+$,[]", c))) bits |= kUric;
  const bool text = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  if (text && c != '"' && c != '\\') bits |= kQuoted;
  if (text && c != '(' && c != ')' && c != '\\') bits |= kComment;
  if (hex || (printable && contains("*#-.()", c))) bits |= kPhone;
  if (alnum || (printable && contains("+/-_=.", c))) bits |= kBase64;
  if (byte > 0x20 && byte < 0x7f && !contains("<>\"", c)) bits |= kBracketed;
  return static_cast<uint16_t>(bits);
}

constexpr std::array<uint16_t, 256> make_table() {
  std::array<uint16_t, 256> table{};
  for (size_t i = 0; i < table.size(); i++) table[i] = classes_of(static_cast<unsigned char>(i));
  return table;
}
inline constexpr std::array<uint16_t, 256> kTable = make_table();

inline bool is(char c, unsigned classes) {
  return (kTable[static_cast<unsigned char>(c)] & classes) != 0;
}
inline bool is_blank(char c) { return c == ' ' || c == '\t'; }
inline bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// The end of the run of characters of `classes` that begins at `p`.
inline const char* skip(const char* p, const char* end, unsigned classes) {
  while (p < end && is(*p, classes)) p++;
  return p;
}

inline bool is_escape(const char* p, const char* end) {
  return end - p >= 3 && *p == '%' && is(p[1], kHex) && is(p[2], kHex);
}

// The same with %HH escapes in between.
inline const char* skip_escaped(const char* p, const char* end, unsigned classes) {
  for (;;) {
    p = skip(p, end, classes);
    if (p == end || !is_escape(p, end)) return p;
    p += 3;
  }
}

inline bool all(std::string_view s, unsigned classes) {
  return skip(s.data(), s.data() + s.size(), classes) == s.data() + s.size();
}
inline bool is_token(std::string_view s) { return !s.empty() && all(s, kToken); }
inline bool is_number(std::string_view s) { return !s.empty() && all(s, kDigit); }

// The first byte below 0x20 or equal to 0x7f at or after `p`, else `end`.
inline const char* next_control(const char* p, const char* end) {
#if defined(__SSE2__)
  const __m128i top = _mm_set1_epi8(0x1f);
  const __m128i del = _mm_set1_epi8(0x7f);
  for (; end - p >= 16; p += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, top), x);
    const int hits = _mm_movemask_epi8(_mm_or_si128(low, _mm_cmpeq_epi8(x, del)));
    if (hits != 0) return p + __builtin_ctz(static_cast<unsigned>(hits));
  }
#endif
  while (p < end && !is_control(*p)) p++;
  return p;
}

// The first `wanted` at or after `p`, else `end`: for short ways, where a call of memchr is most of
// the cost.
inline const char* find_byte(const char* p, const char* end, char wanted) {
#if defined(__SSE2__)
  const __m128i pattern = _mm_set1_epi8(wanted);
  for (; end - p >= 16; p += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const int hits = _mm_movemask_epi8(_mm_cmpeq_epi8(x, pattern));
    if (hits != 0) return p + __builtin_ctz(static_cast<unsigned>(hits));
  }
#endif
  while (p < end && *p != wanted) p++;
  return p;
}

}  // namespace carillon::sip::chars
