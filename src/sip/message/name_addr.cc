#include "sip/message/name_addr.h"

#include "sip/message/read.h"
#include "sip/message/writer.h"

namespace carillon::sip {
namespace {

// display-name = *(token LWS) / quoted-string, at the cursor; stands before "<" afterwards.
bool read_display(Cursor& c, View& display) {
  const char* const begin = c.p;
  const char* last = begin;
  if (c.at('"')) {
    if (!c.quoted()) return false;
    last = c.p;
    c.blanks();
  } else {
    while (c.skip_token()) {
      last = c.p;
      c.blanks();
    }
  }
  display = {begin, static_cast<size_t>(last - begin)};
  return c.at('<');
}

// "<" URI ">"; nothing but the URI may stand between them.
bool read_bracketed(Cursor& c, NameAddr& out) {
  const char* const begin = c.p + 1;
  const char* const close = chars::find_byte(begin, c.end, '>');
  if (close == c.end) return false;
  out.brackets = true;
  c.p = close + 1;
  return read_uri({begin, static_cast<size_t>(close - begin)}, out.uri);
}

// A URI without brackets may hold no comma, question mark or semicolon (RFC 3261 §20.10).
bool read_bare(Cursor& c, NameAddr& out) {
  const char* const begin = c.p;
  while (c.p < c.end && *c.p != ';' && *c.p != ',' && *c.p != '?' && !chars::is_blank(*c.p)) c.p++;
  if (c.at('?')) return false;
  return read_uri(c.since(begin), out.uri);
}

}  // namespace

bool read_address(Cursor& c, NameAddr& out) {
  c.blanks();
  if (c.at('<')) return read_bracketed(c, out);
  const char* const begin = c.p;
  if (!c.at('"')) {
    c.token();
    if (c.at(':')) {
      c.p = begin;
      return read_bare(c, out);
    }
    c.p = begin;
  }
  return read_display(c, out.display) && read_bracketed(c, out);
}

bool read_name_addr(Cursor& c, NameAddr& out, View& tag) {
  out.display = out.params = tag = View();
  out.brackets = false;
  if (!read_address(c, out)) return false;
  if (!c.separator(';')) return true;
  const char* const begin = c.p;
  c.p = begin - 1;
  while (*c.p != ';') c.p--;
  const auto see = [&tag](View name, View value, bool) {
    if (name.size() != 3 || !iequals(name, "tag")) return true;
    if (!tag.empty() || !chars::is_token(value)) return false;
    tag = value;
    return true;
  };
  if (!read_params(c, see)) return false;
  out.params = c.since(begin);
  return true;
}

std::optional<NameAddr> NameAddr::parse(View text) {
  Cursor c(text);
  NameAddr out;
  View tag;
  if (!read_name_addr(c, out, tag) || !c.finished()) return {};
  return out;
}

std::string decoded_display(const NameAddr& a) {
  const View text = without_quotes(a.display);
  if (text.size() == a.display.size()) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '\\' && i + 1 < text.size()) i++;
    out += text[i];
  }
  return out;
}

std::string quoted_display(View name) {
  std::string out;
  append_quoted(out, name);
  return out;
}

}  // namespace carillon::sip
