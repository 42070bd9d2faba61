#pragma once
// Small helpers over text. Pure; ASCII only, as SIP's tokens are.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

using View = std::string_view;

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Equal without regard to ASCII case.
constexpr bool iequals(View a, View b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    if (a[i] != b[i] && ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  }
  return true;
}

// Without leading and trailing SP and HTAB.
constexpr View trim(View s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// The whole of `s` as an unsigned decimal number; nothing when it is not one or does not fit.
template <typename T>
std::optional<T> to_number(View s) {
  T value{};
  if (s.empty() || s.front() < '0' || s.front() > '9') return {};
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc() || end != s.data() + s.size()) return {};
  return value;
}

// Appends `n` in decimal without a temporary.
void append_number(std::string& to, uint64_t n);

std::string to_lower(View s);
std::string hex(View bytes);
// Bytes of a hexadecimal text; nothing when it is not one.
std::optional<std::string> unhex(View text);
// RFC 4648 §5 alphabet without padding: safe in SIP tokens, URLs and file names.
std::string base64url(View bytes);
std::optional<std::string> unbase64url(View text);
// Valid UTF-8 without control characters?
bool is_clean_utf8(View s);
bool is_utf8(View s);
// With U+FFFD for each byte that is not part of valid UTF-8.
std::string valid_utf8(std::string s);
// For a person's screen or a log line: control bytes and broken UTF-8 become \xNN; cut at `max` bytes.
std::string printable(View s, size_t max);

}  // namespace carillon
