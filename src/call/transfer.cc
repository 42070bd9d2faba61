#include "call/transfer.h"

#include <utility>

#include "call/answer.h"
#include "call/cause.h"
#include "call/cdr.h"
#include "call/identity.h"
#include "call/join.h"
#include "call/move.h"
#include "call/park.h"
#include "call/record.h"
#include "call/refer_notify.h"
#include "call/relay.h"
#include "call/route.h"
#include "call/session_timer.h"
#include "call/talk.h"
#include "sip/message/replaces.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

using transfer::Action;
using transfer::State;
using transfer::Trigger;

constexpr Duration kShownFor = seconds(3);  // long enough to be read
constexpr Duration kShowAgain = milliseconds(100);
constexpr uint16_t kShowTries = 30;

struct Input {
  int status = 0;
  const Leg* who = nullptr;
  Leg* target = nullptr;  // who has answered
  std::string offer;      // what they offered in their 2xx
};

void step(Core& core, Context& context, Transfer& tr, Trigger trigger, Input in);

void joined(Turn& t, const JoinEnd& end) {
  Transfer* tr = t.core.transfers.find(t.call.transfer);
  if (tr == nullptr) return;
  if (end.joined) return step(t.core, t.context, *tr, Trigger::joined, {.status = 200});
  step(t.core, t.context, *tr, Trigger::failed, {.status = end.status});
  if (!end.ending) end_call(t, {.status = end.status, .cause = cause_of_status(end.status)});
}

void tell(Core& core, Context& context, Transfer& tr, int status, bool last) {
  tr.refer.status = status;
  tr.refer.last = last;
  if (tell_transferor(core, context, tr)) step(core, context, tr, Trigger::told, {});
}

// Into the new call, where they wait: with the transferor's BYE their call ends.
void adopt(Core& core, Context& context, Transfer& tr, const Leg& who) {
  Call* call = core.calls.find(tr.call);
  if (call == nullptr || call->stage == Stage::over) return;
  for (const LegRef ref : {tr.transferee, tr.target}) {
    Leg* leg = core.legs.find(ref);
    if (leg == nullptr || leg->call != who.call || leg->over() || !leg->established()) continue;
    move_leg(core, context, *leg, *call);
  }
  touch(*call);
}

void cancel(Core& core, Context& context, Transfer& tr, const Input& in) {
  Call* call = core.calls.find(tr.call);
  if (call == nullptr || (in.who != nullptr && in.who->call == tr.call)) return;  // it ends by itself
  Turn t{core, context, *call};
  refuse_call(t, {.status = 487, .cause = cause::kNormal});
  core.unsettled.push_back(tr.call);
}

// Nobody has the transferor's other leg any more.
void end_consultation(Core& core, Context& context, const Transfer& tr, int status) {
  Call* call = core.calls.find(tr.consulted);
  if (call == nullptr || call->stage == Stage::over) return;
  Turn t{core, context, *call};
  Leg* leg = t.leg(tr.consult);
  if (leg != nullptr && leg->call == call->self && t.peer(*leg) != nullptr) return;  // the target is back there
  end_call(t, {.status = status < 300 ? 487 : status, .cause = cause::kNormal});
  core.unsettled.push_back(tr.consulted);
}

// The new pair's record: which feature joined it, and who sent the transferee on.
void note_transfer(Core& core, Context& context, const Transfer& tr, Call& call) {
  using By = state::OnBehalfOf;
  const bool parked = tr.parked != By::nobody, attended = tr.consulted.valid();
  call.cdr.joined_by = parked ? tr.parked : attended ? By::transfer : By::refer;
  const Leg* transferor = core.legs.find(tr.transferor);
  const config::LineView* line = transferor == nullptr ? nullptr : context.snapshot->line(transferor->line);
  if (line == nullptr) return;
  using Reason = state::RedirectReason;
  const Reason reason = parked ? Reason::park : attended ? Reason::transfer : Reason::blind_transfer;
  note_redirect(call, line->number, line->partition, reason, parked ? tr.parked : By::transfer);
}

