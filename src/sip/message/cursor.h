#pragma once
// A reader's place in a header value, with the lexical rules that all headers share (RFC 3261
// §25.1). Values are unfolded, so linear white space is SP and HTAB. Used inside sip/message only.

#include <string_view>

#include "base/text.h"
#include "sip/message/chars.h"

namespace carillon::sip {

struct Cursor {
  const char* p;
  const char* end;

  explicit Cursor(View text) : p(text.data()), end(text.data() + text.size()) {}

  bool done() const { return p == end; }
  bool at(char c) const { return p < end && *p == c; }
  View since(const char* begin) const { return {begin, static_cast<size_t>(p - begin)}; }
  View rest() const { return {p, static_cast<size_t>(end - p)}; }

  void blanks() {
    while (p < end && chars::is_blank(*p)) p++;
  }
  // True at the end of the value, blanks aside.
  bool finished() {
    blanks();
    return p == end;
  }
  // Exactly this character.
  bool eat(char c) {
    if (!at(c)) return false;
    p++;
    return true;
  }
  // SEMI, COMMA, EQUAL, SLASH, COLON: the character with blanks around it.
  bool separator(char c) {
    const char* const saved = p;
    blanks();
    if (!eat(c)) {
      p = saved;
      return false;
    }
    blanks();
    return true;
  }
  // A run of characters, possibly empty.
  View run(unsigned classes) {
    const char* const begin = p;
    p = chars::skip(p, end, classes);
    return since(begin);
  }
  View token() { return run(chars::kToken); }
  bool skip_token() { return !token().empty(); }

  // "quoted string" with its quotes; false when there is none or it does not end.
  bool quoted() {
    if (!eat('"')) return false;
    for (;;) {
      p = chars::skip(p, end, chars::kQuoted);
      if (p == end) return false;
      if (*p == '"') break;
      if (!escape_pair()) return false;
    }
    p++;
    return true;
  }
  // (comment (nested)); no deeper than kCommentDepth.
  bool comment() {
    if (!at('(')) return false;
    int depth = 0;
    while (p < end) {
      p = chars::skip(p, end, chars::kComment);
      if (p == end) return false;
      if (*p == '\\') {
        if (!escape_pair()) return false;
        continue;
      }
      depth += *p++ == '(' ? 1 : -1;
      if (depth == 0) return true;
      if (depth > kCommentDepth) return false;
    }
    return false;
  }
  // gen-value: token, host (IPv6 in brackets) or quoted string.
  bool value(View& out) {
    const char* const begin = p;
    if (at('"')) {
      if (!quoted()) return false;
    } else if (at('[')) {
      if (!bracketed()) return false;
    } else if (!skip_token()) {
      return false;
    }
    out = since(begin);
    return true;
  }
  // [IPv6 address]: only the shape; read_host() knows more.
  bool bracketed() {
    p++;
    while (p < end && (chars::is(*p, chars::kHex) || *p == ':' || *p == '.')) p++;
    return eat(']');
  }

  static constexpr int kCommentDepth = 8;

 private:
  // quoted-pair: anything but CR and LF, controls included (RFC 3261 §25.1).
  bool escape_pair() {
    if (end - p < 2 || *p != '\\') return false;
    const char c = p[1];
    if (c == '\r' || c == '\n' || static_cast<unsigned char>(c) >= 0x80) return false;
    p += 2;
    return true;
  }
};

// *(SEMI generic-param). Calls f(name, value, has_value) for each; a false from f is an error.
// Stops before what is not a parameter; false when a parameter is malformed.
template <typename F>
bool read_params(Cursor& c, F&& f) {
  while (c.separator(';')) {
    const View name = c.token();
    if (name.empty()) return false;
    View value;
    const bool has_value = c.separator('=');
    if (has_value && !c.value(value)) return false;
    if (!f(name, value, has_value)) return false;
  }
  return true;
}
inline bool skip_params(Cursor& c) {
  return read_params(c, [](View, View, bool) { return true; });
}

// Value of a quoted string without its quotes, escapes kept; other text as it is.
inline View without_quotes(View s) {
  return s.size() >= 2 && s.front() == '"' && s.back() == '"' ? s.substr(1, s.size() - 2) : s;
}

// A host (name, IPv4, [IPv6]) at the cursor; "" when there is none.
View read_host(Cursor& c);
// 1*DIGIT in 1 … 65535; false when it is not.
bool read_port(Cursor& c, uint16_t& port);

}  // namespace carillon::sip
