#pragma once
// re-INVITE and UPDATE of one party passed to the other as requests of our own (RFC 3261 §14, RFC 3311), and other
// requests that are passed through.

#include "call/feature.h"

namespace carillon::call {

void pass_modification(Turn& t, Leg& leg, const sip::Event& e);
// A final answer to what pass_modification() sent on `on`.
void pass_modification_result(Turn& t, Leg& on, Exchange& x, const LegEvent& e);
// INFO, MESSAGE.
void pass_through(Turn& t, Leg& leg, const sip::Event& e);
void pass_through_result(Turn& t, Leg& on, Exchange& x, const LegEvent& e);
// Their re-INVITE was cancelled.
void modification_cancelled(Turn& t, Leg& leg);

}  // namespace carillon::call
