#pragma once
// A caller who waits is sent to a number: it is looked up, its phones ring; and when they are busy, silent or absent,
// or before they ring at all, a feature may send the caller on to another number. Everything that moves an unanswered
// call goes through here.
//
// The life of an attempt: route_call → on_number (numbers that are no lines) → the line → on_targets → ring_targets →
// answered, or exhausted → on_exhausted (forwards, hunting, voicemail) → route_call again, or the best failure to the
// caller.

#include <span>
#include <string_view>

#include "call/feature.h"

namespace carillon::call {

// That of calls from this line on this phone: the line's own partitions come before the phone's. Either may be null.
Reach reach_of(const config::LineView* line, const config::PhoneView* phone);
// That of what a line sends on by itself: its own search space and that of its first phone, or `own` alone when given.
Reach reach_of_forward(const Turn& t, const config::LineView& line, config::EntityId own);

// One number that a call is sent to.
struct Hop {
  std::string_view number;  // must outlive the call of route_call only
  Reach reach;
  Why why = Why::dialled;
  int status = 0;                          // the answer that led to it, for History-Info
  bool may_return = false;                 // even to a line that has passed the call on already (park reversion)
  const config::LineView* line = nullptr;  // not null: this one, whatever else has the number
};

enum class Routed : uint8_t {
  yes,       // on its way, or over by now: the caller is cared for
  unknown,   // no such number within reach
  loop,      // that line has passed this call on already
  too_far,   // forward-maximum-hops
  too_late,  // somebody has answered, or the call is over
};

// Sends the caller to `hop.number`; the party called until now is recorded as having redirected it, unless this is the
// number that was dialled. Phones that ring for the call are let go when others are called in their place. When the
// result is not `yes` nothing has changed.
// REQUIRES: features call it from on_number, on_targets, on_exhausted, or on_leg, and take the event when it says yes.
Routed route_call(Turn& t, const Hop& hop);

// The line that the number is, or null.
const config::LineView* find_line(const Turn& t, std::string_view number, const Reach& reach);
// Who would ring for `targets.line`, after the features have been asked. Taken: the call went another way.
Verdict find_targets(Turn& t, Targets& targets);
// Calls all of `list` at once in place of whoever rings now. After `ring_for` (zero: only t301 ends it) features are
// asked once more (on_exhausted with Lack::no_answer) while the phones go on ringing. Hunting calls it for one set of
// targets after the other.
void ring_targets(Turn& t, std::span<const Target> list, Duration ring_for);
// Nobody is left who could answer: features are asked, then the caller is refused. `lines`: headers for the refusal.
void exhausted(Turn& t, const Failure& f, std::string_view lines = {});
// CANCEL to all who ring; the call has nobody then. A 2xx that crosses gets ACK and BYE.
void release_ringing(Turn& t);
// The time of ring_targets is over.
void ring_time_over(Turn& t);

// Does the call come from outside, for forwards that differ? Everybody who is no phone of ours is outside; for whom a
// phone may speak besides itself: speaks_for_outsider().
bool comes_from_outside(const Core& core, const registrar::Identity& caller);

}  // namespace carillon::call
