#include "sip/message/uri.h"

#include "sip/message/cursor.h"
#include "sip/message/read.h"

namespace carillon::sip {
namespace {

using chars::is;
using chars::skip_escaped;

bool all_escaped(View s, unsigned classes) {
  const char* const end = s.data() + s.size();
  return skip_escaped(s.data(), end, classes) == end;
}

// userinfo without its "@" (RFC 3261 §25.1).
bool read_userinfo(View info, Uri& out) {
  const char* const begin = info.data();
  const char* const end = begin + info.size();
  const char* const stop = skip_escaped(begin, end, chars::kUser);
  out.user = {begin, static_cast<size_t>(stop - begin)};
  out.has_user = true;
  if (out.user.empty()) return false;
  if (stop == end) return true;
  if (*stop != ':') return false;
  out.password = {stop + 1, static_cast<size_t>(end - stop - 1)};
  return all_escaped(out.password, chars::kPassword);
}

// pname ["=" pvalue], both of paramchars; "a=" is not one.
bool read_uri_param(Cursor& c) {
  const char* begin = c.p;
  c.p = skip_escaped(c.p, c.end, chars::kUriParam);
  if (c.p == begin) return false;
  if (!c.eat('=')) return true;
  begin = c.p;
  c.p = skip_escaped(c.p, c.end, chars::kUriParam);
  return c.p != begin;
}

bool read_uri_params(Cursor& c, View& out) {
  if (!c.at(';')) return true;
  const char* const begin = c.p + 1;
  while (c.eat(';')) {
    if (!read_uri_param(c)) return false;
  }
  out = c.since(begin);
  return true;
}

// hname "=" hvalue, joined by "&"; the value may be empty.
bool read_uri_headers(Cursor& c, View& out) {
  if (!c.eat('?')) return true;
  const char* const begin = c.p;
  do {
    const char* const name = c.p;
    c.p = skip_escaped(c.p, c.end, chars::kUriHeader);
    if (c.p == name || !c.eat('=')) return false;
    c.p = skip_escaped(c.p, c.end, chars::kUriHeader);
  } while (c.eat('&'));
  out = c.since(begin);
  return true;
}

bool read_sip(View rest, Uri& out) {
  const char* const end = rest.data() + rest.size();
  const char* const at = chars::find_byte(rest.data(), end, '@');
  if (at != end) {
    const auto n = static_cast<size_t>(at - rest.data());
    if (!read_userinfo(rest.substr(0, n), out)) return false;
    rest.remove_prefix(n + 1);
  }
  Cursor c(rest);
  out.host = read_host(c);
  if (out.host.empty()) return false;
  if (c.eat(':') && !read_port(c, out.port)) return false;
  return read_uri_params(c, out.params) && read_uri_headers(c, out.headers) && c.done();
}

// RFC 3966 §3: digits with visual separators, then parameters.
bool read_tel(View rest, Uri& out) {
  Cursor c(rest);
  const char* const begin = c.p;
  const bool global = c.eat('+');
  const View number = c.run(chars::kPhone);
  bool digits = false;
  for (const char ch : number) {
    digits = digits || is(ch, chars::kHex) || ch == '*' || ch == '#';
    if (global && !is(ch, chars::kDigit) && !chars::contains("-.()", ch)) return false;
  }
  out.host = c.since(begin);
  return digits && read_uri_params(c, out.params) && c.done();
}

// absoluteURI: scheme ":" and at least one character.
bool read_other(View text, Uri& out) {
  const size_t colon = text.find(':');
  if (colon == text.npos || colon == 0 || !is(text[0], chars::kAlpha)) return false;
  for (const char c : text.substr(0, colon)) {
    if (!is(c, chars::kAlpha | chars::kDigit) && !chars::contains("+-.", c)) return false;
  }
  out.scheme = Uri::Scheme::other;
  const View rest = text.substr(colon + 1);
  return !rest.empty() && all_escaped(rest, chars::kUric);
}

}  // namespace

bool read_uri(View text, Uri& out) {
  // Field by field: a temporary and its copy are a good part of the cost of a short URI.
  out.scheme = Uri::Scheme::sip;
  out.text = text;
  out.user = out.password = out.host = out.params = out.headers = View();
  out.port = 0;
  out.has_user = false;
  if (text.size() > 4 && text[3] == ':') {
    if (iequals(text.substr(0, 3), "sip")) return read_sip(text.substr(4), out);
    if (iequals(text.substr(0, 3), "tel")) {
      out.scheme = Uri::Scheme::tel;
      return read_tel(text.substr(4), out);
    }
  } else if (text.size() > 5 && text[4] == ':' && iequals(text.substr(0, 4), "sips")) {
    out.scheme = Uri::Scheme::sips;
    return read_sip(text.substr(5), out);
  }
  const size_t colon = text.find(':');
  const View scheme = text.substr(0, colon == text.npos ? 0 : colon);
  if (iequals(scheme, "sip") || iequals(scheme, "sips") || iequals(scheme, "tel")) return false;
  return read_other(text, out);
}

std::optional<Uri> Uri::parse(View text) {
  Uri out;
  if (!read_uri(text, out)) return {};
  return out;
}

}  // namespace carillon::sip
