#pragma once
// Session timers (RFC 4028) as arithmetic: what a request or response asks for, who refreshes, and when. No clocks.

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "sip/message/message.h"
#include "sip/message/session_expires.h"

namespace carillon::sip {

// Who sends the refreshes of a dialog, seen from us.
enum class Refreshes : uint8_t { off, ours, theirs };

// What we want of sessions. RFC 4028 §4: an interval below 90 s must not be asked for.
struct SessionPolicy {
  uint32_t interval = 1800;  // seconds; 0: we do not ask for session timers
  uint32_t minimum = 90;     // our Min-SE, at least 90
};

// What was agreed for a dialog.
struct SessionTimer {
  Refreshes refresher = Refreshes::off;
  uint32_t interval = 0;  // seconds
  uint32_t minimum = 90;  // the largest Min-SE met: our refreshes carry it (§7.1)

  // When to refresh (half the interval), or when to give the session up: the interval less min(32 s, a third) (§10).
  // kNever without a timer. `since` is when the last 2xx was sent or received.
  Instant deadline(Instant since) const;
};

// As server, an INVITE or UPDATE (§9): the interval is too small when the result is a number: answer 422 with that
// Min-SE.
std::optional<uint32_t> too_small(const SessionPolicy& policy, const Message& request);
// As server: what the 2xx will say. We refresh, unless the other side has asked to do it.
SessionTimer agree_as_server(const SessionPolicy& policy, const Message& request);
// As client, from the 2xx to a request of ours (§7.2). A response without Session-Expires turns the timer off, unless
// we asked for one: then we refresh alone.
SessionTimer agree_as_client(const SessionPolicy& policy, const Message& response);
// As client, after a 422 (§7.3): the interval and minimum of the next try; nothing when the response names none or
// would have us go round for ever.
std::optional<SessionPolicy> after_422(const SessionPolicy& tried, const Message& response);

// Session-Expires and Min-SE for a request of ours; `timer` is off before the first agreement. Nothing when not wanted.
void append_session_request(std::string& to, const SessionPolicy& policy, const SessionTimer& timer);
// Session-Expires, and Require: timer when the other side refreshes, for a 2xx of ours (§9). Nothing when off.
void append_session_answer(std::string& to, const SessionTimer& timer);

}  // namespace carillon::sip
