#include "call/finish.h"

#include "call/admission.h"
#include "call/call_back.h"
#include "call/cause.h"
#include "call/cdr.h"
#include "call/join.h"
#include "call/move.h"
#include "call/park.h"
#include "call/pickup.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/talk.h"
#include "call/transfer.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

// A token is never 0: that would ask for no answer.
state::Token token_of(CallRef ref) { return ref.bits() + 1; }

// Features that wait for the call to come to something.
void call_over(Turn& t, int status) {
  transfer_call_over(t, status);
  call_back_call_over(t, status);
}

void post_cdr(Turn& t, const Ending& e) {
  if (t.call.cdr_posted) return;
  t.call.cdr_posted = true;
  close_cdr(t, e.status, e.cause, e.by);
  post_row(t, t.call.cdr, t.call.id, token_of(t.call.self));
  if (t.call.stage != Stage::answered) t.core.counters.failed++;
}

// The call is about to end: `who` hangs up, or (null) it ends for another reason. Whatever joins or transfers its
// parties hears of it first, and takes those out who have somewhere else to be.
void leave(Turn& t, const Leg* who) {
  if (t.call.join.valid()) join_left(t, who);
  if (t.call.park.valid()) park_left(t, who);
  transfer_left(t, who);
}

// Requests of theirs that still wait on this leg (RFC 3261 §15.1.2: 487), and ours that nobody needs any more.
void drop_open_requests(Turn& t, Leg& leg) {
  if (Exchange* x = t.core.exchanges.find(leg.serving)) {
    t.context.stack.respond(t.now(), x->server, {487, {}, leg.dialog.local_tag, {}, {}, {}}, t.context.out);
    x->from = {};
    leg.serving = {};
  }
  while (Exchange* x = t.core.exchanges.find(leg.relays)) {
    t.context.stack.respond(t.now(), x->server, {487, {}, {}, {}, {}, {}}, t.context.out);
    leg.relays = x->next;
    x->from = {};
  }
}

void end_legs(Turn& t, const Leg* but, const Ending& e) {
  t.each_leg([&](Leg& leg) {
    drop_open_requests(t, leg);
    if (&leg != but) release_leg(t, leg, e.cause, {});
  });
}

void answer_byes(Turn& t, int status) {
  for (size_t i = 0; i < 2; i++) {
    if (!t.call.waiting_bye[i].valid()) continue;
    t.context.stack.respond(t.now(), t.call.waiting_bye[i], {status, {}, {}, {}, {}, {}}, t.context.out);
    t.call.waiting_bye[i] = {};
    if (Leg* leg = t.leg(t.call.waiting_leg[i])) leg->progress = Progress::ended;
  }
  t.call.give_up = kNever;
}

// A leg that is over makes nobody busy, though the answer to our BYE or CANCEL may be long in coming. Another leg of
// the call on the same appearance counts in its place.
void uncount(Turn& t, Leg& leg) {
  leg.counted = false;
  bool passed_on = false;
  t.each_leg([&](Leg& other) {
    if (passed_on || other.counted || other.over() || other.phone != leg.phone || other.line != leg.line) return;
    other.counted = passed_on = true;
  });
  if (!passed_on) t.core.counts.remove(leg.phone, leg.line);
}

// Takes a leg that is over out of the call and the tables.
void remove_leg(Turn& t, Leg& leg) {
  give_back(t, leg);
  for (LegRef* at = &t.call.first; at->valid();) {
    if (*at == leg.self) {
      *at = leg.next;
      break;
    }
    at = &t.leg(*at)->next;
  }
  t.core.schedule.clear(t.core.legs, leg);
  give_back(t, leg);
  drop_open_requests(t, leg);
  for (const ExchangeRef ref : {leg.offering, leg.serving}) {
    if (Exchange* x = t.core.exchanges.find(ref)) drop_exchange(t.core, *x);
  }
  const bool was_answered = !leg.inbound && leg.last_ack_cseq != 0;
  if (was_answered) t.context.stack.disown(leg.invite, user_of_tag(leg.dialog.remote_tag));
  if (!t.core.restored.empty() && t.core.restored.erase(leg.dialog.local_tag) != 0) announce_tag(t, leg, false);
  t.core.lines.take_out(t.core.legs, leg);  // one that goes on in another shard is not over
  t.core.legs.erase(LegRef(leg.self));
}

}  // namespace

