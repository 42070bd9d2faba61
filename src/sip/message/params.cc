// Parameters: look-up by name in URI and header parameters (RFC 3261 §19.1.1, §7.3.1).
#include "sip/message/cursor.h"
#include "sip/message/escapes.h"
#include "sip/message/uri.h"

namespace carillon::sip {
namespace {

// The next ;-separated parameter of `rest`, which it shortens. Quoted values may hold anything.
bool next_param(View& rest, View& name, View& value) {
  Cursor c(rest);
  c.blanks();
  if (c.done()) return false;
  const char* begin = c.p;
  while (!c.done() && *c.p != ';' && *c.p != '=') c.p++;
  name = trim(c.since(begin));
  value = View();
  if (c.eat('=')) {
    c.blanks();
    begin = c.p;
    if (c.at('"')) c.quoted();
    while (!c.done() && *c.p != ';') c.p++;
    value = trim(c.since(begin));
  }
  c.eat(';');
  rest = c.rest();
  return true;
}

}  // namespace

std::optional<View> find_param(View params, View name) {
  View key, value;
  while (next_param(params, key, value)) {
    if (iequals(key, name)) return value;
  }
  return {};
}

std::optional<View> Uri::param(View name) const {
  View rest = params, key, value;
  while (next_param(rest, key, value)) {
    if (iequals(key, name)) return value;
    if (key.find('%') != key.npos && same_escaped(key, name, false)) return value;
  }
  return {};
}

}  // namespace carillon::sip