// What was between the transferor and these two is over with the same write that makes the new pair last.
void write(Core& core, Context& context, Transfer& tr) {
  tr.worked = true;
  if (Call* call = core.calls.find(tr.call)) {
    note_transfer(core, context, tr, *call);
    touch(*call);
  }
  Call* waiting = nullptr;
  for (const CallRef ref : {tr.consulted, tr.held}) {
    Call* call = core.calls.find(ref);
    if (call == nullptr || call->stage != Stage::answered) continue;
    Turn t{core, context, *call};
    if (!call->cdr_posted) {
      call->cdr.split = true;
      call->cdr.ended_for = tr.parked != state::OnBehalfOf::nobody ? tr.parked
                            : tr.consulted.valid()                 ? state::OnBehalfOf::transfer
                                                                   : state::OnBehalfOf::refer;
    }
    close_record(t, {.status = 200, .cause = cause::kNormal, .by = state::Cdr::EndedBy::system});
    if (!call->cdr_durable) waiting = call;
  }
  if (waiting == nullptr) return step(core, context, tr, Trigger::written, {});
  tr.written_with = waiting->self;
  if (waiting->give_up != kNever) return;
  waiting->give_up = context.now + limits::kInternalAnswer;
  core.alarms.arm(waiting->give_up, {waiting->self.bits(), Alarm::durable});
}

void succeed(Core& core, Context& context, Transfer& tr) {
  end_consultation(core, context, tr, 200);
  tell(core, context, tr, 200, true);
}

// Whoever parked a call without a consultation has to be told where; before the last NOTIFY, which most phones take for
// the end of the dialog. Until then a kill leaves the transferee with them.
void show_where(Core& core, Context& context, Transfer& tr) {
  const Call* parked = core.calls.find(tr.call);
  if (parked == nullptr || tr.consulted.valid() || tr.left) return step(core, context, tr, Trigger::shown, {});
  tr.shown = !tr.refer.held && !tr.refer.under_way.valid() && show_transferor(core, context, tr, parked->called);
  if (!tr.shown && tr.show_tries++ == kShowTries) return step(core, context, tr, Trigger::shown, {});
  tr.shown_due = context.now + (tr.shown ? kShownFor : kShowAgain);
  core.alarms.arm(tr.shown_due, {tr.self.bits(), Alarm::shown});
}

void fail(Core& core, Context& context, Transfer& tr, int status) {
  end_consultation(core, context, tr, status == 0 ? 487 : status);
  tell(core, context, tr, tr.failure != 0 ? tr.failure : status < 300 ? 487 : status, true);
}

// The transferor's dialog ends where it has nobody at the other end any more.
void part(Core& core, Context& context, Transfer& tr) {
  Call* held = core.calls.find(tr.held);
  Leg* transferor = core.legs.find(tr.transferor);
  for (const LegRef ref : {tr.transferor, tr.transferee, tr.consult, tr.target}) {
    Leg* leg = core.legs.find(ref);
    if (leg != nullptr && leg->transfer == tr.self) leg->transfer = {};
  }
  if (Call* call = core.calls.find(tr.call)) call->transfer = {};
  if (held != nullptr) core.unsettled.push_back(tr.held);
  const bool worked = tr.worked;
  core.transfers.erase(TransferRef(tr.self));
  if (held == nullptr || transferor == nullptr || held->stage == Stage::over) return;
  Turn t{core, context, *held};
  if (worked || t.peer(*transferor) == nullptr) end_call(t, {.status = 480, .cause = cause::kNormal});
}

void join_parties(Core& core, Context& context, Transfer& tr, Input& in) {
  Turn t{core, context, *core.calls.find(tr.call)};
  // Whoever has called in, and not offered, is shown the other's offer in its 200.
  const bool asks = in.target->inbound && !in.target->established() && in.offer.empty();
  JoinPlan plan{.giver = asks ? tr.transferee : in.target->self,
                .taker = asks ? in.target->self : tr.transferee,
                .giver_calls = asks,
                .offer = std::move(in.offer),
                .over = joined};
  if (!start_join(t, std::move(plan))) joined(t, {.status = 503});
}

