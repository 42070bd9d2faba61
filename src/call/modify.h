#pragma once
// re-INVITE and UPDATE of one party passed to the other as requests of our own (RFC 3261 §14, RFC 3311), and other
// requests that are passed through.

#include "call/feature.h"

namespace carillon::call {

void pass_modification(Turn& t, Leg& leg, const sip::Event& e);
// Contact, what we can do, and the session timer: of a re-INVITE or UPDATE on `on`.
void append_modification_lines(std::string& out, const Leg& on);
// A final answer to what pass_modification() sent on `on`.
void pass_modification_result(Turn& t, Leg& on, Exchange& x, const LegEvent& e);
// INFO, MESSAGE.
void pass_through(Turn& t, Leg& leg, const sip::Event& e);
void pass_through_result(Turn& t, Leg& on, Exchange& x, const LegEvent& e);
// The other party takes too long over a request that is no INVITE: whoever asked hears 504 in time (RFC 4320 §4.2:
// after 64*T1 nobody listens any more; RFC 3311 §5.2).
void pass_overdue(Turn& t, Exchange& x);
// Their re-INVITE was cancelled.
void modification_cancelled(Turn& t, Leg& leg);

}  // namespace carillon::call
