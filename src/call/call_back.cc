#include "call/call_back.h"

#include <algorithm>
#include <utility>

#include "call/answer.h"
#include "call/cause.h"
#include "call/cdr.h"
#include "call/finish.h"
#include "call/history_codes.h"
#include "call/identity.h"
#include "call/join.h"
#include "call/move.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/route.h"
#include "call/service_call.h"
#include "call/session_timer.h"
#include "call/still.h"
#include "call/talk.h"
#include "dialplan/route.h"

namespace carillon::call {

namespace {

using call_back::Action;
using call_back::State;
using call_back::Trigger;
using Kind = CallBackNote::Kind;

constexpr Duration kRingsFor = seconds(30);  // the phone that asked

struct Input {
  int status = 0;
  std::string offer;  // what the target has offered in its 2xx
};

void step(Core& core, Context& context, CallBack& b, Trigger trigger, Input in);

void tell(Context& context, CallBackNote note, Kind kind) {
  if (context.call_backs == nullptr) return;
  note.kind = kind;
  context.call_backs->push_back(std::move(note));
}

Party party_of_line(const config::Snapshot& s, const config::LineView& line, Side side) {
  Party p{line.number, line.alerting_name, hides_of(&line, side, Hides::nothing)};
  if (!p.name.empty() || line.phones.empty()) return p;
  const config::PhoneView* phone = s.phone(line.phones.front());
  const config::AppearanceView* a = phone == nullptr ? nullptr : phone->appearance(line.id);
  if (a != nullptr) p.name = a->display;
  return p;
}

void end_other(Core& core, Context& context, CallRef ref, int status) {
  const bool good = status < 300;
  end_other_call(core, context, ref,
                 {.status = good ? 487 : status, .cause = good ? cause::kNormal : cause_of_status(status)});
}

// The asker waits; the target is called in a call of its own, with the asker's rights.
void call_target(Core& core, Context& context, CallBack& b) {
  Call* first = core.calls.find(b.first);
  const Leg* asker = core.legs.find(b.asker);
  const config::LineView* line = context.snapshot->line(b.note.line);
  const config::PhoneView* phone = context.snapshot->phone(b.note.phone);
  if (core.calls.full() || core.legs.full() || asker == nullptr || line == nullptr || phone == nullptr)
    return step(core, context, b, Trigger::target_failed, {.status = 503});
  Call& call = open_call(core, context, *first);
  Turn t{core, context, call};
  Leg& stand_in = add_stand_in(t, *asker);
  b.second = call.self;
  call.call_back = b.self;
  call.calling = party_of_line(*context.snapshot, *line, Side::calling);
  call.patience = context.snapshot->parameters().no_answer_release;
  call.cdr.dialled = b.note.number;
  call.cdr.calling_number = call.calling.number;
  call.cdr.calling_name = call.calling.name;
  call.cdr.calling_partition = line->partition;
  call.cdr.calling_device = phone->name;
  call.cdr.calling_user = phone->digest_user;
  call.cdr.calling_leg = leg_name(*asker);
  call.cdr.calling_call_id = asker->dialog.call_id;
  call.cdr.calling_address = asker->flow.remote.text();
  if (route_call(t, {.number = b.note.number, .reach = reach_of(line, phone)}) == Routed::yes) return;
  stand_in.progress = Progress::ended;
  call.call_back = {};
  discard_call(core, call);
  step(core, context, b, Trigger::target_failed, {.status = 404});
}

void was_joined(Turn& t, const JoinEnd& end) {
  CallBack* b = t.core.call_backs.find(t.call.call_back);
  if (b == nullptr) return;
  if (end.joined) return step(t.core, t.context, *b, Trigger::joined, {.status = 200});
  step(t.core, t.context, *b, Trigger::not_joined, {.status = end.status});
  if (!end.ending) end_call(t, {.status = end.status, .cause = cause_of_status(end.status)});
}

void join_both(Core& core, Context& context, CallBack& b, Input& in) {
  Turn t{core, context, *core.calls.find(b.second)};
  JoinPlan plan{
      .giver = t.call.callee, .taker = b.asker, .giver_calls = false, .offer = std::move(in.offer), .over = was_joined};
  if (!start_join(t, std::move(plan))) was_joined(t, {.status = 503});
}

// Forgets the call-back; what is left of its calls ends, but for the one to the target where that is why: it ends by
// itself.
void finish(Core& core, Context& context, CallBack& b, Action action, int status) {
  const CallRef first = b.first, second = b.second;
  const bool busy = status == 486 || status == 600;  // who declines (603) has done with it
  const bool of_target = b.state != State::ringing;
  CallBackNote note = b.note;
  note.after_use = action == Action::hang_up;
  for (const CallRef ref : {first, second}) {
    if (Call* call = core.calls.find(ref)) call->call_back = {};
  }
  core.call_backs.erase(CallBackRef(b.self));
  const bool again = busy && (action == Action::hang_up || (action == Action::give_up && !of_target));
  tell(context, std::move(note), again ? Kind::again : Kind::over);
  Call* call = core.calls.find(second);
  if (action == Action::part && call != nullptr) {
    call->cdr.joined_by = state::OnBehalfOf::call_control;
    touch(*call);
    if (Call* rang = core.calls.find(first)) {
      rang->cdr.split = true;
      rang->cdr.ended_for = state::OnBehalfOf::call_control;
    }
  } else if (action == Action::give_up) {
    end_other(core, context, second, status);
  }
  end_other(core, context, first, action == Action::part ? 200 : status);
}

void step(Core& core, Context& context, CallBack& b, Trigger trigger, Input in) {
  const call_back::Row* row = find_row(call_back::kCallBack, b.state, trigger);
  if (row == nullptr) return;
  switch (row->action) {
    case Action::call_target:
      b.state = row->next;
      return call_target(core, context, b);
    case Action::join:
      b.state = row->next;
      return join_both(core, context, b, in);
    case Action::part:
    case Action::hang_up:
    case Action::give_up:
      return finish(core, context, b, row->action, in.status);
  }
}

// The asker's phone has offered, since our INVITE did not: it is given a session in which nothing flows yet.
bool let_wait(Turn& t, Leg& leg, const sip::Message& m) {
  leg.sent_sdp = still_of(t, leg, sdp_of(m));
  send_ack(t, leg, m.cseq().number, leg.sent_sdp);
  leg.progress = Progress::confirmed;
  leg.offer = OfferAnswer::stable;
  return !leg.sent_sdp.empty();
}

void asker_answered(Turn& t, CallBack& b, Leg& leg, const sip::Message& m) {
  if (Leg* stand_in = t.caller()) stand_in->progress = Progress::ended;
  b.asker = leg.self;
  t.call.by_ourselves = true;
  if (!let_wait(t, leg, m)) return end_call(t, {.status = 488, .cause = cause::kIncompatible});
  arm_session_timer(t, leg);
  touch(t.call);
  step(t.core, t.context, b, Trigger::asker_answered, {});
}

void target_answered(Turn& t, CallBack& b, Leg& leg, const sip::Message& m) {
  Input in;
  in.offer = sdp_of(m);
  if (in.offer.empty()) {
    send_ack(t, leg, m.cseq().number, {});
    leg.progress = Progress::confirmed;
    leg.offer = OfferAnswer::stable;
  } else {
    leg.progress = Progress::answered;
    leg.owes_ack = true;
    leg.owed_ack_cseq = m.cseq().number;
    leg.offer = OfferAnswer::offer_received;
  }
  arm_session_timer(t, leg);
  step(t.core, t.context, b, Trigger::target_answered, std::move(in));
}

// Only the phone that asked; whatever its line says of calls that are for others.
std::vector<Target> targets_of(Turn& t, const config::LineView& line, config::EntityId phone) {
  std::vector<Target> list;
  Targets targets{&line, list};
  targets.forwards = false;
  if (find_targets(t, targets) == Verdict::taken) return {};
  std::erase_if(list, [phone](const Target& target) { return target.phone->id != phone; });
  return list;
}

Call& open_first(Core& core, Context& context, const config::LineView& asker, const config::LineView& target) {
  Call& call = open_call(core, context, Call());
  call.cdr.global = call.id;
  call.calling = party_of_line(*context.snapshot, target, Side::connected);
  call.called = party_of_line(*context.snapshot, asker, Side::calling);
  call.patience = kRingsFor;
  call.cdr.calling_number = call.calling.number;
  call.cdr.calling_name = call.calling.name;
  call.cdr.calling_partition = target.partition;
  call.cdr.dialled = call.cdr.called_number = asker.number;
  call.cdr.called_partition = asker.partition;
  return call;
}

// The line that a call-back is wanted for, and whether nobody answered there; null: the caller has been refused.
const config::LineView* wanted_line(Turn& t, const state::Cdr* last, const std::string& number) {
  const Leg& caller = *t.caller();
  const config::Snapshot& s = *t.context.snapshot;
  if (number.empty()) return deny_call(t, 404, cause::kUnallocated, "There is no call to be called back for"), nullptr;
  const config::LineView* line = find_line(t, number, reach_of(s.line(caller.line), t.phone(caller)));
  if (line == nullptr) return deny_call(t, 404, cause::kUnallocated, number + " is no line of this server"), nullptr;
  if (line->id == caller.line) return deny_call(t, 403, cause::kRejected, "That is the own line"), nullptr;
  using Disposition = state::Cdr::Disposition;
  if (last != nullptr && last->disposition == Disposition::answered && t.call.words.empty())
    return deny_call(t, 404, cause::kUnallocated, "The last call was answered"), nullptr;
  return line;
}

void call_back_noted(Turn& t, const ConfigAnswer& answer) {
  const std::string words = std::exchange(t.call.words, {});
  if (answer.fault.empty()) return confirm_call(t, words);
  deny_call(t, 403, cause::kRejected, answer.fault);
}

void want_call_back(Turn& t, const ConfigAnswer& answer) {
  const state::Cdr* last = last_dialled(t, answer, t.call.words, false);
  const std::string number = !t.call.words.empty() ? t.call.words : last != nullptr ? last->dialled : std::string();
  const config::LineView* line = wanted_line(t, last, number);
  if (line == nullptr) return;
  using Disposition = state::Cdr::Disposition;
  CallBackNote note;
  note.phone = t.caller()->phone;
  note.line = t.caller()->line;
  note.target = line->id;
  note.number = number;
  // Nobody was there: until the phone is used, nobody is back.
  note.after_use =
      last != nullptr && (last->disposition == Disposition::no_answer || last->disposition == Disposition::cancelled);
  t.call.words = "Call-back: " + number;
  await_answer(t, call_back_noted);
  note.token = token_of_answer(t);
  note.shard = t.core.options.shard;
  tell(t.context, std::move(note), Kind::wanted);
}

}  // namespace

Verdict call_back_code(Turn& t, const config::FeatureCodeView&, std::string_view number) {
  if (ask_records(t, want_call_back)) t.call.words = number;
  return Verdict::taken;
}

Verdict call_back_cancel_code(Turn& t, const config::FeatureCodeView&, std::string_view) {
  CallBackNote note;
  note.phone = t.caller()->phone;
  note.line = t.caller()->line;
  tell(t.context, std::move(note), Kind::cancelled);
  confirm_call(t, "Call-backs off");
  return Verdict::taken;
}

void start_call_back(Core& core, Context& context, const CallBackNote& due) {
  const config::LineView* asker = context.snapshot->line(due.line);
  const config::LineView* target = context.snapshot->line(due.target);
  if (asker == nullptr || target == nullptr) return tell(context, due, Kind::over);
  const bool full = core.calls.full() || core.legs.full() || core.call_backs.full() || core.draining;
  if (full || core.counts.of(due.phone, due.line) != 0) return tell(context, due, Kind::again);
  Call& call = open_first(core, context, *asker, *target);
  Turn t{core, context, call};
  Leg nobody;  // whom the phone would have if it answered: the target is not called yet
  for (const registrar::Binding* b : context.registrar.of_line(asker->id)) {
    if (b->phone == due.phone) nobody.flow = b->flow;
  }
  Leg& stand_in = add_stand_in(t, nobody);
  const CallBackRef ref = core.call_backs.emplace();
  CallBack& b = *core.call_backs.find(ref);
  b.self = call.call_back = ref;
  b.first = call.self;
  b.note = due;
  const std::vector<Target> list = targets_of(t, *asker, due.phone);
  if (list.empty()) {
    stand_in.progress = Progress::ended;
    call.call_back = {};
    core.call_backs.erase(ref);
    discard_call(core, call);
    return tell(context, due, Kind::again);
  }
  ring_targets(t, list, kRingsFor);
}

void call_back_answered(Turn& t, CallBack& b, Leg& leg, const sip::Message& m) {
  t.call.callee = leg.self;
  t.call.ring_due = kNever;
  if (Leg* caller = t.caller()) t.core.schedule.clear(t.core.legs, *caller);
  release_others(t, leg);
  name_called(t, leg);
  agree_as_client(t, leg, m);
  note_answer(t, leg);
  if (b.first == t.call.self) return asker_answered(t, b, leg, m);
  target_answered(t, b, leg, m);
}

void call_back_call_over(Turn& t, int status) {
  CallBack* b = t.core.call_backs.find(t.call.call_back);
  if (b == nullptr) return;
  const bool first = b->first == t.call.self;
  const bool rang = b->state == State::ringing;
  step(t.core, t.context, *b,
       !first ? Trigger::target_failed
       : rang ? Trigger::asker_failed
              : Trigger::asker_left,
       {.status = status});
}

}  // namespace carillon::call
