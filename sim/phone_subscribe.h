#pragma once
// What a simulated phone keeps of its subscriptions (RFC 6665, the subscriber's side) and publications (RFC 3903).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "wire.h"

namespace carillon::sim {

struct PhoneSubscription {
  std::string package, number;
  std::string call_id, local_tag, remote_tag, target, uri;
  std::vector<std::string> route;
  uint32_t cseq = 0, notify_cseq = 0;
  uint32_t wanted = 0;  // Expires of the last SUBSCRIBE
  bool refreshes = true;
  bool established = false;  // a 2xx or a NOTIFY has come, and nothing has ended it
  bool ended = false;        // terminated, refused, or given up
  int status = 0;            // of the last final answer
  std::string reason;        // of the end
  std::string challenge;
  int tries = 0;
  uint32_t notifies = 0;
  std::optional<Msg> last;  // NOTIFY
  uint64_t generation = 0;
};

struct PhonePublication {
  bool open = false;  // a PUBLISH is without answer
  std::string etag, body, challenge, call_id, local_tag;
  uint32_t cseq = 0, wanted = 0;
  int status = 0, tries = 0;
};

}  // namespace carillon::sim
