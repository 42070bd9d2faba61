#pragma once
// One value of Remote-Party-ID (draft-ietf-sip-privacy-04 §5).

#include <optional>

#include "sip/message/name_addr.h"

namespace carillon::sip {

struct RemotePartyId {
  NameAddr address;
  View party;    // "calling" or "called"; "" when absent
  View id_type;  // "subscriber", "user", "term"
  View privacy;  // "full", "name", "uri", "off"
  View screen;   // "yes" or "no"
  static std::optional<RemotePartyId> parse(View value);
};

}  // namespace carillon::sip
