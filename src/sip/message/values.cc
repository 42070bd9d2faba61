#include "sip/message/message.h"

#include "sip/message/cursor.h"

namespace carillon::sip {
namespace {

// Over a quoted string, <…> or (…) at the cursor; an unfinished comment is one character only.
void skip_group(Cursor& c) {
  const char* const begin = c.p;
  if (*begin == '"') {
    if (!c.quoted()) c.p = c.end;
    return;
  }
  if (*begin == '(') {
    if (!c.comment()) c.p = begin + 1;
    return;
  }
  while (c.p < c.end && *c.p != '>') c.p++;
  c.eat('>');
}

}  // namespace

bool Values::next(std::string_view& value) {
  Cursor c(rest_);
  for (;;) {
    while (c.p < c.end && (chars::is_blank(*c.p) || *c.p == ',')) c.p++;
    if (c.done()) break;
    const char* const begin = c.p;
    while (c.p < c.end && *c.p != ',') {
      if (*c.p == '"' || *c.p == '<' || *c.p == '(') {
        skip_group(c);
      } else {
        c.p++;
      }
    }
    value = trim(c.since(begin));
    rest_ = c.rest();
    return true;
  }
  rest_ = {};
  return false;
}

}  // namespace carillon::sip
