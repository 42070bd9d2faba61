#pragma once
// One value of Reason (RFC 3326 §2).

#include <cstdint>
#include <optional>

#include "base/text.h"

namespace carillon::sip {

struct Reason {
  View protocol;                  // "SIP", "Q.850"
  std::optional<uint32_t> cause;
  View text;                      // without quotes, escapes kept
  static std::optional<Reason> parse(View value);
};

}  // namespace carillon::sip