void release_leg(Turn& t, Leg& leg, int cause, View cancel_reason) {
  if (leg.over()) return;
  if (leg.established()) {
    send_bye(t, leg, cause);
  } else if (leg.inbound) {  // whoever calls has had the final answer; who took a ringing call over has not
    if (!t.is_caller(leg)) answer_invite(t, leg, leg.invite, 480, {}, {}, 0);
    leg.progress = Progress::ended;
  } else if (!cancel_reason.empty() || cause == cause::kElsewhere) {
    let_go(t, leg, cancel_reason.empty() ? kElsewhereLine : cancel_reason);
  } else {
    t.core.text.clear();
    append_reason(t.core.text, cause);
    let_go(t, leg, t.core.text);
  }
}

void note_called(Turn& t, const Leg& leg) {
  Call& call = t.call;
  const bool rang = leg.progress == Progress::early;
  if (t.is_caller(leg) || leg.dialog.call_id.empty() || (call.noted_rang && !rang) || leg.established()) return;
  call.noted_rang = rang;
  note_called_leg(t, leg);
}

void refuse_call(Turn& t, const Ending& given) {
  Call& call = t.call;
  if (call.stage == Stage::over) return;
  leave(t, given.by == state::Cdr::EndedBy::caller ? t.caller() : nullptr);
  Ending e = given;
  if (e.status == 488 && call.no_bandwidth) e.cause = cause::kOutOfBandwidth;
  Leg* caller = t.caller();
  if (!call.callee.valid()) {
    t.each_leg([&](const Leg& leg) {
      if (!leg.over()) note_called(t, leg);
    });
  }
  if (caller != nullptr && !caller->established()) {
    t.core.text.assign(e.headers);
    if (e.status == 488 || e.status == 606) t.core.text.append(call.warning);
    if (e.status != 487) append_reason(t.core.text, e.cause);
    answer_invite(t, *caller, caller->invite, e.status, t.core.text, {}, 0);
    caller->progress = Progress::ended;
  }
  post_cdr(t, e);
  end_legs(t, caller, e);
  call.stage = Stage::over;
  call_over(t, e.status);
}

void deny_call(Turn& t, int status, int cause, std::string_view words) {
  std::string warning;
  if (!words.empty()) sip::Writer(warning).begin(sip::HeaderId::warning).text("399 carillon ").quoted(words).end();
  refuse_call(t, {.status = status, .cause = cause, .headers = warning});
}

void refuse_failed(Turn& t, const Failure& f, View headers) {
  t.call.cdr.called_status = f.said;
  using By = state::Cdr::EndedBy;
  refuse_call(t,
              {.status = f.status, .cause = f.cause, .by = f.of_phone ? By::callee : By::system, .headers = headers});
}

void end_call(Turn& t, const Ending& e) {
  if (t.call.stage == Stage::over) return;
  Leg* caller = t.caller();
  if (t.call.stage != Stage::answered && caller != nullptr && !caller->established()) return refuse_call(t, e);
  leave(t, nullptr);
  post_cdr(t, e);
  end_legs(t, nullptr, e);
  t.call.stage = Stage::over;
  call_over(t, e.status);
}

void end_other_call(Core& core, Context& context, CallRef ref, const Ending& e) {
  Call* call = core.calls.find(ref);
  if (call == nullptr || call->stage == Stage::over) return;
  Turn t{core, context, *call};
  end_call(t, e);
  core.unsettled.push_back(ref);
}

void close_record(Turn& t, const Ending& e) { post_cdr(t, e); }

namespace {

// Somebody was about to come in (RFC 3891) to the party that hangs up, whose own call is over already. True when there
// is one, who is answered now.
bool refuse_waiting_caller(Turn& t, const Leg& leaves, int cause) {
  Leg* caller = t.caller();
  if (caller == nullptr || caller->self == leaves.self || !caller->inbound || caller->over()) return false;
  if (caller->established() || !caller->invite.valid()) return false;
  t.core.text.clear();
  append_reason(t.core.text, cause);
  answer_invite(t, *caller, caller->invite, 480, t.core.text, {}, 0);
  return true;
}

}  // namespace

