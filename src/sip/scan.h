#pragma once
// The first look at a datagram: one pass, no allocation, views of six fields (docs/ARCHITECTURE.md,
// "Before the parser").

#include <cstdint>
#include <string_view>

namespace carillon::sip {

struct Scan {
  bool sip = false;  // has a SIP start line and the fields below
  bool request = false;
  std::string_view method;  // of the start line, or the CSeq's of a response
  int status = 0;           // of a response
  std::string_view branch;  // of the top Via
  std::string_view from_tag, to_tag, to_user, call_id;
};

// Agrees with Message on these fields for every message that Message accepts (held by a fuzz
// target).
Scan scan(std::string_view datagram);

}  // namespace carillon::sip
