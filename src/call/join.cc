#include "call/join.h"

#include <algorithm>
#include <utility>

#include "call/answer.h"
#include "call/cause.h"
#include "call/connect.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/modify.h"
#include "call/move.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/session_timer.h"
#include "call/talk.h"

namespace carillon::call {

namespace {

using join::Action;
using join::State;
using join::Trigger;

constexpr Duration kStep = milliseconds(100);  // between two looks at legs that are busy
constexpr Duration kPatience = seconds(30);    // less than 64*T1: so long a phone repeats the 2xx that has our offer

// What an event brings along.
struct Input {
  View sdp;
  int status = 0;
  const Leg* who = nullptr;  // who left, or who said it
  bool ending = false;       // the call ends anyway
};

bool is_unanswered(const Leg& leg) { return leg.inbound && !leg.established() && !leg.over(); }

void arm(Turn& t, Join& j, Duration wait) {
  j.due = t.now() + wait;
  t.core.alarms.arm(j.due, {j.self.bits(), Alarm::join});
}

bool is_ready(const Leg& leg, bool has_offered) {
  if (is_unanswered(leg)) return true;
  if (has_offered && leg.owes_ack) return !leg.offering.valid() && !leg.serving.valid();
  return leg.progress == Progress::confirmed && is_quiet(leg);
}

void take(Turn& t, Join& j, Mover& m, Leg& leg) {
  m.lines = leg.lines;
  if (leg.call == j.call) return;
  const Call* home = t.core.calls.find(leg.call);
  m.home = leg.call;
  m.called = home != nullptr && home->callee == leg.self;
  m.moved = true;
  move_leg(t.core, t.context, leg, t.call);
}

// Both legs come into the call, and have their sides there.
void bring_in(Turn& t, Join& j, Leg& giver, Leg& taker) {
  take(t, j, j.giver, giver);
  take(t, j, j.taker, taker);
  if (Leg* caller = t.caller(); caller != nullptr && is_stand_in(*caller)) caller->progress = Progress::ended;
  t.call.caller = j.giver_calls ? giver.self : taker.self;
  t.call.callee = j.giver_calls ? taker.self : giver.self;
}

void send_home(Turn& t, Mover& m, const Leg* gone) {
  Leg* leg = t.leg(m.leg);
  if (!m.moved || leg == nullptr || leg == gone || leg->over() || leg->call != t.call.self) return;
  Call* home = t.core.calls.find(m.home);
  const bool waits = home != nullptr && home->park.valid();  // alone: nobody else is there
  const bool somebody = home != nullptr && home->stage == Stage::answered && (waits || home->first.valid());
  if (!somebody) return release_leg(t, *leg, cause::kNormalUnspecified, {});
  leg->lines = m.lines;
  move_leg(t.core, t.context, *leg, *home);
  (m.called ? home->callee : home->caller) = leg->self;
}

// The lines of the taker's dialog that the new offer has nothing for stay in it, refused: m= lines are never taken out
// (RFC 3264 §8).
void keep_lines(Turn& t, Leg& taker, size_t offered) {
  taker.lines = {};
  if (taker.sent_sdp.empty() || t.core.session.parse(taker.sent_sdp) != sdp::Session::Fault::none) return;
  for (size_t i = offered; i < t.core.session->size(); i++) taker.lines.add(i, t.core.session->media(i));
}

Shown show_offer_to(Turn& t, Join& j, Leg& giver, Leg& taker, std::string& body) {
  if (t.core.session.parse(j.offer) != sdp::Session::Fault::none) return Shown::unreadable;
  const size_t lines = t.core.session->size();
  giver.lines = {};
  keep_lines(t, taker, lines);
  const Shown shown = show(t, giver, taker, j.offer, body);
  if (shown == Shown::ok && t.core.session.parse(j.offer) == sdp::Session::Fault::none)
    giver.hold = sdp::hold_of(*t.core.session);
  return shown;
}

bool send_reinvite(Turn& t, Join& j, Leg& leg, View sdp) {
  Exchange* x = add_exchange(t, leg, nullptr, Exchange::Kind::join);
  if (x == nullptr) return false;
  x->invite = true;
  x->offered = !sdp.empty();
  leg.offering = j.exchange = x->self;
  leg.offer = x->offered ? OfferAnswer::offer_sent : OfferAnswer::stable;
  t.core.text.clear();
  append_modification_lines(t.core.text, leg);
  append_other_party(t.core.text, t, leg, "calling");
  return send_request(t, leg, *x, "INVITE", t.core.text, sdp.empty() ? View() : kSdp, sdp);
}

void step(Turn& t, Join& j, Trigger trigger, const Input& in);

void finish(Turn& t, Join& j, const JoinEnd& end) {
  const JoinOver over = j.over;
  t.call.join = {};
  t.core.joins.erase(JoinRef(j.self));
  if (over != nullptr) over(t, end);
}

// The giver's offer gets the answer that refuses all of it: an ACK without one would leave the dialog without a
// session.
void refuse_offer(Turn& t, Leg& giver, View offer) {
  std::string body;
  show_refusal(t, giver, offer, body);
  send_ack(t, giver, giver.owed_ack_cseq, body);
  if (giver.progress == Progress::answered) giver.progress = Progress::confirmed;
}

void give_up(Turn& t, Join& j, const Input& in) {
  Leg* giver = t.leg(j.giver.leg);
  if (giver != nullptr && giver->owes_ack && !giver->over() && !j.offer.empty()) refuse_offer(t, *giver, j.offer);
  if (Exchange* x = t.core.exchanges.find(j.exchange)) t.context.stack.cancel(t.now(), x->client, {}, t.context.out);
  for (Mover* m : {&j.giver, &j.taker}) {
    if (Leg* leg = t.leg(m->leg); leg != nullptr && leg->call == t.call.self) leg->offer = OfferAnswer::stable;
    if (!in.ending || in.who != nullptr) send_home(t, *m, in.who);
  }
  finish(t, j, {.joined = false, .status = in.status, .who = in.who, .ending = in.ending});
}

void ask(Turn& t, Join& j) {
  Leg& giver = *t.leg(j.giver.leg);
  if (!send_reinvite(t, j, giver, {})) step(t, j, Trigger::too_long, {.status = 503});
}

void show_offer(Turn& t, Join& j) {
  Leg& giver = *t.leg(j.giver.leg);
  Leg& taker = *t.leg(j.taker.leg);
  std::string body;
  const Shown shown = show_offer_to(t, j, giver, taker, body);
  if (shown != Shown::ok) return step(t, j, Trigger::refused, {.status = 488});
  note_media(t, giver, j.offer);
  if (is_unanswered(taker)) {
    j.exchange = {};
    taker.offer = OfferAnswer::offer_sent;
    return answer_inbound(t, taker, body);
  }
  if (!send_reinvite(t, j, taker, body)) step(t, j, Trigger::too_long, {.status = 503});
}

void answer_giver(Turn& t, Join& j, const Input& in) {
  Leg& giver = *t.leg(j.giver.leg);
  Leg& taker = *t.leg(j.taker.leg);
  std::string body;
  if (show(t, taker, giver, in.sdp, body) != Shown::ok) return give_up(t, j, {.status = 488});
  if (t.core.session.parse(in.sdp) == sdp::Session::Fault::none) taker.hold = sdp::hold_of(*t.core.session);
  note_media(t, taker, in.sdp);
  giver.offer = taker.offer = OfferAnswer::stable;
  if (is_unanswered(giver)) {
    answer_inbound(t, giver, body);
  } else {
    send_ack(t, giver, giver.owed_ack_cseq, body);
    if (giver.progress == Progress::answered) giver.progress = Progress::confirmed;
  }
  t.call.stage = Stage::answered;
  touch(t.call);
  finish(t, j, {.joined = true, .status = 200});
}

// The leg that would not offer is shown the other's offer instead.
void ask_other(Turn& t, Join& j, const Input& in) {
  const Leg* taker = t.leg(j.taker.leg);
  if (j.swapped || taker == nullptr || !taker->established()) return give_up(t, j, in);
  std::swap(j.giver, j.taker);
  j.giver_calls = !j.giver_calls;
  j.swapped = true;
  arm(t, j, {});
}

void step(Turn& t, Join& j, Trigger trigger, const Input& in) {
  const join::Row* row = find_row(join::kJoin, j.state, trigger);
  if (row == nullptr) return;
  const Action action = row->action;
  j.state = row->next;
  switch (action) {
    case Action::nothing:
      break;
    case Action::ask:
      return ask(t, j);
    case Action::show_offer:
      return show_offer(t, j);
    case Action::wait:
      return arm(t, j, trigger == Trigger::pending ? glare_wait(t.core, *in.who) : kStep);
    case Action::ask_other:
      return ask_other(t, j, in);
    case Action::answer_giver:
      return answer_giver(t, j, in);
    case Action::give_up:
      return give_up(t, j, in);
  }
}

void look(Turn& t, Join& j) {
  Leg* giver = t.leg(j.giver.leg);
  Leg* taker = t.leg(j.taker.leg);
  for (const Leg* leg : {giver, taker}) {
    if (leg == nullptr || leg->over()) return step(t, j, Trigger::left, {.status = 480, .who = leg});
  }
  const bool has_offered = !j.offer.empty();
  if (!is_ready(*giver, has_offered) || !is_ready(*taker, false)) return step(t, j, Trigger::timer, {});
  bring_in(t, j, *giver, *taker);
  step(t, j, has_offered ? Trigger::quiet_offered : Trigger::quiet, {});
}

// A 2xx that nobody waits for any more.
void dismiss_success(Turn& t, Leg& leg, const sip::Message& m, bool offered) {
  leg.owed_ack_cseq = m.cseq().number;
  if (offered || body_kind(m) != BodyKind::sdp) return send_ack(t, leg, m.cseq().number, {});
  refuse_offer(t, leg, sdp_of(m));
}

void take_success(Turn& t, Join& j, Leg& leg, const sip::Message& m, bool offered) {
  const View sdp = sdp_of(m);
  if (offered) {
    send_ack(t, leg, m.cseq().number, {});
    return step(t, j, sdp.empty() ? Trigger::refused : Trigger::answered, {.sdp = sdp, .status = 500});
  }
  if (sdp.empty()) {
    send_ack(t, leg, m.cseq().number, {});
    return step(t, j, Trigger::refused, {.status = 500});
  }
  leg.owes_ack = true;
  leg.owed_ack_cseq = m.cseq().number;
  leg.offer = OfferAnswer::offer_received;
  j.offer = sdp;
  step(t, j, Trigger::offered, {});
}

// The call that this leg was taken from to be given to somebody who takes its other party's place, and that it can go
// back to.
CallRef home_of(Turn& t, const Leg& leg) {
  const Join* j = t.call.replaced.valid() ? t.core.joins.find(t.call.join) : nullptr;
  if (j == nullptr || leg.over()) return {};
  const Mover& m = j->giver.leg == leg.self ? j->giver : j->taker;
  const Call* home = m.leg == leg.self && m.moved ? t.core.calls.find(m.home) : nullptr;
  return home != nullptr && home->stage == Stage::answered && home->first.valid() ? m.home : CallRef{};
}

}  // namespace

bool is_quiet(const Leg& leg) {
  return !leg.offering.valid() && !leg.serving.valid() && !leg.owes_ack && leg.awaited_ack == 0;
}

bool start_join(Turn& t, JoinPlan plan) {
  if (t.core.joins.full() || t.call.join.valid()) return false;
  const JoinRef ref = t.core.joins.emplace();
  Join& j = *t.core.joins.find(ref);
  j.self = t.call.join = ref;
  j.call = t.call.self;
  j.giver.leg = plan.giver;
  j.taker.leg = plan.taker;
  j.giver_calls = plan.giver_calls;
  j.offer = std::move(plan.offer);
  j.over = plan.over;
  j.limit = t.now() + kPatience;
  t.core.alarms.arm(j.limit, {j.self.bits(), Alarm::join});
  look(t, j);
  return true;
}

Call* join_left_home(Turn& t, const Leg& who) {
  const CallRef home = home_of(t, who);
  if (!home.valid()) return nullptr;
  step(t, *t.core.joins.find(t.call.join), Trigger::left, {.status = 480});
  return t.core.calls.find(home);
}

void join_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e) {
  Join* j = t.core.joins.find(t.call.join);
  if (j != nullptr && j->exchange != x.self) j = nullptr;
  const bool offered = x.offered;
  drop_exchange(t.core, x);
  if (e.kind == LegEvent::Kind::answered) {
    const sip::Message& m = *e.message;
    sip::refresh_target(leg.dialog, m);
    learn_abilities(leg, m);
    agree_as_client(t, leg, m);
    arm_session_timer(t, leg);
    touch(t.call);
    return j != nullptr ? take_success(t, *j, leg, m, offered) : dismiss_success(t, leg, m, offered);
  }
  leg.offer = OfferAnswer::stable;
  if (j == nullptr) return;
  j->exchange = {};
  // RFC 3261 §12.2.1.2: the dialog is gone.
  if (e.status == 408 || e.status == 481) {
    const CallRef home = home_of(t, leg);
    step(t, *j, Trigger::left, {.status = 480, .who = home.valid() ? nullptr : &leg});
    if (home.valid()) end_other_call(t.core, t.context, home, {.status = 480, .cause = cause::kNormalUnspecified});
    return;
  }
  // RFC 3261 §14.2: an INVITE before this one is not over for the party, such as one whose ACK was lost.
  const bool busy = e.status == 500 && e.message != nullptr && e.message->find(sip::HeaderId::retry_after) != nullptr;
  if (e.status == 491 || busy) return step(t, *j, Trigger::pending, {.who = &leg});
  step(t, *j, Trigger::refused, {.status = status_for_caller(e.status)});
}

bool join_ack(Turn& t, Leg& leg, const sip::Message& ack) {
  Join* j = t.core.joins.find(t.call.join);
  if (j == nullptr || j->state != State::offering || j->taker.leg != leg.self || j->exchange.valid()) return false;
  const View sdp = body_kind(ack) == BodyKind::sdp ? ack.body() : View();
  step(t, *j, sdp.empty() ? Trigger::refused : Trigger::answered, {.sdp = sdp, .status = 488});
  return true;
}

void join_left(Turn& t, const Leg* who) {
  if (Join* j = t.core.joins.find(t.call.join)) step(t, *j, Trigger::left, {.status = 487, .who = who, .ending = true});
}

void join_timer(Core& core, Context& context, Join& j) {
  Call* call = core.calls.find(j.call);
  if (call == nullptr) return;
  Turn t{core, context, *call};
  const CallRef ref = call->self;
  if (t.now() >= j.limit) {
    step(t, j, Trigger::too_long, {.status = 504});
  } else if (j.state == State::waiting) {
    look(t, j);
  } else {
    step(t, j, Trigger::timer, {});
  }
  settle(core, context, ref);
}

}  // namespace carillon::call
