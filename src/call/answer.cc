#include "call/answer.h"

#include "base/text.h"
#include "call/cause.h"
#include "call/cdr.h"
#include "call/connect.h"
#include "call/dial.h"
#include "call/early.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/join.h"
#include "call/media.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/route.h"
#include "call/session_timer.h"
#include "call/talk.h"

namespace carillon::call {

namespace {

size_t live_callees(Turn& t) {
  size_t n = 0;
  t.each_leg([&](const Leg& l) { n += l.rings(); });
  return n;
}

// May and must this provisional go reliably (RFC 3262 §3)? Early media of one of several phones goes unreliably, since
// another phone's answer may yet replace it.
bool wants_reliable(Turn& t, const Leg& caller, bool with_sdp) {
  if (caller.reliable.waiting()) return false;
  // RFC 3262 §5: without the caller's offer the first one that is reliable has to bring ours.
  if (t.call.offer.empty() && !caller.has_reliable_answer) return with_sdp;
  if (caller.requires_100rel) return true;
  using Rel1xx = config::SipProfileView::Rel1xx;
  const Rel1xx mode = t.profile(caller).rel1xx;
  if (!caller.peer_100rel || mode == Rel1xx::disabled) return false;
  return mode == Rel1xx::all || with_sdp;
}

void say_ringing(Turn& t, Leg& caller, int status, View sdp) {
  const bool reliable = wants_reliable(t, caller, !sdp.empty());
  // RFC 3262 §3: a caller that requires it gets nothing unreliable; before an offer it cannot be given anything
  // reliable.
  if (!reliable && caller.requires_100rel) return;
  uint32_t rseq = 0;
  if (reliable) {
    rseq = caller.reliable.next(t.core.random.next32());
    caller.reliable_sdp = !sdp.empty();
  }
  t.core.text.clear();
  append_other_party(t.core.text, t, caller, "called");
  answer_invite(t, caller, caller.invite, status, t.core.text, sdp, rseq);
  caller.progress = Progress::early;
}

// The description of a callee's response turned for the caller, in core.body; "" when there is none that can be shown.
View shown_to_caller(Turn& t, Leg& leg, View sdp) {
  t.core.body.clear();
  if (sdp.empty() || show(t, leg, *t.caller(), sdp, t.core.body) != Shown::ok) return {};
  return t.core.body;
}

// The phone answered, but not in a way that can be passed on.
void fail_answer(Turn& t, Leg& leg, const sip::Message& m, int status) {
  send_ack(t, leg, m.cseq().number, {});
  leg.progress = Progress::confirmed;
  refuse_call(t, {.status = status, .cause = cause_of_status(status)});
}

bool connect_early_offer(Turn& t, Leg& leg, const sip::Message& m) {
  // What came reliably is the answer, whatever the 2xx repeats (RFC 6337 §3.1.1).
  View sdp = leg.early_sdp.empty() ? sdp_of(m) : View(leg.early_sdp);
  // A 2xx has to bring it again, but the first that came is the answer all the same (RFC 3261 §13.2.1).
  if (sdp.empty()) sdp = leg.said_early;
  std::string body;
  // What the caller was answered reliably stands, and an UPDATE may have changed it since (RFC 3261 §13.2.1).
  if (!t.caller()->has_reliable_answer) {
    body = shown_to_caller(t, leg, sdp);
    if (body.empty()) return fail_answer(t, leg, m, sdp.empty() ? 500 : 488), false;
    note_media_read(t, leg);  // it has just been read, to be shown
  } else if (t.call.cdr.called_media.empty()) {
    note_media(t, leg, leg.early_sdp);
  }
  leg.offer = OfferAnswer::stable;
  send_ack(t, leg, m.cseq().number, {});
  leg.progress = Progress::confirmed;
  answer_caller(t, body);
  return true;
}

// Offer and answer have been exchanged before: what the 2xx repeats is passed over.
bool connect_settled(Turn& t, Leg& leg, const sip::Message& m) {
  send_ack(t, leg, m.cseq().number, {});
  leg.progress = Progress::confirmed;
  const std::string body = t.call.early_answer;
  answer_caller(t, body);
  return true;
}

bool connect_delayed_offer(Turn& t, Leg& leg, const sip::Message& m) {
  const View sdp = leg.owes_prack ? View(leg.early_sdp) : sdp_of(m);
  const View shown = shown_to_caller(t, leg, sdp);
  leg.owes_prack = false;  // the phone has not waited: the ACK will bring the answer
  if (shown.empty()) return fail_answer(t, leg, m, sdp.empty() ? 500 : 488), false;
  const std::string body(shown);
  note_media(t, leg, sdp);
  leg.offer = OfferAnswer::offer_received;
  leg.owes_ack = true;
  leg.owed_ack_cseq = m.cseq().number;
  leg.progress = Progress::answered;
  answer_caller(t, body);
  return true;
}

// The caller has offered, and so has the phone, whose profile wanted an INVITE without description.
bool connect_two_offers(Turn& t, Leg& leg, const sip::Message& m) {
  const View sdp = sdp_of(m);
  if (sdp.empty()) return fail_answer(t, leg, m, 500), false;
  std::string to_caller, to_callee;
  // A caller that has another phone's answer for good cannot be given this one.
  if (t.caller()->has_reliable_answer || marry(t, leg, sdp, to_caller, to_callee) != Shown::ok)
    return fail_answer(t, leg, m, 488), false;
  note_media(t, leg, sdp);
  leg.offer = OfferAnswer::stable;
  send_ack(t, leg, m.cseq().number, to_callee);
  leg.progress = Progress::confirmed;
  answer_caller(t, to_caller);
  return true;
}

bool connect(Turn& t, Leg& leg, const sip::Message& m) {
  if (leg.early_settled) return connect_settled(t, leg, m);
  if (leg.delayed) return connect_two_offers(t, leg, m);
  return t.call.offer.empty() ? connect_delayed_offer(t, leg, m) : connect_early_offer(t, leg, m);
}

// 422 (RFC 4028 §7.4): once more with the interval that they want.
bool retry_with_longer_interval(Turn& t, Leg& leg, const sip::Message& m) {
  if (leg.retries++ != 0 || !take_422(leg, m)) return false;
  send_invite(t, leg);
  return leg.progress == Progress::calling;
}

// What a phone's failure is to the forwards of its line. A phone that says 480 is there, and nobody takes the call.
Lack lack_of(int status, const sip::Message* m, bool rang) {
  if (m == nullptr) return rang ? Lack::no_answer : Lack::absent;
  if (status == 486 || status == 600 || status == 603) return Lack::busy;
  return status == 480 || status == 408 ? Lack::no_answer : Lack::failed;
}

}  // namespace

void answer_caller(Turn& t, View sdp) {
  Leg& caller = *t.caller();
  if (caller.reliable.waiting() && caller.reliable_sdp) {
    t.call.answer_held = true;
    t.call.held_sdp = sdp;
    return;
  }
  if (caller.reliable.waiting()) {
    t.context.stack.pracked(caller.invite);
    caller.reliable.give_up();
  }
  t.core.text.clear();
  append_other_party(t.core.text, t, caller, "called");
  caller.awaited_ack = caller.invite_cseq;
  answer_invite(t, caller, caller.invite, 200, t.core.text, caller.has_reliable_answer ? View() : sdp, 0);
  caller.progress = Progress::answered;
  const bool settled = !t.call.offer.empty() || caller.has_reliable_answer;
  caller.offer = settled ? OfferAnswer::stable : OfferAnswer::offer_sent;
  arm_session_timer(t, caller);
  note_answer(t, *t.callee());
  if (!t.call.offer.empty() && t.call.cdr.calling_media.empty()) note_media(t, caller, t.call.offer);
  t.call.offer = {};
  t.call.crossing = {};
  touch(t.call);
}

void pass_ringing(Turn& t, Leg& leg, const sip::Message& m) {
  Call& call = t.call;
  Leg* caller = t.caller();
  if (caller == nullptr || call.stage != Stage::ringing || call.answer_held) return;
  const bool rings = m.status() == 180;
  View sdp;
  if (leg.owes_prack || leg.early_settled) {
    if (!call.early.valid()) sdp = leg.owes_prack ? shown_to_caller(t, leg, leg.early_sdp) : View(call.early_answer);
    if (leg.owes_prack && sdp.empty() && !call.early.valid())
      return refuse_call(t, {.status = 488, .cause = cause::kIncompatible});
  } else if (body_kind(m) == BodyKind::sdp && !call.offer.empty() && !leg.delayed &&
             (!call.early.valid() || call.early == leg.self)) {
    const bool alone = live_callees(t) == 1 && call.hunt == nullptr;
    const bool reliable = wants_reliable(t, *caller, true);
    if (leg.early_sdp.empty()) leg.said_early = sdp_of(m);
    if (!reliable || alone) sdp = shown_to_caller(t, leg, sdp_of(m));
  }
  if (!sdp.empty() && call.early.valid() && caller->origin.shown == call.early_shown) sdp = {};
  const bool known = rings ? call.ringing_shown : call.progress_shown || call.ringing_shown;
  if (known && sdp.empty()) return;
  if (!sdp.empty()) {
    if (leg.owes_prack) caller->offer = OfferAnswer::offer_sent;
    call.early = leg.self;
    call.early_shown = caller->origin.shown;
  }
  (rings ? call.ringing_shown : call.progress_shown) = true;
  if (call.hunt == nullptr) hear_identity(t, leg, m);  // until a member answers, the pilot is who is shown
  if (rings && call.cdr.ringing.us == 0) call.cdr.ringing = t.now();
  if (const config::PhoneView* phone = t.phone(leg); phone != nullptr && rings) call.cdr.called_device = phone->name;
  say_ringing(t, *caller, rings ? 180 : 183, sdp);
}

void name_called(Turn& t, const Leg& leg) {
  const config::LineView* line = t.context.snapshot->line(leg.line);
  if (line != nullptr && line->number != t.call.called.number) return;  // a hunt pilot is shown in its place
  const config::PhoneView* phone = t.phone(leg);
  if (phone == nullptr) return;
  const config::AppearanceView* appearance = phone->appearance(leg.line);
  if (appearance != nullptr && !appearance->display.empty()) t.call.called.name = appearance->display;
}

void note_answer(Turn& t, const Leg& leg) {
  Call& call = t.call;
  call.stage = Stage::answered;
  call.cdr.answer = t.now();
  note_called_leg(t, leg);
  call.hunt.reset();
  t.core.counters.answered++;
}

void release_others(Turn& t, const Leg& winner) {
  t.each_leg([&](Leg& other) {
    if (other.rings() && &other != &winner) release_leg(t, other, cause::kElsewhere, {});
  });
}

void answer_inbound(Turn& t, Leg& leg, View sdp) {
  if (leg.reliable.waiting()) {
    t.context.stack.pracked(leg.invite);
    leg.reliable.give_up();
  }
  t.core.text.clear();
  append_other_party(t.core.text, t, leg, "called");
  leg.awaited_ack = leg.invite_cseq;
  answer_invite(t, leg, leg.invite, 200, t.core.text, sdp, 0);
  leg.progress = Progress::answered;
  arm_session_timer(t, leg);
}

void pass_answer(Turn& t, Leg& leg, const sip::Message& m) {
  t.call.callee = leg.self;
  t.call.ring_due = kNever;
  Leg& caller = *t.caller();
  caller.lines = leg.peer_lines;
  t.core.schedule.clear(t.core.legs, caller);
  release_others(t, leg);
  name_called(t, leg);
  hear_identity(t, leg, m);
  agree_as_client(t, leg, m);
  if (connect(t, leg, m)) arm_session_timer(t, leg);
}

std::string answer_stand_in(Turn& t, Leg& target, const sip::Message& m) {
  t.call.callee = target.self;
  t.call.ring_due = kNever;
  if (Leg* caller = t.caller()) t.core.schedule.clear(t.core.legs, *caller);
  release_others(t, target);
  name_called(t, target);
  hear_identity(t, target, m);
  agree_as_client(t, target, m);
  const bool was_offered = target.offer == OfferAnswer::offer_sent;
  std::string offer(was_offered ? View() : sdp_of(m));
  note_answer(t, target);
  if (offer.empty()) {
    send_ack(t, target, m.cseq().number, {});
    target.progress = Progress::confirmed;
    target.offer = OfferAnswer::stable;
  } else {
    target.progress = Progress::answered;
    target.owes_ack = true;
    target.owed_ack_cseq = m.cseq().number;
    target.offer = OfferAnswer::offer_received;
  }
  arm_session_timer(t, target);
  return offer;
}

void pass_failure(Turn& t, Leg& leg, int status, const sip::Message* m) {
  Call& call = t.call;
  if (status == 422 && m != nullptr && retry_with_longer_interval(t, leg, *m)) return;
  if (m != nullptr && call.stage == Stage::ringing && retry_as_audio(t, leg, status)) return;
  if ((status == 488 || status == 606) && m != nullptr && !call.offer.empty()) {
    note_incompatible(t, *t.caller(), call.offer, leg, sdp_of(*m));
  }
  note_called(t, leg);
  const bool rang = leg.progress == Progress::early;
  leg.progress = Progress::ended;
  if (call.early == leg.self) call.early = {};
  if (call.stage != Stage::ringing) return;
  const bool unreached = status == 408 || status == 430 || status == 503;
  if (unreached && dial_next_flow(t, leg)) return;
  // A phone that cannot be reached is not there (480); one that is there but never said anything is 408.
  const int said = m == nullptr ? 0 : reason_cause(*m);
  const int shown = m == nullptr && status == 503 ? 480 : status_for_caller(status, said);
  const int cause = said != 0 ? said : m == nullptr && status == 503 ? cause::kOutOfOrder : cause_of_status(status);
  if (call.best.status == 0 || rank_of_failure(shown) < rank_of_failure(call.best.status)) {
    call.best = {shown, cause, lack_of(status, m, rang), true, m != nullptr ? status : 0};
  }
  const bool for_all = status >= 600 && !(call.hunt != nullptr && call.hunt->all_at_once);
  if (!for_all && live_callees(t) != 0) return;
  std::string lines;
  if (m != nullptr && call.best.status == shown) append_crossing(lines, *m, Crossing::failure);
  exhausted(t, call.best, lines);
}

void take_prack(Turn& t, Leg& caller, const sip::Event& e) {
  const sip::Message& m = *e.message;
  if (!caller.reliable.take(m, caller.invite_cseq)) return answer_request(t, e, 481, {}, {}, {});
  t.context.stack.pracked(caller.invite);
  if (caller.reliable_sdp) caller.has_reliable_answer = true, caller.offer = OfferAnswer::stable;
  take_prack_body(t, caller, e);
  if (!t.call.answer_held || t.call.stage == Stage::over) return;
  t.call.answer_held = false;
  const std::string sdp = std::move(t.call.held_sdp);
  answer_caller(t, sdp);
}

void take_ack(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  if (m.cseq().number != leg.awaited_ack) return;
  leg.awaited_ack = 0;
  if (leg.progress == Progress::answered) leg.progress = Progress::confirmed;
  if (t.call.join.valid() && join_ack(t, leg, m)) return;
  Leg* peer = t.peer(leg);
  if (peer != nullptr && peer->owes_ack && !peer->over()) {
    // Our 2xx brought the peer's offer; this is the answer (RFC 3264 §4).
    std::string body;
    const View sdp = sdp_of(m);
    const bool shown = !sdp.empty() && show(t, leg, *peer, sdp, body) == Shown::ok;
    if (shown) note_media(t, leg, sdp);
    send_ack(t, *peer, peer->owed_ack_cseq, body);
    if (peer->progress == Progress::answered) peer->progress = Progress::confirmed;
    leg.offer = peer->offer = OfferAnswer::stable;
    touch(t.call);
    if (Exchange* x = t.core.exchanges.find(peer->offering)) drop_exchange(t.core, *x);
    if (!shown) return end_call(t, {.status = 488, .cause = cause::kIncompatible});
  }
  if (leg.bye_wanted) {
    leg.bye_wanted = false;
    send_bye(t, leg, t.call.cdr.cause);
  }
}

}  // namespace carillon::call
