#pragma once
// The words of parse faults, one set a header, made from the header table.

#include "sip/message/message.h"

namespace carillon::sip {

View bad_header(HeaderId id);       // "Bad Via"
View missing_header(HeaderId id);   // "Missing Via"
View repeated_header(HeaderId id);  // "Repeated Call-ID"

}  // namespace carillon::sip
