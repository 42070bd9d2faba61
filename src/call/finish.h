#pragma once
// The funnel: the only place where a call ends (docs/ARCHITECTURE.md, section 6.4). Whoever got a 100 gets one final
// answer; a call leaves one CDR, durable before a BYE is answered; after it nothing of the call remains.

#include <string_view>

#include "call/core.h"

namespace carillon::call {

struct Ending {
  int status = 0;  // final answer to the caller, when it has none yet
  int cause = 16;  // Q.850
  state::Cdr::EndedBy by = state::Cdr::EndedBy::system;
  View headers;  // more lines for the final answer
};

// For the record of a call that nobody has answered yet: `leg` has been called. One that rang counts more than one that
// did not, and a later one more than an earlier.
void note_called(Turn& t, const Leg& leg);
// Ends a call that the caller has no final answer for: gives it, lets all phones go, writes the CDR.
void refuse_call(Turn& t, const Ending& e);
// The same, with a Warning that says why (RFC 3261 §20.43), or without words none.
void deny_call(Turn& t, int status, int cause, std::string_view words);
// The same, as the phones have failed that were called.
void refuse_failed(Turn& t, const Failure& f, View headers = {});
// Ends a call in whatever state: BYE to those who talk, CANCEL to those who ring, final answer to a caller who waits.
void end_call(Turn& t, const Ending& e);
// The same for another call than the turn's, if it is not over; it is settled at the end of the turn.
void end_other_call(Core& core, Context& context, CallRef ref, const Ending& e);
// Writes the record of a call whose parties have been parted, ahead of its end.
void close_record(Turn& t, const Ending& e);
// A party says BYE: its 200 leaves when the CDR is durable.
void end_call_by_bye(Turn& t, Leg& leg, const sip::Event& bye);
// The CDR of the call is durable.
void call_durable(Turn& t);
// Durability did not come in time.
void give_up_durable(Turn& t);
// The call goes on elsewhere: takes it out of the tables without a word to anybody.
void forget_call(Turn& t);
// End of a turn: takes out legs that are over, and the call when nothing is left.
void settle(Core& core, Context& context, CallRef ref);
// One leg is not wanted any more; CANCEL or BYE as its progress asks.
void release_leg(Turn& t, Leg& leg, int cause, View cancel_reason);

}  // namespace carillon::call
