#pragma once
// %HH escapes of URIs (RFC 3261 §19.1.2).

#include <string>

#include "base/text.h"

namespace carillon::sip {

// Appends `s` with its escapes resolved; "%" without two digits stays.
void append_unescaped(std::string& to, View s);

// Equal when an escape is taken for the character it stands for, unless that character is reserved:
// "%61" is "a" but "%40" is not "@" (RFC 3261 §19.1.4).
bool same_escaped(View a, View b, bool case_matters);

}  // namespace carillon::sip