void step(Core& core, Context& context, Transfer& tr, Trigger trigger, Input in) {
  const transfer::Row* row = find_row(transfer::kTransfer, tr.state, trigger);
  if (row == nullptr) return;
  tr.state = row->next;
  switch (row->action) {
    case Action::nothing:
      break;
    case Action::tell_ringing:
      return tell(core, context, tr, 180, false);
    case Action::join:
      return join_parties(core, context, tr, in);
    case Action::adopt:
      return adopt(core, context, tr, *in.who);
    case Action::cancel:
      cancel(core, context, tr, in);
      return fail(core, context, tr, 487);
    case Action::tell_failure:
      return fail(core, context, tr, in.status);
    case Action::write:
      return write(core, context, tr);
    case Action::show_where:
      return show_where(core, context, tr);
    case Action::tell_success:
      return succeed(core, context, tr);
    case Action::part:
      return part(core, context, tr);
  }
}

Transfer& open_transfer(Turn& t, Leg& transferor, const sip::Event& e, const ReferTo& to, Leg& transferee) {
  const TransferRef ref = t.core.transfers.emplace();
  Transfer& tr = *t.core.transfers.find(ref);
  tr.self = transferor.transfer = transferee.transfer = ref;
  tr.held = t.call.self;
  tr.transferor = transferor.self;
  tr.transferee = transferee.self;
  tr.refer.wanted = to.wants_notify;
  tr.refer.held = true;
  tr.refer.id = e.message->cseq().number;
  tr.refer.with_id = transferor.refers++ != 0;
  tr.refer.expires = t.now() + t.context.snapshot->parameters().no_answer_release + minutes(1);
  const Party by = party_of(t, transferor);
  if (!hides_number(by.hides)) append_name_addr(tr.by, {}, by.number, domain_of(t, transferor));
  return tr;
}

void forget_transfer(Core& core, Transfer& tr) {
  for (const LegRef ref : {tr.transferor, tr.transferee}) core.legs.find(ref)->transfer = {};
  core.transfers.erase(TransferRef(tr.self));
}

// 202, and from now on the transferor is told.
void accept_refer(Turn& t, Leg& transferor, const sip::Event& e, Transfer& tr) {
  std::string h;
  append_contact(h, transferor);
  h.append(kAllowLine).append(kSupportedLine);
  if (!tr.refer.wanted) h.append("Refer-Sub: false\r\n");  // RFC 4488 §4
  answer_request(t, e, 202, h, {}, {});
  tr.refer.held = false;
  if (tell_transferor(t.core, t.context, tr)) step(t.core, t.context, tr, Trigger::told, {});
}

bool is_same_owner(const Turn& t, const Leg& a, const Leg& b) {
  if (a.phone != 0 && a.phone == b.phone) return true;
  const config::PhoneView *pa = t.phone(a), *pb = t.phone(b);
  return pa != nullptr && pb != nullptr && !pa->digest_user.empty() && pa->digest_user == pb->digest_user;
}

// The consultation has been answered: its far party and the transferee are joined in a call of their own.
void join_consulted(Turn& t, Leg& transferor, const sip::Event& e, const ReferTo& to, Leg& consult) {
  Turn other{t.core, t.context, *t.core.calls.find(consult.call)};
  Leg& target = *other.peer(consult);
  Transfer& tr = open_transfer(t, transferor, e, to, *t.peer(transferor));
  Call& call = open_call(t.core, t.context, t.call);
  tr.consult = consult.self;
  tr.target = target.self;
  tr.consulted = other.call.self;
  tr.call = call.self;
  consult.transfer = target.transfer = call.transfer = tr.self;
  tr.state = State::joining;
  name_calling(t, call, *t.leg(tr.transferee));
  call.called = party_of(other, target);
  call.called_line = target.line;
  call.cdr.called_number = call.called.number;
  call.stage = Stage::answered;
  other.call.cdr.global = call.cdr.global;
  Turn next{t.core, t.context, call};
  note_answer(next, target);
  name_called(next, target);
  accept_refer(t, transferor, e, tr);
  const JoinPlan plan{.giver = target.self, .taker = tr.transferee, .giver_calls = false, .offer = {}, .over = joined};
  if (!start_join(next, plan)) joined(next, {.status = 503});
}

