#pragma once
// A leg that has just come in takes the place of another one: INVITE with Replaces (RFC 3891), pickup, retrieval.

#include "call/core.h"

namespace carillon::call {

// `t.call` is new: its caller, unanswered, takes the place of `old` in that one's answered call, and talks to its peer;
// `old` is hung up. REQUIRES: old and its peer are established; no join or transfer is under way there.
void take_established(Turn& t, Leg& old);
// `t.call` is new: its caller answers the ringing call `ringing`, whose phones are let go. Whoever calls there hears
// this caller. `t.call` is over then, without a record: the record is that of the ringing call.
// REQUIRES: nobody has answered `ringing`, and no join is under way there.
void take_ringing(Turn& t, Call& ringing);
// Is it such a call?
bool may_be_taken(const Core& core, const Call& call);

}  // namespace carillon::call
