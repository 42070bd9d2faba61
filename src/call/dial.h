#pragma once
// From a new call to ringing phones: checks, the called line, its phones, an INVITE to each.

#include "call/feature.h"

namespace carillon::call {

// `t.call` is new, its caller's leg and record are filled in.
void begin_call(Turn& t, const NewCall& n);
// A leg to this target, and its INVITE. Nothing when the tables are full.
void dial(Turn& t, const Target& target);
// The registered contact and its Path as the dialog's target and route set (RFC 3327 §5.3).
void aim(sip::Dialog& dialog, const registrar::Binding& binding);
// The INVITE of a leg, the first or one more after 422.
void send_invite(Turn& t, Leg& leg);
// RFC 5626 §5.3: the next flow of the same instance after one that failed. False when there is none.
bool dial_next_flow(Turn& t, const Leg& failed);
// Does this binding have a newer flow of the same instance beside it? Then it is not called first.
bool is_older_flow(std::span<const registrar::Binding* const> all, const registrar::Binding& b);

}  // namespace carillon::call
