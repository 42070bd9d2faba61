#pragma once
// Event and Subscription-State (RFC 6665 §8.2).

#include <cstdint>
#include <optional>

#include "sip/message/uri.h"

namespace carillon::sip {

struct EventPackage {
  View type;    // "presence.winfo"
  View id;      // "" when absent
  View params;  // without the leading ';'
  static std::optional<EventPackage> parse(View value);
};

struct SubscriptionState {
  View state;  // "active", "pending", "terminated" …
  View reason;
  std::optional<uint32_t> expires, retry_after;  // seconds
  static std::optional<SubscriptionState> parse(View value);
};

}  // namespace carillon::sip
