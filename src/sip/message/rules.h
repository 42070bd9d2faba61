#pragma once
// The grammar of each header as a table: which rule a value follows and how many values a line has.

#include "sip/message/cursor.h"
#include "sip/message/header_id.h"

namespace carillon::sip {

struct Rule {
  enum class Form : uint8_t {
    free,           // any text
    single,         // one value
    list,           // one or more, comma-separated
    list_or_empty,  // any number
  };
  Form form = Form::free;
  bool repeats = true;  // may stand in several lines
  bool (*value)(Cursor&) = nullptr;
  size_t limit = 0;     // of values over all lines, 0: none
};

const Rule& rule_of(HeaderId id);

// How many values a line of the header has, or -1 when one is wrong. REQUIRES: the form is not free.
int count_values(const Rule& rule, View value);

}  // namespace carillon::sip