void end_call_by_bye(Turn& t, Leg& leg, const sip::Event& bye) {
  Call& call = t.call;
  if (Call* home = join_left_home(t, leg)) {
    Turn there{t.core, t.context, *home};
    return end_call_by_bye(there, leg, bye);
  }
  const sip::TxnId txn = t.context.stack.accept(t.now(), bye, false, t.context.out);
  if (!txn.valid()) return t.context.stack.reply(bye, {503, {}, {}, {}, {}, {}}, t.context.out);
  if (call.stage != Stage::over) {
    leave(t, &leg);
    const int said = reason_cause(*bye.message);
    Ending e{.status = 200,
             .cause = said != 0 ? said : cause::kNormal,
             .by = t.is_caller(leg) ? state::Cdr::EndedBy::caller : state::Cdr::EndedBy::callee};
    if (leg.inbound && !leg.established()) {  // RFC 3261 §15.1.2: the INVITE still gets its answer
      e.status = 487;
      answer_invite(t, leg, leg.invite, 487, {}, {}, 0);
    } else if (refuse_waiting_caller(t, leg, e.cause)) {
      e.status = 480;
    }
    post_cdr(t, e);
    end_legs(t, &leg, e);
    call.stage = Stage::over;
    call_over(t, 487);
  }
  if (leg.owes_ack) send_ack(t, leg, leg.owed_ack_cseq, {});
  leg.progress = Progress::ending;
  leg.bye_wanted = false;
  t.core.schedule.clear(t.core.legs, leg);
  if (call.cdr_durable) {
    t.context.stack.respond(t.now(), txn, {200, {}, {}, {}, {}, {}}, t.context.out);
    leg.progress = Progress::ended;
    return;
  }
  const size_t slot = call.waiting_bye[0].valid() ? 1 : 0;
  const bool again = slot == 1 && (call.waiting_leg[0] == leg.self || call.waiting_bye[1].valid());
  if (again) {  // RFC 3261 §15.1.2: the dialog is over by an earlier BYE, theirs or ours
    t.context.stack.respond(t.now(), txn, {481, {}, leg.dialog.local_tag, {}, {}, {}}, t.context.out);
    if (call.waiting_leg[0] != leg.self && call.waiting_leg[1] != leg.self) leg.progress = Progress::ended;
    return;
  }
  call.waiting_bye[slot] = txn;
  call.waiting_leg[slot] = leg.self;
  if (call.give_up != kNever) return;
  call.give_up = t.now() + limits::kInternalAnswer;
  t.core.alarms.arm(call.give_up, {call.self.bits(), Alarm::durable});
}

void forget_call(Turn& t) {
  t.each_leg([&](Leg& leg) {
    if (leg.counted) t.core.counts.remove(leg.phone, leg.line);
    t.core.restored.erase(leg.dialog.local_tag);  // the dialog is not over: nobody is told so
    leg.progress = Progress::ended;
    place_leg(t, leg);
    remove_leg(t, leg);
  });
  t.call.stage = Stage::over;
  t.call.cdr_posted = t.call.cdr_durable = true;
}

void call_durable(Turn& t) {
  t.call.cdr_durable = true;
  answer_byes(t, 200);
  transfer_written(t);
}

void give_up_durable(Turn& t) {
  answer_byes(t, 503);
  transfer_written(t);
}

namespace {

void settle_one(Core& core, Context& context, CallRef ref) {
  Call* call = core.calls.find(ref);
  if (call == nullptr) return;
  Turn t{core, context, *call};
  t.each_leg([&](Leg& leg) {
    if (leg.counted && leg.over()) uncount(t, leg);
    place_leg(t, leg);
    if (context.removals != nullptr) tell_ringing(t, leg);
    if (leg.over()) give_back(t, leg);
    if (leg.progress == Progress::ended && !transfer_keeps(core, leg)) remove_leg(t, leg);
  });
  if (call->touched != 0) adjust_reservation(t);
  record_changes(t);
  if (call->stage == Stage::over && !call->first.valid() && call->give_up == kNever) core.calls.erase(ref);
}

}  // namespace

void settle(Core& core, Context& context, CallRef ref) {
  settle_one(core, context, ref);
  while (!core.unsettled.empty()) {  // settling changes no other call
    const CallRef next = core.unsettled.back();
    core.unsettled.pop_back();
    settle_one(core, context, next);
  }
}

}  // namespace carillon::call
