#include "call/takeover.h"

#include <utility>

#include "call/answer.h"
#include "call/cause.h"
#include "call/cdr.h"
#include "call/connect.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/join.h"
#include "call/move.h"
#include "call/park.h"
#include "call/talk.h"
#include "call/transfer.h"

namespace carillon::call {

namespace {

// The new caller and the old leg's peer hear each other, or not.
void established_taken(Turn& t, const JoinEnd& end) {
  if (!end.joined) {
    if (!end.ending) end_call(t, {.status = end.status, .cause = cause_of_status(end.status)});
    return;
  }
  t.call.offer = {};
  t.call.crossing = {};
  name_called(t, *t.callee());
  note_answer(t, *t.callee());
  const Leg* old = t.leg(t.call.replaced);
  t.call.replaced = {};
  Call* left = old == nullptr ? nullptr : t.core.calls.find(old->call);
  if (left == nullptr) return;
  Turn other{t.core, t.context, *left};
  end_call(other, {.status = 200, .cause = cause::kNormal});
  t.core.unsettled.push_back(left->self);
}

void ringing_taken(Turn& t, const JoinEnd& end) {
  if (end.joined) {
    t.call.offer = {};
    t.call.crossing = {};
    return note_answer(t, *t.callee());
  }
  if (!end.ending) end_call(t, {.status = end.status, .cause = cause_of_status(end.status)});
}

// Caller and taker have both offered: each gets the answer that the other's offer makes.
void marry_both(Turn& t, Leg& taker, const std::string& offer) {
  std::string to_caller, to_taker;
  if (marry(t, taker, offer, to_caller, to_taker) != Shown::ok)
    return end_call(t, {.status = 488, .cause = cause::kIncompatible});
  note_media(t, taker, offer);
  answer_inbound(t, taker, to_taker);
  taker.offer = OfferAnswer::stable;
  answer_caller(t, to_caller);
}

void connect_taker(Turn& t, Leg& taker, std::string offer) {
  Call& call = t.call;
  Leg& caller = *t.caller();
  if (caller.has_reliable_answer) {
    answer_caller(t, {});  // what it was answered stands until the join's re-INVITE
  } else if (!call.offer.empty() && !offer.empty()) {
    return marry_both(t, taker, offer);
  } else if (call.offer.empty() && offer.empty()) {
    return end_call(t, {.status = 488, .cause = cause::kIncompatible});
  }
  const bool caller_offers = offer.empty();
  JoinPlan plan{.giver = caller_offers ? caller.self : taker.self,
                .taker = caller_offers ? taker.self : caller.self,
                .giver_calls = caller_offers,
                .offer = caller_offers ? call.offer : std::move(offer),
                .over = ringing_taken};
  if (!start_join(t, std::move(plan))) ringing_taken(t, {.status = 503});
}

}  // namespace

void take_established(Turn& t, Leg& old) {
  Turn other{t.core, t.context, *t.core.calls.find(old.call)};
  Leg& peer = *other.peer(old);
  Leg& caller = *t.caller();
  Call& call = t.call;
  call.replaced = old.self;
  call.called = party_of(other, peer);
  call.called_line = peer.line;
  call.cdr.called_number = call.called.number;
  call.cdr.global = other.call.cdr.global;
  call.stage = Stage::ringing;
  const bool offers = !call.offer.empty();
  JoinPlan plan{.giver = offers ? caller.self : peer.self,
                .taker = offers ? peer.self : caller.self,
                .giver_calls = offers,
                .offer = call.offer,
                .over = established_taken};
  if (!start_join(t, std::move(plan))) established_taken(t, {.status = 503});
}

void take_ringing(Turn& t, Call& ringing) {
  Leg& taker = *t.caller();
  std::string offer = std::move(t.call.offer);
  Party who = t.call.calling;
  who.hides = hides_of(t.context.snapshot->line(taker.line), Side::connected, taker.asks);
  move_leg(t.core, t.context, taker, ringing);
  discard_call(t.core, t.call);
  Turn next{t.core, t.context, ringing};
  ringing.callee = taker.self;
  ringing.called = who;
  ringing.ring_due = kNever;
  ringing.hunt.reset();
  t.core.schedule.clear(t.core.legs, *next.caller());
  release_others(next, taker);
  name_called(next, taker);
  ringing.cdr.called_number = who.number;
  note_called_leg(next, taker);
  if (Transfer* tr = t.core.transfers.find(ringing.transfer)) return target_taken(next, *tr, taker, std::move(offer));
  if (ringing.park.valid()) return note_answer(next, taker), reversion_answered(next, taker, std::move(offer));
  connect_taker(next, taker, std::move(offer));
}

bool may_be_taken(const Core& core, const Call& call) {
  const Leg* caller = core.legs.find(call.caller);
  if (call.stage != Stage::ringing || call.callee.valid() || call.join.valid() || caller == nullptr) return false;
  // Whoever lets a stand-in call has to know what to do with a leg that comes in.
  return !caller->over() && (!is_stand_in(*caller) || call.transfer.valid() || call.park.valid());
}

}  // namespace carillon::call