// The consultation still rings. Its call goes on as the new one, with a stand-in for the transferee where the
// transferor was; the transferor's leg is left with the call that it had begun.
void take_over_ringing(Turn& t, Leg& transferor, const sip::Event& e, const ReferTo& to, Leg& consult) {
  Call& call = *t.core.calls.find(consult.call);
  Transfer& tr = open_transfer(t, transferor, e, to, *t.peer(transferor));
  Call& left = open_call(t.core, t.context, call);
  std::swap(left.id, call.id);
  std::swap(left.cdr, call.cdr);
  left.calling = call.calling, left.called = call.called, left.called_line = call.called_line;
  left.stage = Stage::ringing;
  const Instant due = consult.scheduled.due;
  t.core.schedule.clear(t.core.legs, consult);
  move_leg(t.core, t.context, consult, left);
  left.caller = consult.self;
  Turn next{t.core, t.context, call};
  Leg& transferee = *t.leg(tr.transferee);
  Leg& stand_in = add_stand_in(next, transferee);
  t.core.schedule.start(t.now());
  t.core.schedule.set(t.core.legs, stand_in.self.index, stand_in, due);
  name_calling(t, call, transferee);
  call.cdr.dialled = left.cdr.dialled;
  call.cdr.called_number = left.cdr.called_number;
  call.cdr.global = left.cdr.global = t.call.cdr.global;
  call.offer = {}, call.crossing = {}, call.held_sdp = {};
  call.answer_held = false;
  call.transfer = consult.transfer = tr.self;
  tr.consult = consult.self;
  tr.consulted = left.self;
  tr.call = call.self;
  if (call.ringing_shown) tr.refer.status = 180;
  accept_refer(t, transferor, e, tr);
}

// One of the transferor's two calls, `number`'s, is a consultation that has been given a park number; the other one, of
// `held`, is that with the transferee, who waits there from now on. The REFER came in either, on `transferor`
// (RFC 5589 §7.4: it may go to either party), and `other` is the transferor's leg in the other one.
void park_consulted(Turn& t, Leg& transferor, const sip::Event& e, const ReferTo& to, Leg& other, Parked& number) {
  Call& consulted = *t.core.calls.find(number.call);
  Leg& held = consulted.self == t.call.self ? other : transferor;
  Turn with{t.core, t.context, *t.core.calls.find(held.call)};
  Leg* party = with.peer(held);
  if (party == nullptr)  // both calls have a park number
    return refuse_refer(t, e, 403, "There is nobody in this call who could be transferred");
  Leg& transferee = *party;
  Transfer& tr = open_transfer(t, transferor, e, to, transferee);
  Call& call = open_call(t.core, t.context, with.call);
  tr.consult = other.self;
  tr.consulted = other.call;
  tr.call = call.self;
  other.transfer = call.transfer = tr.self;
  consulted.park = {};
  consulted.cdr.global = call.cdr.global;
  call.cdr.dialled = consulted.cdr.dialled;
  Turn next{t.core, t.context, call};
  add_stand_in(next, transferee);
  name_calling(with, call, transferee);
  park_transferee(next, number);
  accept_refer(t, transferor, e, tr);
}

}  // namespace

void refuse_refer(Turn& t, const sip::Event& e, int status, View why) {
  std::string warning;
  if (!why.empty()) sip::Writer(warning).begin(sip::HeaderId::warning).text("399 carillon ").quoted(why).end();
  answer_request(t, e, status, warning, {}, {});
}

