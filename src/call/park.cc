#include "call/park.h"

#include <utility>

#include "call/answer.h"
#include "call/cause.h"
#include "call/cdr.h"
#include "call/finish.h"
#include "call/join.h"
#include "call/move.h"
#include "call/park_lamp.h"
#include "call/park_reversion.h"
#include "call/record.h"
#include "call/service_call.h"
#include "call/still.h"
#include "call/talk.h"
#include "call/transfer.h"

namespace carillon::call {

namespace {

using park::Action;
using park::State;
using park::Trigger;

constexpr Duration kStep = milliseconds(100);  // between two looks at a party that is busy
constexpr Duration kPatience = seconds(30);

// What an event brings along.
struct Input {
  Leg* target = nullptr;  // who takes the party up
  std::string offer;      // what they have offered
  bool own_ends = false;  // the number's own call ends anyway
};

void step(Core& core, Context& context, Parked& p, Trigger trigger, Input in);

void arm(Core& core, Parked& p, Instant at) {
  p.due = at;
  core.alarms.arm(at, {p.self.bits(), Alarm::park});
}

Duration reversion_after(const Context& context) { return context.snapshot->parameters().park_reversion; }

// The number is nobody's, and its call knows nothing of it.
void forget(Core& core, Context& context, Parked& p) {
  for (const CallRef ref : {p.call, p.other}) {
    if (Call* call = core.calls.find(ref)) call->park = {};
  }
  free_number(core, context, p);
}

// Is the party here, or can it be brought here?
void look(Core& core, Context& context, Parked& p) {
  const Leg* party = core.legs.find(p.party);
  if (party == nullptr || party->over()) return step(core, context, p, Trigger::left, {});
  if (context.now >= p.limit) return step(core, context, p, Trigger::too_long, {});
  if (party->progress == Progress::confirmed && is_quiet(*party)) return step(core, context, p, Trigger::quiet, {});
  arm(core, p, context.now + kStep);
}

void keep(Core& core, Context& context, Parked& p) {
  Call& call = *core.calls.find(p.call);
  Leg& party = *core.legs.find(p.party);
  Turn t{core, context, call};
  move_leg(core, context, party, call);
  if (Leg* caller = t.caller(); caller != nullptr && is_stand_in(*caller)) caller->progress = Progress::ended;
  call.caller = party.self;
  call.callee = {};
  call.stage = Stage::answered;
  call.cdr.answer = t.now();
  arm(core, p, t.now() + reversion_after(context));
  touch(call);
  ask_still(t, party);
  if (Transfer* tr = core.transfers.find(call.transfer)) transfer_parked(core, context, *tr);
}

// The transferor has not let go in time: it keeps them, and is told so.
void refuse(Core& core, Context& context, Parked& p) {
  const CallRef ref = p.call;
  forget(core, context, p);
  end_other_call(core, context, ref, {.status = 480, .cause = cause::kTemporary});
}

// Whoever waits, or has a number for nothing, is hung up.
void release(Core& core, Context& context, Parked& p) {
  const CallRef ref = p.call;
  forget(core, context, p);
  end_other_call(core, context, ref, {.status = 480, .cause = cause::kNoAnswer});
}

// Phones that ring for the party are let go.
void stop_reversion(Core& core, Context& context, Parked& p) {
  const CallRef other = std::exchange(p.other, {});
  Call* call = core.calls.find(other);
  if (call == nullptr) return;
  call->park = {};
  if (call->stage != Stage::ringing || call->join.valid()) return;
  Turn t{core, context, *call};
  refuse_call(t, {.status = 487, .cause = cause::kElsewhere});
  core.unsettled.push_back(other);
}

// The parker need not be shown any more where the call is.
void show_no_more(Core& core, Context& context, const Parked& p) {
  const Call* own = core.calls.find(p.call);
  Transfer* tr = own == nullptr ? nullptr : core.transfers.find(own->transfer);
  if (tr != nullptr) transfer_shown(core, context, *tr);
}

void free_all(Core& core, Context& context, Parked& p, const Input& in) {
  show_no_more(core, context, p);
  stop_reversion(core, context, p);
  const CallRef ref = p.call;
  forget(core, context, p);
  if (!in.own_ends) end_other_call(core, context, ref, {.status = 480, .cause = cause::kNormal});
}

// Back to waiting; who was to be joined, and is here again, is asked to be still once more.
void wait(Core& core, Context& context, Parked& p, bool joined) {
  if (Call* other = core.calls.find(std::exchange(p.other, {}))) other->park = {};
  arm(core, p, context.now + reversion_after(context));
  Leg* party = core.legs.find(p.party);
  Call* own = core.calls.find(p.call);
  if (!joined || party == nullptr || own == nullptr || party->call != p.call) return;
  Turn t{core, context, *own};
  p.still_tries = 0;
  ask_still(t, *party);
}

// The party and whoever took them up hear each other, or not.
void taken_up(Turn& t, const JoinEnd& end) {
  Parked* p = t.core.parks.find(t.call.park);
  if (end.joined) {
    t.call.offer = {}, t.call.crossing = {};
    if (t.call.cdr.answer.us == 0) note_answer(t, *t.callee());
    if (p != nullptr) step(t.core, t.context, *p, Trigger::joined, {});
    return;
  }
  Leg* caller = t.caller();
  const bool party_gone = p != nullptr && end.who != nullptr && end.who->self == p->party;
  if (end.ending && party_gone && caller != nullptr && caller->inbound && !caller->established() && !caller->over()) {
    answer_invite(t, *caller, caller->invite, 480, {}, {}, 0);
    caller->progress = Progress::ended;
  }
  if (p != nullptr) {
    t.call.park = {};
    p->other = {};
    step(t.core, t.context, *p, party_gone ? Trigger::left : Trigger::failed, {});
  }
  if (!end.ending) end_call(t, {.status = end.status, .cause = cause_of_status(end.status)});
}

void join(Core& core, Context& context, Parked& p, Input& in) {
  Leg& target = *in.target;
  Turn t{core, context, *core.calls.find(target.call)};
  t.call.park = p.self;
  p.other = t.call.self;
  p.due = kNever;
  const bool asks = target.inbound && !target.established() && in.offer.empty();
  const bool calls = t.is_caller(target);
  JoinPlan plan{.giver = asks ? p.party : target.self,
                .taker = asks ? target.self : p.party,
                .giver_calls = asks != calls,
                .offer = std::move(in.offer),
                .over = taken_up};
  if (!start_join(t, std::move(plan))) taken_up(t, {.status = 503});
}

// The party's own call has come to its end: it goes on in that of whoever took it up.
void hand_over(Core& core, Context& context, Parked& p) {
  show_no_more(core, context, p);
  Call& own = *core.calls.find(p.call);
  using By = state::OnBehalfOf;
  const By by = p.directed ? By::directed_park : By::park;
  if (Call* other = core.calls.find(p.other)) {
    other->cdr.global = own.cdr.global;
    other->cdr.joined_by = by;
    if (other->caller == p.party) {
      other->calling = own.calling;
    } else {
      note_redirect(*other, p.number, own.cdr.called_partition, state::RedirectReason::park_pickup, by);
      other->cdr.called_number = own.calling.number;
    }
    touch(*other);
  }
  own.cdr.split = true;
  own.cdr.ended_for = by;
  const CallRef ref = p.call;
  forget(core, context, p);
  end_other_call(core, context, ref, {.status = 200, .cause = cause::kNormal});
}

void revert(Core& core, Context& context, Parked& p) {
  const ParkRef ref = p.self;
  if (core.calls.full() || core.legs.full()) return step(core, context, p, Trigger::failed, {});
  p.reversions++;
  Call& call = open_reversion(core, context, p);
  Turn t{core, context, call};
  if (route_reversion(t, p) == Routed::yes) return;
  t.caller()->progress = Progress::ended;
  call.park = {};
  discard_call(core, call);
  if (Parked* still = core.parks.find(ref)) step(core, context, *still, Trigger::failed, {});
}

void step(Core& core, Context& context, Parked& p, Trigger trigger, Input in) {
  const park::Row* row = find_row(park::kPark, p.state, trigger);
  if (row == nullptr) return;
  const bool joined = p.state == State::joining;
  p.state = row->next;
  park_changed(core, p);
  switch (row->action) {
    case Action::nothing:
      break;
    case Action::look:
      return look(core, context, p);
    case Action::keep:
      return keep(core, context, p);
    case Action::refuse:
      return refuse(core, context, p);
    case Action::revert:
      return revert(core, context, p);
    case Action::release:
      return release(core, context, p);
    case Action::wait:
      return wait(core, context, p, joined);
    case Action::join_instead:
      stop_reversion(core, context, p);
      return join(core, context, p, in);
    case Action::join:
      return join(core, context, p, in);
    case Action::hand_over:
      return hand_over(core, context, p);
    case Action::free:
      return free_all(core, context, p, in);
  }
}

// Takes up whoever waits at the number.
void retrieve(Turn& t, const ParkWish& wish) {
  Parked* p = find_parked(t.core, wish.row, wish.number);
  if (p == nullptr || p->state == State::reserved)
    return deny_call(t, 404, cause::kNoUser, "No call is parked at " + wish.number);
  if (p->state != State::parked && p->state != State::reverting)
    return deny_call(t, 486, cause::kBusy, "The call at " + wish.number + " is being parked, or taken up");
  const Call& own = *t.core.calls.find(p->call);
  Leg& party = *t.leg(p->party);
  if (party.phone == t.caller()->phone && party.line == t.caller()->line)
    return deny_call(t, 403, cause::kRejected, "Whoever is parked cannot take themselves up");
  t.call.called = own.calling;
  t.call.called_line = party.line;
  t.call.stage = Stage::ringing;
  std::string offer = t.call.offer;
  step(t.core, t.context, *p, Trigger::dialled, {.target = t.caller(), .offer = std::move(offer)});
}

// Gives a number to the caller, or to whoever is transferred.
void reserve(Turn& t, const ParkWish& wish) {
  Parked* p = take_number(t.core, t.context, wish);
  if (p == nullptr) {
    const bool exactly = wish.kind == ParkWish::Kind::exactly;
    return deny_call(
        t, 486, cause::kBusy,
        exactly ? "Park number " + wish.number + " is taken" : "All park numbers of " + wish.pattern + " are taken");
  }
  if (t.call.transfer.valid()) return park_transferee(t, *p);
  p->call = t.call.self;
  t.call.park = p->self;
  answer_alone(t, {p->number, "Park at " + p->number});
  arm(t.core, *p, t.now() + reversion_after(t.context));
}

// The leg whose rights count: the transferor's, else the caller's.
const Leg* parker_of(Turn& t) {
  const Transfer* tr = t.core.transfers.find(t.call.transfer);
  return tr == nullptr ? t.caller() : t.leg(tr->transferor);
}

}  // namespace

void grant_park(Turn& t, const ParkWish& wish) {
  if (wish.kind == ParkWish::Kind::nowhere) return deny_call(t, wish.status, cause_of_status(wish.status), wish.words);
  if (wish.kind == ParkWish::Kind::retrieve) return retrieve(t, wish);
  reserve(t, wish);
}

Verdict park_code(Turn& t, const config::FeatureCodeView& code, std::string_view argument) {
  const Leg* parker = parker_of(t);
  if (parker == nullptr) return Verdict::pass;
  const dialplan::Decision d{.kind = dialplan::Decision::Kind::feature_code, .code = &code, .argument = argument};
  const Reach reach = reach_of(t.context.snapshot->line(parker->line), t.phone(*parker));
  const auto wish = read_park(t.core, t.context, d, reach, {}, t.call.transfer.valid());
  if (!wish) return Verdict::pass;
  grant_park(t, *wish);
  return Verdict::taken;
}

Parked* reserved_by(Core& core, const Call& consulted) {
  Parked* p = core.parks.find(consulted.park);
  return p != nullptr && p->state == State::reserved && p->call == consulted.self ? p : nullptr;
}

void park_transferee(Turn& t, Parked& p) {
  Transfer& tr = *t.core.transfers.find(t.call.transfer);
  const Leg& parker = *t.leg(tr.transferor);
  const auto* number = t.context.snapshot->row<config::CallParkView>(p.row);
  const auto* directed = t.context.snapshot->row<config::DirectedParkView>(p.row);
  Call& call = t.call;
  p.call = call.self;
  p.party = tr.transferee;
  p.parker = parker.line;
  p.limit = t.now() + kPatience;
  call.park = p.self;
  call.stage = Stage::ringing;
  call.called = {p.number, "Parked at " + p.number};
  call.cdr.called_number = p.number;
  call.cdr.called_partition =
      p.directed ? (directed == nullptr ? 0 : directed->partition) : (number == nullptr ? 0 : number->partition);
  tr.parked = p.directed ? state::OnBehalfOf::directed_park : state::OnBehalfOf::park;
  step(t.core, t.context, p, Trigger::transferred, {});
}

void reversion_answered(Turn& t, Leg& target, std::string offer) {
  if (Parked* p = t.core.parks.find(t.call.park))
    step(t.core, t.context, *p, Trigger::answered, {.target = &target, .offer = std::move(offer)});
}

void park_left(Turn& t, const Leg*) {
  Parked* p = t.core.parks.find(t.call.park);
  if (p == nullptr) return;
  if (p->call == t.call.self) return step(t.core, t.context, *p, Trigger::left, {.own_ends = true});
  t.call.park = {};
  if (p->other == t.call.self) step(t.core, t.context, *p, Trigger::failed, {});
}

void park_timer(Core& core, Context& context, Parked& p, Instant at) {
  const CallRef ref = p.call;
  if (p.still_due == at) {
    p.still_due = kNever;
    Leg* party = core.legs.find(p.party);
    if (party != nullptr && party->call == p.call && p.state != State::taking) {
      Turn t{core, context, *core.calls.find(p.call)};
      ask_still(t, *party);
    }
  }
  if (p.due == at) {
    p.due = kNever;
    const bool weary = p.state == State::parked && p.reversions >= limits::kParkReversions;
    step(core, context, p, weary ? Trigger::too_long : Trigger::due, {});
  }
  settle(core, context, ref);
}

}  // namespace carillon::call
