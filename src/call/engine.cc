#include "call/engine.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "call/admission.h"
#include "call/call_back.h"
#include "call/cause.h"
#include "call/cdr.h"
#include "call/dial.h"
#include "call/elsewhere.h"
#include "call/events.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/join.h"
#include "call/modify.h"
#include "call/move.h"
#include "call/park.h"
#include "call/park_lamp.h"
#include "call/record.h"
#include "call/route.h"
#include "call/service_call.h"
#include "call/session_timer.h"
#include "call/talk.h"
#include "call/transfer.h"

namespace carillon::call {

struct Engine::Impl : Core {
  using Core::Core;
};

namespace {

std::string dialled_number(const sip::Message& m) {
  const auto uri = sip::Uri::parse(m.request_uri());
  return uri ? number_of(*uri) : std::string();
}

void fill_caller(Turn& t, const sip::Event& e, const registrar::Identity& who, sip::TxnId txn) {
  const sip::Message& m = *e.message;
  Leg& leg = add_leg(t, true, e.flow);
  t.call.caller = leg.self;
  leg.invite = txn;
  leg.invite_cseq = m.cseq().number;
  t.core.own(txn, leg.self);
  if (auto dialog = sip::Dialog::from_request(m, leg.dialog.local_tag, e.flow)) leg.dialog = std::move(*dialog);
  leg.progress = Progress::calling;
  leg.phone = who.phone != nullptr ? who.phone->id : 0;
  leg.line = who.line != nullptr ? who.line->id : 0;
  learn_abilities(leg, m);
  leg.requires_100rel = m.lists(sip::HeaderId::require, "100rel");
  agree_as_server(t, leg, m);
}

void fill_record(Turn& t, const sip::Event& e, const registrar::Identity& who) {
  identify_caller(t, *e.message, who);
  open_cdr(t, e, who);
}

bool has_tables_full(const Core& core) { return core.calls.full() || core.legs.full() || core.exchanges.full(); }

// The leg's deadline: no answer, session refresh, session expiry.
void leg_due(Core& core, Context& context, LegRef ref) {
  Leg* leg = core.legs.find(ref);
  if (leg == nullptr) return;
  const CallRef call = leg->call;
  Turn t{core, context, *core.calls.find(call)};
  ask_leg(t, *leg, {LegEvent::Kind::expired, 408, nullptr});
  settle(core, context, call);
}

void alarm_due(Core& core, Context& context, Instant at, AlarmToken token) {
  if (token.kind == Alarm::retry) {
    Leg* leg = core.legs.find(LegRef::from_bits(token.ref));
    if (leg == nullptr || leg->retry_at != at) return;
    leg->retry_at = kNever;
    return leg_due(core, context, leg->self);
  }
  if (token.kind == Alarm::overdue) {
    Exchange* x = core.exchanges.find(ExchangeRef::from_bits(token.ref));
    const Leg* from = x == nullptr ? nullptr : core.legs.find(x->from);
    if (from == nullptr) return;
    Turn t{core, context, *core.calls.find(from->call)};
    return pass_overdue(t, *x);
  }
  if (token.kind == Alarm::join) {
    Join* j = core.joins.find(JoinRef::from_bits(token.ref));
    if (j != nullptr && (j->due == at || j->limit == at)) join_timer(core, context, *j);
    return;
  }
  if (token.kind == Alarm::park) {
    Parked* p = core.parks.find(ParkRef::from_bits(token.ref));
    if (p != nullptr && (p->due == at || p->still_due == at)) park_timer(core, context, *p, at);
    return;
  }
  if (token.kind == Alarm::shown) {
    Transfer* tr = core.transfers.find(TransferRef::from_bits(token.ref));
    if (tr != nullptr && tr->shown_due == at) transfer_show_timer(core, context, *tr);
    return;
  }
  const CallRef ref = CallRef::from_bits(token.ref);
  Call* call = core.calls.find(ref);
  const bool ring = token.kind == Alarm::ring;
  if (call == nullptr || (ring ? call->ring_due : call->give_up) != at) return;
  Turn t{core, context, *call};
  ring ? ring_time_over(t) : give_up_durable(t);
  settle(core, context, ref);
}

// The callee; before the answer one that rings, else one that has been called.
const Leg* called_leg(const Core& core, const Call& call) {
  if (const Leg* callee = core.legs.find(call.callee)) return callee;
  const Leg* found = nullptr;
  for (const Leg* l = core.legs.find(call.first); l != nullptr; l = core.legs.find(l->next)) {
    if (!l->rings()) continue;
    if (found == nullptr || l->progress == Progress::early) found = l;
  }
  return found;
}

CallInfo info_of(const Core& core, const Call& call) {
  CallInfo info;
  info.id = call.id;
  info.start = call.cdr.start;
  info.answer = call.cdr.answer;
  info.state = call.stage == Stage::routing ? "ringing" : to_string(call.stage);
  info.calling_number = call.cdr.calling_number;
  info.calling_device = call.cdr.calling_device;
  info.called_number = call.cdr.called_number.empty() ? call.cdr.dialled : call.cdr.called_number;
  info.called_device = call.cdr.called_device;
  info.calling_call_id = call.cdr.calling_call_id;
  if (const Leg* called = called_leg(core, call)) info.called_call_id = called->dialog.call_id;
  const Parked* p = core.parks.find(call.park);
  if (p == nullptr || p->call != call.self) return info;
  info.state = p->state == park::State::reserved ? "parking" : "parked";
  info.called_number = p->number;
  return info;
}

}  // namespace

Engine::Engine(EngineOptions options, Random& random) : impl_(std::make_unique<Impl>(std::move(options), random)) {}
Engine::~Engine() = default;

void Engine::invite(Context& context, const sip::Event& event, const registrar::Identity& caller) {
  Core& core = *impl_;
  const bool refused = core.draining || has_tables_full(core);
  const sip::TxnId txn = refused ? sip::TxnId() : context.stack.accept(context.now, event, true, context.out);
  if (!txn.valid()) return context.stack.reply(event, {503, {}, {}, "Retry-After: 5\r\n", {}, {}}, context.out);
  core.counters.attempts++;
  const CallRef ref = core.calls.emplace();
  Call& call = *core.calls.find(ref);
  call.self = ref;
  call.id = core.mint_call(context.now);
  Turn t{core, context, call};
  const sip::Message& m = *event.message;
  fill_caller(t, event, caller, txn);
  fill_record(t, event, caller);
  call.cdr.withheld = hides_number(call.calling.hides);
  call.max_forwards = std::clamp(m.number(sip::HeaderId::max_forwards).value_or(limits::kMaxForwards), 1u, 255u);
  const sip::Header* hops = m.find("X-Carillon-Hops");
  call.hops = hops == nullptr ? 0 : to_number<uint32_t>(hops->value).value_or(0);
  call.from_outside = comes_from_outside(core, caller) || speaks_for_outsider(t, m, caller);
  call.cdr.dialled = dialled_number(m);
  t.caller()->user = call.cdr.dialled;
  begin_call(t, {event, caller, call.cdr.dialled});
  settle(core, context, ref);
}

void Engine::in_dialog(Context& context, const sip::Event& event) { on_dialog_request(*impl_, context, event); }

void Engine::event(Context& context, const sip::Event& event) {
  switch (event.kind) {
    case sip::EventKind::response:
    case sip::EventKind::timeout:
    case sip::EventKind::unreachable:
      return on_client_event(*impl_, context, event);
    case sip::EventKind::cancelled:
    case sip::EventKind::no_ack:
    case sip::EventKind::no_prack:
      return on_server_event(*impl_, context, event);
    case sip::EventKind::request:
    case sip::EventKind::ack:
      return on_dialog_request(*impl_, context, event);
  }
}

void Engine::done(Context& context, state::Token token) {
  const CallRef ref = CallRef::from_bits(token - 1);
  Call* call = impl_->calls.find(ref);
  if (call == nullptr) return;
  Turn t{*impl_, context, *call};
  call_durable(t);
  settle(*impl_, context, ref);
}

void Engine::call_back(Context& context, const CallBackNote& due) {
  start_call_back(*impl_, context, due);
  settle(*impl_, context, {});
}

void Engine::answered(Context& context, state::Token token, const ConfigAnswer& answer) {
  const CallRef ref = CallRef::from_bits(token - 1);
  Call* call = impl_->calls.find(ref);
  if (call == nullptr) return;
  Turn t{*impl_, context, *call};
  administration_answered(t, answer);
  settle(*impl_, context, ref);
}

void Engine::fire(Context& context) {
  Core& core = *impl_;
  core.alarms.fire(context.now, [&](Instant at, AlarmToken token) { alarm_due(core, context, at, token); });
  core.schedule.fire(core.legs, context.now, [&](LegRef ref) { leg_due(core, context, ref); });
}

void Engine::lost(sip::ConnectionId connection) { impl_->lost(connection); }

Instant Engine::next_deadline() const { return std::min(impl_->alarms.next(), impl_->schedule.next()); }

bool Engine::restore(Context& context, CallId id, std::string_view record) {
  Core& core = *impl_;
  if (has_tables_full(core)) return false;
  const CallRef ref = core.calls.emplace();
  Call& call = *core.calls.find(ref);
  call.self = ref;
  call.id = id;
  Turn t{core, context, call};
  const bool good = read_record(t, record, Origin::disk);
  if (!good) {
    core.calls.erase(ref);
    return false;
  }
  core.id_counter = std::max<uint32_t>(core.id_counter, id & 0xffffff);
  // The party of a transfer whose transferor had hung up: whom it was being transferred to is not known any more.
  if (!call.callee.valid() && !call.park.valid()) end_call(t, {.status = 480, .cause = cause::kTemporary});
  settle(core, context, ref);
  return true;
}

std::optional<uint16_t> Engine::shard_of_record(std::string_view record, uint16_t shards) {
  return call::shard_of_record(record, shards);
}

bool Engine::arrive(Context& context, CallId id, std::string_view record) {
  Core& core = *impl_;
  if (has_tables_full(core)) return false;
  const CallRef ref = core.calls.emplace();
  Call& call = *core.calls.find(ref);
  call.self = ref;
  call.id = id;
  Turn t{core, context, call};
  if (!read_record(t, record, Origin::shard)) return core.calls.erase(ref), false;
  settle(core, context, ref);
  return true;
}

Engine::Sent Engine::send_call(Context& context, std::string_view tag, uint16_t shard, const sip::Flow& flow,
                               std::string_view bytes) {
  Core& core = *impl_;
  const Leg* leg = core.find_leg(tag);
  Call* call = leg == nullptr || leg->over() ? nullptr : core.calls.find(leg->call);
  if (call == nullptr) return Sent::unknown;
  Turn t{core, context, *call};
  const CallRef ref = call->self;
  if (!move_call(t, {flow, bytes}, shard)) return Sent::later;
  settle(core, context, ref);
  return Sent::yes;
}

bool Engine::knows_tag(std::string_view tag) const { return impl_->find_leg(tag) != nullptr; }

bool Engine::release(Context& context, CallId id) {
  Core& core = *impl_;
  CallRef found;
  core.calls.for_each([&](CallRef ref, const Call& call) {
    if (call.id == id && call.stage != Stage::over) found = ref;
  });
  Call* call = core.calls.find(found);
  if (call == nullptr) return false;
  Turn t{core, context, *call};
  end_call(t, {.status = 480, .cause = cause::kNormalUnspecified});
  settle(core, context, found);
  return true;
}

void Engine::drain() { impl_->draining = true; }

size_t Engine::calls() const { return impl_->calls.size(); }

size_t Engine::leftovers() const {
  return impl_->legs.size() + impl_->exchanges.size() + impl_->counts.size() + impl_->schedule.size() +
         impl_->joins.size() + impl_->transfers.size() + impl_->parks.size() + impl_->park_numbers.size() +
         impl_->full_parks.size() + impl_->elsewhere.size() + impl_->call_backs.size() + impl_->bandwidth.held();
}

void Engine::for_each(const std::function<void(const CallInfo&)>& f) const {
  impl_->calls.for_each([&](CallRef, const Call& call) { f(info_of(*impl_, call)); });
}

void Engine::watch(config::EntityId line, bool on) { impl_->lines.watch(line, on); }
void Engine::take_changed(std::vector<config::EntityId>& to) { impl_->lines.take_changed(to); }

std::vector<LineLeg> Engine::legs_of(Context& context, config::EntityId line) {
  if (line < 0) return legs_of_park(*impl_, line);
  std::vector<LineLeg> all;
  Core& core = *impl_;
  core.lines.each(core.legs, line, [&](const Leg& leg) {
    all.push_back(view_of(Turn{core, context, *core.calls.find(leg.call)}, leg));
    return true;
  });
  return all;
}

void Engine::absorb(const BandwidthChange& change) { impl_->bandwidth.absorb(change); }

void Engine::absorb(const HuntNews& news) { impl_->hunted.absorb(news); }
bool Engine::take_hunt_news(std::vector<HuntNews>& to) { return impl_->hunted.take_news(to); }

bool Engine::take_bandwidth_changes(std::vector<BandwidthChange>& to) {
  if (!impl_->bandwidth.has_changes()) return false;
  to = impl_->bandwidth.take_changes();
  return true;
}

void Engine::absorb(const News& news) { impl_->elsewhere.absorb(news); }

bool Engine::take_news(std::vector<News>& to) {
  to.clear();
  std::swap(to, impl_->news);
  return !to.empty();
}

Belongs Engine::shard_of_dialled(Context& context, const sip::Event& event, const registrar::Identity& caller) const {
  return call::shard_of_dialled(*impl_, context, event, caller);
}

const Bandwidth& Engine::bandwidth() const { return impl_->bandwidth; }

const Engine::Counters& Engine::counters() const { return impl_->counters; }

}  // namespace carillon::call
