#pragma once
// Session timers of one leg: its profile, its values and its deadline, over the arithmetic of sip/usage/session_timer.h
// (RFC 4028). The two legs of a call keep theirs independently.

#include <optional>
#include <string>

#include "call/core.h"
#include "sip/usage/session_timer.h"

namespace carillon::call {

// What the party can do, from Allow and Supported of a request or response of theirs.
void learn_abilities(Leg& leg, const sip::Message& m);

// A request of theirs that may carry session timers. Nothing, or the Min-SE that a 422 has to name.
std::optional<Duration> too_brief(const Turn& t, const Leg& leg, const sip::Message& request);
// Takes over what a request of theirs asks for; the 2xx then says it by append_session_timer_answer().
void agree_as_server(const Turn& t, Leg& leg, const sip::Message& request);
// Takes over what their 2xx to a request of ours says.
void agree_as_client(const Turn& t, Leg& leg, const sip::Message& response);
// Takes over what a 422 to a request of ours demands; false when it demands nothing that we did not offer.
bool take_422(Leg& leg, const sip::Message& response);
// Session-Expires and Min-SE lines for a request of ours; Session-Expires (and Require) for a 2xx of ours.
void append_session_timer_request(std::string& out, const Leg& leg);
void append_session_timer_answer(std::string& out, const Leg& leg);
// Sets the deadline: half the interval to refresh, or the interval less min(32 s, a third) to wait (RFC 4028 §10).
void arm_session_timer(Turn& t, Leg& leg);

}  // namespace carillon::call
