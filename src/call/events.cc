// What the stack reports of our own transactions, and requests inside dialogs, brought to the leg that they concern.

#include "call/events.h"

#include <utility>

#include "call/answer.h"
#include "call/cause.h"
#include "call/early.h"
#include "call/finish.h"
#include "call/modify.h"
#include "call/move.h"
#include "call/relay.h"
#include "call/session_timer.h"
#include "call/talk.h"

namespace carillon::call {

namespace {

// The other side's part of the dialog, from a response with a To tag (RFC 3261 §12.1.2). Another tag than before: a
// fork beyond the phone, whose later dialog counts.
void take_dialog(Leg& leg, const sip::Message& m) {
  if (m.to_tag().empty()) return;
  if (leg.dialog.remote_tag != m.to_tag()) leg.their_reliable = {}, leg.said_early.clear();
  leg.dialog.remote_tag = m.to_tag();
  const bool provisional = m.status() < 200;
  leg.dialog.confirm(m);
  leg.dialog.early = provisional;
}

// RFC 3262 §4. False: a repetition, or one that came out of order and will come again.
bool take_reliable(Turn& t, Leg& leg, const sip::Message& m) {
  using Verdict = sip::ReliableReceiver::Verdict;
  const bool wanted = m.lists(sip::HeaderId::require, "100rel");
  const Verdict verdict = wanted && m.to_tag().empty() ? Verdict::repeated : leg.their_reliable.take(m);
  if (verdict != Verdict::fresh) return verdict == Verdict::unreliable;
  const View sdp = sdp_of(m);
  const bool first = leg.early_sdp.empty() && !sdp.empty();
  if (first) leg.early_sdp = sdp;
  if (first && (leg.delayed || t.call.offer.empty())) return take_early_offer(t, leg);
  if (!leg.owes_prack) send_prack(t, leg, leg.their_reliable.last(), {});
  return true;
}

void on_provisional(Turn& t, Leg& leg, const sip::Message& m) {
  leg.heard = true;
  if (leg.over() || leg.established() || m.status() == 100) return;
  take_dialog(leg, m);
  learn_abilities(leg, m);
  if (leg.progress == Progress::calling && !m.to_tag().empty()) leg.progress = Progress::early;
  if (!take_reliable(t, leg, m)) return;
  // 181, 182 and 199 tell the caller nothing that it needs (system.md 2.3).
  if (m.status() != 180 && m.status() != 183) return;
  ask_leg(t, leg, {LegEvent::Kind::ringing, m.status(), &m});
}

// A 2xx that nobody wants any more: it crossed our CANCEL (RFC 3261 §9.1).
void hang_up_late(Turn& t, Leg& leg, const sip::Message& m) {
  take_dialog(leg, m);
  send_ack(t, leg, m.cseq().number, {});
  leg.progress = Progress::confirmed;
  send_bye(t, leg, cause::kElsewhere);
}

void on_success(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  switch (leg.progress) {
    case Progress::calling:
    case Progress::early:
      take_dialog(leg, m);
      learn_abilities(leg, m);
      if (leg.dialog.target.empty() || t.call.callee.valid()) return hang_up_late(t, leg, m);
      ask_leg(t, leg, {LegEvent::Kind::answered, m.status(), &m});
      return;
    case Progress::letting_go:
      return hang_up_late(t, leg, m);
    default:
      break;
  }
  if (m.to_tag() != leg.dialog.remote_tag) {  // a fork beyond the phone; a repetition gets no second BYE
    const uint64_t tag = hash_bytes(m.to_tag(), 1);
    const bool fresh = std::exchange(leg.dismissed, tag) != tag;
    return dismiss_stray(t.core, t.context, e, fresh);
  }
  repeat_ack(t, leg, m.cseq().number);
}

void on_failure(Turn& t, Leg& leg, int status, const sip::Message* m) {
  if (leg.progress == Progress::letting_go) {
    leg.progress = Progress::ended;
  } else if (leg.progress == Progress::calling || leg.progress == Progress::early) {
    ask_leg(t, leg, {LegEvent::Kind::failed, status, m});
  }
}

int status_of(const sip::Event& e) {
  if (e.kind == sip::EventKind::timeout) return 408;  // RFC 3261 §8.1.3.1
  if (e.kind == sip::EventKind::unreachable) return 503;
  return e.message->status();
}

// A 2xx to an INVITE whose leg is not here: its dialog has moved, or it is dismissed.
void on_strange_success(Core& core, Context& context, const sip::Event& e, bool bye) {
  if (!repeat_left_ack(core, context, *e.message)) dismiss_stray(core, context, e, bye);
}

void on_first_invite(Core& core, Context& context, const sip::Event& e) {
  Leg* leg = find_user(core.legs, e.user);
  const int status = status_of(e);
  if (leg == nullptr) {
    if (e.message != nullptr && status >= 200 && status < 300) on_strange_success(core, context, e, true);
    return;
  }
  const CallRef ref = leg->call;
  Call* call = core.calls.find(ref);
  if (call == nullptr) return;
  Turn t{core, context, *call};
  follow_answer(core, *leg, e);
  if (status < 200) {
    on_provisional(t, *leg, *e.message);
  } else if (status < 300) {
    on_success(t, *leg, e);
  } else {
    on_failure(t, *leg, status, e.kind == sip::EventKind::response ? e.message : nullptr);
  }
  settle(core, context, ref);
}

// A 2xx to a re-INVITE whose exchange is over: the ACK once more. When the dialog is gone it has had its BYE.
void on_repeated_success(Core& core, Context& context, const sip::Event& e) {
  const sip::Message& m = *e.message;
  Leg* leg = core.find_leg(m.from_tag());
  if (leg == nullptr) return on_strange_success(core, context, e, false);
  if (leg->dialog.remote_tag != m.to_tag()) return dismiss_stray(core, context, e, false);
  Turn t{core, context, *core.calls.find(leg->call)};
  repeat_ack(t, *leg, m.cseq().number);
}

void on_exchange(Core& core, Context& context, const sip::Event& e) {
  const int status = status_of(e);
  if (status < 200) return;
  Exchange* x = find_user(core.exchanges, e.user);
  const bool invite_success = status < 300 && e.message != nullptr && e.message->method() == sip::Method::invite;
  if (x == nullptr || x->client != e.txn) {
    if (invite_success) on_repeated_success(core, context, e);
    return;
  }
  Leg* leg = core.legs.find(x->on);
  if (leg == nullptr) return drop_exchange(core, *x);
  follow_answer(core, *leg, e);
  if (leg->owes_ack && leg->offering == x->self) return;  // repeated while the answer is due
  const CallRef ref = leg->call;
  Turn t{core, context, *core.calls.find(ref)};
  const sip::Message* message = e.kind == sip::EventKind::response ? e.message : nullptr;
  ask_result(t, *leg, *x, {status < 300 ? LegEvent::Kind::answered : LegEvent::Kind::failed, status, message});
  settle(core, context, ref);
}

// A 2xx to an INVITE whose leg is over: the dialog that was hung up is acknowledged once more, another one is
// dismissed.
void on_late_success(Core& core, Context& context, const sip::Event& e) {
  const bool success = e.message != nullptr && e.message->status() / 100 == 2;
  if (success) on_strange_success(core, context, e, user_of_tag(e.message->to_tag()) != e.user);
}

// Another request of ours has overtaken the PRACK, which then comes out of order (RFC 3261 §12.2.2): once more, with a
// number that is in order.
void on_prack(Core& core, Context& context, const sip::Event& e) {
  constexpr uint16_t kTries = 3;
  Leg* leg = find_user(core.legs, e.user);
  if (leg != nullptr) follow_answer(core, *leg, e);
  if (leg == nullptr || status_of(e) != 500 || leg->progress != Progress::early) return;
  if (leg->prack_retries++ >= kTries) return;
  const CallRef ref = leg->call;
  Turn t{core, context, *core.calls.find(ref)};
  send_prack(t, *leg, leg->their_reliable.last(), leg->early_settled ? View(leg->sent_sdp) : View());
  settle(core, context, ref);
}

// Is the sender who it should be? Else it has been answered.
bool admit(Turn& t, Leg& leg, const sip::Event& e) {
  const config::PhoneView* phone = t.phone(leg);
  if (phone == nullptr) {  // not configured any more: only by the way that it came
    if (e.flow.same_way(leg.flow)) return true;
    t.context.stack.reply(e, {403, {}, {}, {}, {}, {}}, t.context.out);
    return false;
  }
  const auto verdict =
      t.context.identifier.in_dialog(t.now(), *e.message, e.flow, leg.flow, *phone, *t.context.snapshot);
  if (verdict.kind == registrar::Verdict::Kind::accepted) return true;
  t.context.stack.reply(e, {verdict.status, verdict.reason, {}, verdict.headers, {}, {}}, t.context.out);
  return false;
}

// RFC 3261 §15.1.2: whoever is being hung up gets 481, but a BYE that crosses ours is granted.
bool take_late_request(Turn& t, Leg& leg, const sip::Event& e) {
  if (!leg.over()) return false;
  const bool party = leg.self == t.call.caller || leg.self == t.call.callee;
  if (e.message->method() != sip::Method::bye || leg.progress == Progress::letting_go) {
    answer_request(t, e, 481, {}, {}, {});  // with a transaction: its CSeq is taken, a repetition would get 500
  } else if (party || t.call.stage == Stage::over) {  // a transferee, too, that waited for who is called now
    end_call_by_bye(t, leg, e);
  } else {  // one that answered too late: the call goes on without it
    answer_request(t, e, 200, {}, {}, {});
    leg.progress = Progress::ended;
  }
  return true;
}

void on_request(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  if (!admit(t, leg, e)) return;
  // With a transaction, so that a repetition gets the same, though the dialog may be over by then.
  if (const int status = sip::take_cseq(leg.dialog, m)) return answer_request(t, e, status, {}, {}, {});
  if (!e.flow.same_way(leg.flow)) {  // admitted from another place: that is where the party is now
    leg.flow = e.flow;
    leg.host = t.core.host_of(leg.flow);
  }
  if (take_late_request(t, leg, e)) return;
  sip::refresh_target(leg.dialog, m);
  if (m.method() == sip::Method::invite || m.method() == sip::Method::update) learn_abilities(leg, m);
  ask_request(t, leg, e);
}

void on_cancelled(Turn& t, Leg& leg, sip::TxnId txn, const sip::Message* cancel) {
  if (leg.serving.valid()) {
    const Exchange* x = t.core.exchanges.find(leg.serving);
    if (x != nullptr && x->server == txn) return modification_cancelled(t, leg);
  }
  if (leg.invite == txn && !leg.established()) {
    const int said = cancel == nullptr ? 0 : reason_cause(*cancel);
    refuse_call(t, {.status = 487, .cause = said != 0 ? said : cause::kNormal, .by = state::Cdr::EndedBy::caller});
  }
}

// Our 2xx was never acknowledged: the dialog stands, the session should end (RFC 3261 §13.3.1.4).
void on_no_ack(Turn& t, Leg& leg) {
  if (leg.progress == Progress::answered) leg.progress = Progress::confirmed;
  if (leg.bye_wanted) {
    leg.bye_wanted = false;
    return send_bye(t, leg, t.call.cdr.cause);
  }
  end_call(t, {.status = 408, .cause = cause::kTimer});
}

}  // namespace

void on_client_event(Core& core, Context& context, const sip::Event& e) {
  if (e.user == 0) return;  // a BYE to a stray: nobody waits
  if (purpose_of(e.user) == Purpose::over) return on_late_success(core, context, e);
  if (purpose_of(e.user) == Purpose::invite) return on_first_invite(core, context, e);
  if (purpose_of(e.user) == Purpose::exchange) return on_exchange(core, context, e);
  if (purpose_of(e.user) == Purpose::prack) return on_prack(core, context, e);
}

void on_server_event(Core& core, Context& context, const sip::Event& e) {
  Leg* leg = core.owner_of(e.txn);
  if (leg == nullptr) return;
  const CallRef ref = leg->call;
  Turn t{core, context, *core.calls.find(ref)};
  if (e.kind == sip::EventKind::cancelled) {
    on_cancelled(t, *leg, e.txn, e.message);
  } else if (e.kind == sip::EventKind::no_ack) {
    on_no_ack(t, *leg);
  } else {
    refuse_call(t, {.status = 504, .cause = cause::kTimer});  // RFC 3262 §3
  }
  settle(core, context, ref);
}

void on_dialog_request(Core& core, Context& context, const sip::Event& e) {
  const sip::Message& m = *e.message;
  Leg* leg = core.find_leg(m.to_tag());
  const bool ack = m.method() == sip::Method::ack;
  // The dialog may be gone already, by a BYE that overtook the ACK: the 2xx is not resent any more.
  if (ack && e.txn.valid()) context.stack.acked(e.txn);
  if (leg == nullptr || !leg->dialog.owns(m)) {
    if (!ack) context.stack.reply(e, {481, {}, {}, {}, {}, {}}, context.out);
    return;
  }
  const CallRef ref = leg->call;
  Turn t{core, context, *core.calls.find(ref)};
  if (ack) {
    take_ack(t, *leg, e);
  } else {
    on_request(t, *leg, e);
  }
  settle(core, context, ref);
}

}  // namespace carillon::call
