// Equality and the decoded forms of URIs (RFC 3261 §19.1.4, RFC 3966 §5).
#include <array>

#include "base/text.h"
#include "sip/message/chars.h"
#include "sip/message/escapes.h"
#include "sip/message/uri.h"
#include "sip/message/writer.h"

namespace carillon::sip {
namespace {

constexpr View kReserved = ";/?:@&=+$,";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return ascii_lower(c) - 'a' + 10;
}

// Takes one character off `s`; `kept` says that it is an escape of a reserved character.
char take(View& s, bool& kept) {
  kept = false;
  const char* const p = s.data();
  if (!chars::is_escape(p, p + s.size())) {
    s.remove_prefix(1);
    return *p;
  }
  const auto c = static_cast<char>(hex_value(p[1]) * 16 + hex_value(p[2]));
  s.remove_prefix(3);
  kept = c != 0 && chars::contains(kReserved, c);
  return c;
}

struct Pair {
  View name, value;
};

// The next of `name=value` items split by `mark`.
bool next_pair(View& rest, char mark, Pair& out) {
  if (rest.empty()) return false;
  const View item = rest.substr(0, rest.find(mark));
  rest.remove_prefix(item.size() < rest.size() ? item.size() + 1 : item.size());
  const size_t equal = item.find('=');
  out.name = item.substr(0, equal);
  out.value = equal == item.npos ? View() : item.substr(equal + 1);
  return true;
}

// Parameters that must stand in both or in neither. RFC 3261 names user, ttl, method and maddr;
// transport is here because its own examples say so.
bool must_be_in_both(View name) {
  constexpr std::array<View, 5> kNames = {"transport", "user", "ttl", "method", "maddr"};
  for (const View n : kNames) {
    if (same_escaped(name, n, false)) return true;
  }
  return false;
}

bool params_agree(View a, View b) {
  Pair p;
  while (next_pair(a, ';', p)) {
    View rest = b;
    Pair q;
    bool found = false, same = true;
    while (!found && next_pair(rest, ';', q)) {
      if (!same_escaped(p.name, q.name, false)) continue;
      found = true;
      same = same_escaped(p.value, q.value, false);
    }
    if (found ? !same : must_be_in_both(p.name)) return false;
  }
  return true;
}

// Every header of `a` stands in `b` as often with this value.
bool headers_within(View a, View b) {
  const auto count = [](View in, const Pair& of) {
    size_t n = 0;
    Pair p;
    while (next_pair(in, '&', p)) {
      n += same_escaped(p.name, of.name, false) && same_escaped(p.value, of.value, true);
    }
    return n;
  };
  View rest = a;
  Pair p;
  while (next_pair(rest, '&', p)) {
    if (count(a, p) != count(b, p)) return false;
  }
  return true;
}

bool is_separator(char c) { return chars::contains("-.()", c); }

// RFC 3966 §5: visual separators do not matter.
bool same_number(View a, View b) {
  size_t i = 0, k = 0;
  for (;;) {
    while (i < a.size() && is_separator(a[i])) i++;
    while (k < b.size() && is_separator(b[k])) k++;
    if (i == a.size() || k == b.size()) return i == a.size() && k == b.size();
    if (ascii_lower(a[i++]) != ascii_lower(b[k++])) return false;
  }
}

// RFC 3966 §5: parameters must be the same set.
bool same_tel(const Uri& a, const Uri& b) {
  const auto within = [](View x, View y) {
    Pair p;
    while (next_pair(x, ';', p)) {
      const auto other = find_param(y, p.name);
      if (!other || !iequals(*other, p.value)) return false;
    }
    return true;
  };
  return same_number(a.host, b.host) && within(a.params, b.params) && within(b.params, a.params);
}

bool same_other(View a, View b) {
  const size_t colon = a.find(':');
  if (colon != b.find(':') || !iequals(a.substr(0, colon), b.substr(0, colon))) return false;
  return same_escaped(a.substr(colon), b.substr(colon), true);
}

// Digits, "*", "#" and visual separators after an optional "+".
bool is_phone_number(View s) {
  if (!s.empty() && s.front() == '+') s.remove_prefix(1);
  bool digits = false;
  for (const char c : s) {
    if (!chars::is(c, chars::kDigit) && !chars::contains("*#-.()", c)) return false;
    digits = digits || !is_separator(c);
  }
  return digits;
}

}  // namespace

void append_unescaped(std::string& to, View s) {
  bool kept;
  while (!s.empty()) to += take(s, kept);
}

bool same_escaped(View a, View b, bool case_matters) {
  while (!a.empty() && !b.empty()) {
    bool kept_a, kept_b;
    const char x = take(a, kept_a);
    const char y = take(b, kept_b);
    if (kept_a != kept_b) return false;
    if (x != y && (case_matters || ascii_lower(x) != ascii_lower(y))) return false;
  }
  return a.empty() && b.empty();
}

bool same_uri(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme) return false;
  if (a.scheme == Uri::Scheme::tel) return same_tel(a, b);
  if (a.scheme == Uri::Scheme::other) return same_other(a.text, b.text);
  return a.has_user == b.has_user && a.port == b.port && iequals(a.host, b.host) &&
         same_escaped(a.user, b.user, true) && same_escaped(a.password, b.password, true) &&
         params_agree(a.params, b.params) && params_agree(b.params, a.params) && headers_within(a.headers, b.headers) &&
         headers_within(b.headers, a.headers);
}

std::string decoded_user(const Uri& uri) {
  std::string out;
  if (uri.scheme == Uri::Scheme::tel) {
    for (const char c : uri.host) {
      if (!is_separator(c)) out += c;
    }
    return out;
  }
  append_unescaped(out, uri.user);
  const size_t semicolon = out.find(';');
  if (semicolon == out.npos) return out;
  const auto kind = uri.param("user");
  const bool phone = kind && iequals(*kind, "phone");
  if (phone || is_phone_number(View(out).substr(0, semicolon))) out.resize(semicolon);
  return out;
}

std::string escape_user(View user) {
  std::string out;
  append_user(out, user);
  return out;
}

}  // namespace carillon::sip
