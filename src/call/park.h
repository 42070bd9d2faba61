#pragma once
// Call park: a party is left waiting at a number, and taken up again by whoever dials it; after a while the call goes
// back to whoever parked it. The party waits in a call of its own, alone, in a session in which nothing flows.
//
// Who transfers somebody to a park number, or to the park code, is told where they are: in the number that a
// consultation shows, or by an update of the display before the transfer's last NOTIFY.

#include <string>
#include <string_view>

#include "call/feature.h"
#include "call/park_place.h"

namespace carillon::call {

// `t.call` is new: its caller dials, or (a transfer's stand-in) is sent to, what the wish is about. It parks, is given
// a number, takes up whoever waits, or is refused.
void grant_park(Turn& t, const ParkWish& wish);
// The caller of `t.call` has dialled a park code, with `argument` behind it; or a transfer has led there.
Verdict park_code(Turn& t, const config::FeatureCodeView& code, std::string_view argument);

// The call of a consultation that has been given a number: null when it is none.
Parked* reserved_by(Core& core, const Call& consulted);
// The transfer `t.call.transfer` brings its transferee to that number, which is `t.call`'s from now on.
void park_transferee(Turn& t, Parked& p);

// A phone that the call has reverted to answers; `offer` is what it offered.
void reversion_answered(Turn& t, Leg& target, std::string offer);
// `t.call` is about to end, `who` (or null) hung up.
void park_left(Turn& t, const Leg* who);
void park_timer(Core& core, Context& context, Parked& p, Instant at);

}  // namespace carillon::call
