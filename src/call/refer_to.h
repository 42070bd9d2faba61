#pragma once
// What a REFER asks for (RFC 3515 §2.1): the Refer-To URI, and the Replaces that it may carry (RFC 3891 §4, RFC 5589
// §7).

#include <string>
#include <string_view>

#include "sip/message/message.h"

namespace carillon::call {

struct ReferTo {
  int status = 0;        // not 0: what the REFER is to be answered
  std::string_view why;  // then: in words, for a Warning
  std::string number;    // whom to call
  std::string host;
  std::string replaces;      // value of the Replaces header in the URI, escapes resolved; "" without
  bool wants_notify = true;  // no Refer-Sub: false (RFC 4488 §4)
};
ReferTo read_refer_to(const sip::Message& refer);

}  // namespace carillon::call