int transfer_obstacle(Turn& t, const Leg& transferor, bool to_call) {
  const Leg* peer = t.peer(transferor);
  if (!transferor.established() || t.call.stage != Stage::answered) return 403;
  // One at a time: RFC 5589 has no second REFER before the first is decided.
  if (transferor.transfer.valid() || t.call.join.valid()) return 491;
  if (!to_call || reserved_by(t.core, t.call) == nullptr) {
    if (peer == nullptr || !peer->established()) return 403;
    if (peer->transfer.valid()) return 491;
  }
  const bool full = t.core.calls.full() || t.core.legs.full() || t.core.transfers.full() || t.core.exchanges.full();
  return full || t.core.draining ? 503 : 0;
}

void obstruct_refer(Turn& t, const Leg& transferor, const sip::Event& e, int status) {
  const bool alone = status == 403 && transferor.established() && t.peer(transferor) == nullptr;
  refuse_refer(t, e, status, alone ? "There is nobody in this call who could be transferred" : "");
}

void transfer_to_number(Turn& t, Leg& transferor, const sip::Event& e, const ReferTo& to) {
  if (!is_our_host(t, transferor, to.host) && !to.host.empty())
    return refuse_refer(t, e, 403, "The host of Refer-To is not one of this server's addresses or domains");
  Transfer& tr = open_transfer(t, transferor, e, to, *t.peer(transferor));
  Call& call = open_call(t.core, t.context, t.call);
  tr.call = call.self;
  tr.replaces = to.replaces;
  call.transfer = tr.self;
  Leg& transferee = *t.leg(tr.transferee);
  Turn next{t.core, t.context, call};
  Leg& stand_in = add_stand_in(next, transferee);
  stand_in.transfer = {};
  name_calling(t, call, transferee);
  call.cdr.dialled = to.number;
  call.patience = t.context.snapshot->parameters().no_answer_release;
  const config::LineView* line = t.context.snapshot->line(transferor.line);
  const Routed routed = route_call(next, {.number = to.number, .reach = reach_of(line, t.phone(transferor))});
  if (routed == Routed::yes) return accept_refer(t, transferor, e, tr);
  stand_in.progress = Progress::ended;
  call.transfer = {};
  discard_call(t.core, call);
  forget_transfer(t.core, tr);
  refuse_refer(t, e, 403, "The transferor cannot reach that number");
}

void transfer_to_call(Turn& t, Leg& transferor, const sip::Event& e, const ReferTo& to, Leg& consult) {
  if (!is_same_owner(t, transferor, consult))
    return refuse_refer(t, e, 403, "The dialog in Replaces is not the transferor's");
  if (consult.call == t.call.self) return refuse_refer(t, e, 403, "The dialog in Replaces is this call");
  Turn other{t.core, t.context, *t.core.calls.find(consult.call)};
  if (consult.transfer.valid() || other.call.join.valid() || other.call.transfer.valid())
    return refuse_refer(t, e, 491, {});
  Parked* number = other.is_caller(consult) ? reserved_by(t.core, other.call) : nullptr;
  if (number != nullptr) return park_consulted(t, transferor, e, to, consult, *number);
  number = reserved_by(t.core, t.call);
  const bool rings = other.call.stage == Stage::ringing && other.is_caller(consult) && !consult.over();
  if (rings && number == nullptr && !other.call.callee.valid()) return take_over_ringing(t, transferor, e, to, consult);
  const Leg* target = other.peer(consult);
  const bool talks = other.call.stage == Stage::answered && target != nullptr && target->established();
  if (!talks || !consult.established() || target->transfer.valid())
    return refuse_refer(t, e, 403, "The dialog in Replaces is over");
  if (number != nullptr) return park_consulted(t, transferor, e, to, consult, *number);
  join_consulted(t, transferor, e, to, consult);
}

void transfer_parked(Core& core, Context& context, Transfer& tr) { step(core, context, tr, Trigger::parked, {}); }

