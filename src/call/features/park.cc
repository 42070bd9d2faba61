// Call park: a transfer to a park number, or to the park code, leaves the transferee waiting there; whoever dials the
// number takes them up; after a while the call goes back to whoever parked it (RFC 5359 §2.12 for the service). A
// consultation that dials a directed park number, or the park code, is given the number; the transfer completes it.

#include "call/park.h"

#include "call/answer.h"
#include "call/move.h"
#include "call/relay.h"
#include "call/still.h"
#include "call/talk.h"
#include "call/transfer.h"

namespace carillon::call {

namespace {

Verdict on_number(Turn& t, const Hop& hop, const dialplan::Decision& found) {
  if (hop.why != Why::dialled || t.call.park.valid()) return Verdict::pass;
  if (found.kind == dialplan::Decision::Kind::feature_code) return Verdict::pass;  // code_functions.cc asks park_code()
  const auto wish = read_park(t.core, t.context, found, hop.reach, hop.number, t.call.transfer.valid());
  if (!wish) return Verdict::pass;
  grant_park(t, *wish);
  return Verdict::taken;
}

// The number is given out by another shard.
Verdict follow(Turn& t, Leg& leg, const sip::Event& e) {
  if (t.context.removals == nullptr || t.context.handed_over) return Verdict::pass;
  const ReferTo to = read_refer_to(*e.message);
  if (to.status != 0 || !to.replaces.empty()) return Verdict::pass;
  const Reach reach = reach_of(t.context.snapshot->line(leg.line), t.phone(leg));
  const auto d = dialplan::route(*t.context.snapshot, reach.first, reach.second, to.number);
  const auto wish = read_park(t.core, t.context, d, reach, to.number, true);
  if (!wish || wish->kind == ParkWish::Kind::nowhere) return Verdict::pass;
  const uint16_t shard = shard_of_park(t.context, *wish);
  if (shard == t.core.options.shard) return Verdict::pass;
  refer_elsewhere(t, leg, e, shard);
  return Verdict::taken;
}

// Whoever waits alone is answered by us.
Verdict on_request(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  if (m.method() == sip::Method::refer) return follow(t, leg, e);
  const bool changes = m.method() == sip::Method::invite || (m.method() == sip::Method::update && !m.body().empty());
  const bool alone = t.call.park.valid() && t.call.stage == Stage::answered && t.peer(leg) == nullptr;
  if (!changes || !alone || t.call.join.valid() || !leg.established()) return Verdict::pass;
  answer_still(t, leg, e);
  return Verdict::taken;
}

// Phones that a parked call reverts to: nobody hears of their ringing; who answers is joined with the party.
Verdict on_leg(Turn& t, Leg& leg, const LegEvent& e) {
  const Leg* caller = t.caller();
  const bool reverts = t.call.park.valid() && caller != nullptr && is_stand_in(*caller) && !t.call.transfer.valid();
  if (!reverts || leg.established()) return Verdict::pass;
  if (e.kind == LegEvent::Kind::ringing) {
    if (e.status == 180 && t.call.cdr.ringing.us == 0) t.call.cdr.ringing = t.now();
    return Verdict::taken;
  }
  if (e.kind != LegEvent::Kind::answered) return Verdict::pass;
  std::string offer = answer_stand_in(t, leg, *e.message);
  reversion_answered(t, leg, std::move(offer));
  return Verdict::taken;
}

Verdict on_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e) {
  if (x.kind != Exchange::Kind::still) return Verdict::pass;
  still_result(t, leg, x, e);
  return Verdict::taken;
}

}  // namespace

extern const Feature park_numbers;
const Feature park_numbers{
    .name = "park", .on_number = on_number, .on_leg = on_leg, .on_request = on_request, .on_result = on_result};

}  // namespace carillon::call
