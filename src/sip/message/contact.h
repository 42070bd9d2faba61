#pragma once
// One value of Contact (RFC 3261 §20.10, RFC 5626 §4.1), and delta-seconds.

#include <cstdint>
#include <optional>

#include "sip/message/name_addr.h"

namespace carillon::sip {

struct ContactValue {
  bool star = false;  // "*": all the rest is empty
  NameAddr address;
  // Of ;expires: a value that is no number, or too great a one, is 3600 (RFC 3261 §20.10).
  std::optional<uint32_t> expires;
  std::optional<uint16_t> q;       // in thousandths, 0 to 1000
  View instance;                   // of +sip.instance without quotes and angle brackets; "" when absent
  std::optional<uint32_t> reg_id;

  static std::optional<ContactValue> parse(View value);
};

// 1*DIGIT up to 2^32-1 (RFC 3261 §25.1); nothing for anything else.
std::optional<uint32_t> delta_seconds(View text);
// A preference "0.5" in thousandths.
std::optional<uint16_t> qvalue(View text);

}  // namespace carillon::sip