void transfer_show_timer(Core& core, Context& context, Transfer& tr) {
  const CallRef held = tr.held, call = tr.call;
  if (tr.shown) {
    step(core, context, tr, Trigger::shown, {});
  } else if (tr.state == State::showing) {
    show_where(core, context, tr);
  }
  core.unsettled.push_back(call);
  settle(core, context, held);
}

void transfer_shown(Core& core, Context& context, Transfer& tr) { step(core, context, tr, Trigger::shown, {}); }

void target_rang(Turn& t, Transfer& tr) { step(t.core, t.context, tr, Trigger::rang, {}); }

void target_answered(Turn& t, Transfer& tr, Leg& target, const sip::Message& m) {
  Input in{.target = &target};
  in.offer = answer_stand_in(t, target, m);
  step(t.core, t.context, tr, Trigger::answered, std::move(in));
}

void target_taken(Turn& t, Transfer& tr, Leg& target, std::string offer) {
  note_answer(t, target);
  step(t.core, t.context, tr, Trigger::answered, {.target = &target, .offer = std::move(offer)});
}

void transferor_told(Turn& t, Leg& transferor, Exchange& x, const LegEvent& e) {
  Transfer* tr = t.core.transfers.find(transferor.transfer);
  if (tr == nullptr || tr->transferor != transferor.self) return drop_exchange(t.core, x);
  if (notify_result(t, *tr, x, e)) step(t.core, t.context, *tr, Trigger::told, {});
}

void transfer_left(Turn& t, const Leg* who) {
  TransferRef refs[4];
  size_t n = 0;
  t.each_leg([&](const Leg& leg) {
    if (leg.transfer.valid() && n < 4) refs[n++] = leg.transfer;
  });
  for (size_t i = 0; i < n; i++) {
    Transfer* tr = t.core.transfers.find(refs[i]);
    if (tr == nullptr) continue;
    const bool of_transferor = who != nullptr && (who->self == tr->transferor || who->self == tr->consult);
    if (who != nullptr && who->self == tr->transferor) tr->left = true;
    if (of_transferor) {
      const Leg* transferee = t.core.legs.find(tr->transferee);
      const bool has_transferee = transferee != nullptr && transferee->call == t.call.self;
      const bool of_consultation = who->self == tr->consult && (tr->target.valid() || has_transferee);
      if (tr->state == State::joining || of_consultation) {
        adopt(t.core, t.context, *tr, *who);
      } else if (who->self == tr->transferor) {
        step(t.core, t.context, *tr, Trigger::transferor_left, {.who = who});
      }
    } else if (t.call.self == tr->held || (who != nullptr && who->self == tr->transferee)) {
      step(t.core, t.context, *tr, Trigger::transferee_left, {.who = who});
    }
  }
}

void transfer_call_over(Turn& t, int status) {
  if (Transfer* tr = t.core.transfers.find(t.call.transfer))
    step(t.core, t.context, *tr, Trigger::failed, {.status = status});
}

void transfer_written(Turn& t) {
  TransferRef found;
  t.each_leg([&](const Leg& leg) {
    const Transfer* tr = t.core.transfers.find(leg.transfer);
    if (tr != nullptr && tr->written_with == t.call.self) found = tr->self;
  });
  if (Transfer* tr = t.core.transfers.find(found)) step(t.core, t.context, *tr, Trigger::written, {});
}

bool transfer_keeps(const Core& core, const Leg& leg) {
  const Transfer* tr = core.transfers.find(leg.transfer);
  return tr != nullptr && tr->transferor == leg.self && tr->refer.wanted;
}

Leg* find_replaced(Core& core, std::string_view value, bool& early_only) {
  const auto named = sip::Replaces::parse(value);
  if (!named) return nullptr;
  early_only = named->early_only;
  for (const bool swapped : {false, true}) {
    const View ours = swapped ? named->from_tag : named->to_tag, theirs = swapped ? named->to_tag : named->from_tag;
    Leg* leg = core.find_leg(ours);
    if (leg != nullptr && leg->dialog.call_id == named->call_id && leg->dialog.remote_tag == theirs) return leg;
  }
  return nullptr;
}

}  // namespace carillon::call
