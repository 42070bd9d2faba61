#pragma once
// One value of Diversion (RFC 5806 §9).

#include <cstdint>
#include <optional>

#include "sip/message/name_addr.h"

namespace carillon::sip {

struct Diversion {
  NameAddr address;
  View reason;                       // without quotes; "" when absent
  std::optional<uint32_t> counter;
  View privacy, screen;
  static std::optional<Diversion> parse(View value);
};

}  // namespace carillon::sip
