#pragma once
// Two legs of one shard come to hear each other, whatever call each was in before: transfers, INVITE with Replaces,
// retrieval from a park, pickup. One side gives an offer, which is shown to the other; the answer goes back (RFC 3725).
//
// What a leg may be when it is joined:
//   - established, as giver: asked for an offer by re-INVITE, answered in the ACK; as taker: re-INVITEd with the offer;
//   - outbound, its 2xx to our INVITE without offer just came (owes_ack): giver, answered in the ACK;
//   - inbound, its INVITE unanswered: giver when it has offered, answered in the 200; else taker, its 200 has the
//   offer.
//
// A join owns its two legs from the moment that both are quiet until it is over: then they are in its call, with their
// sides; before, they are where they were. When it fails, legs that came from another call go back to it, if somebody
// is there, else they are hung up; legs of the call itself stay in it, and whoever asked for the join decides.

#include <string>

#include "call/feature.h"
#include "call/join_machine.h"

namespace carillon::call {

struct JoinPlan {
  LegRef giver, taker;
  bool giver_calls = false;
  std::string offer;  // what the giver has offered already; "": it is asked
  JoinOver over = nullptr;
};

// Begins; `t.call` is the call that both shall be in. It has stage `answered`, or `ringing` while an inbound leg of it
// is unanswered. False when the tables are full: nothing has happened then.
bool start_join(Turn& t, JoinPlan plan);
// The result of the join's re-INVITE on `leg`.
void join_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e);
// The ACK to a 200 of ours that brought the giver's offer. False when it was not that.
bool join_ack(Turn& t, Leg& leg, const sip::Message& ack);
// The call ends, because `who` hung up or (null) for another reason, while a join is under way in it: the join is over.
// Legs that came from another call go back to it when somebody hung up.
void join_left(Turn& t, const Leg* who);
// The party of an established call hangs up while it is being given to somebody who takes its other party's place (RFC
// 3891): it goes home, whoever would come in is refused, and its own call, which this gives, is the one that ends.
// Null: nothing of the kind.
Call* join_left_home(Turn& t, const Leg& who);
void join_timer(Core& core, Context& context, Join& j);
// Is anything open on this leg, so that no request for it could be begun?
bool is_quiet(const Leg& leg);

}  // namespace carillon::call
