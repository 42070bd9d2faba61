#include "call/move.h"

#include "call/cdr.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/join.h"
#include "call/record.h"
#include "call/talk.h"
#include "sip/route_key.h"

namespace carillon::call {

namespace {

// Each appearance that a call has living legs on counts once.
void count_once(Turn& t, const Leg& of) {
  Leg* counted = nullptr;
  Leg* any = nullptr;
  t.each_leg([&](Leg& l) {
    if (l.phone != of.phone || l.line != of.line || l.over() || is_stand_in(l)) return;
    any = &l;
    if (!l.counted) return;
    if (counted != nullptr) {
      l.counted = false;
      t.core.counts.remove(l.phone, l.line);
    } else {
      counted = &l;
    }
  });
  if (counted != nullptr || any == nullptr) return;
  any->counted = true;
  t.core.counts.add(any->phone, any->line);
}

void unlink(Turn& t, const Leg& leg) {
  for (LegRef* at = &t.call.first; at->valid(); at = &t.leg(*at)->next) {
    if (*at != leg.self) continue;
    *at = leg.next;
    break;
  }
  if (t.call.caller == leg.self) t.call.caller = {};
  if (t.call.callee == leg.self) t.call.callee = {};
  if (t.call.early == leg.self) t.call.early = {};
}

// What `from` has asked of `on`, who is no longer the other party, gets no other answer (RFC 3261 §15.1.2: 487).
void drop_relays(Turn& t, Leg& from, LegRef on) {
  for (ExchangeRef* at = &from.relays; at->valid();) {
    Exchange& x = *t.core.exchanges.find(*at);
    if (x.on != on) {
      at = &x.next;
      continue;
    }
    t.context.stack.respond(t.now(), x.server, {487, {}, {}, {}, {}, {}}, t.context.out);
    *at = x.next;
    x.from = {};
  }
}

// Two legs of one call are in two from now on.
void part(Turn& t, Leg& leg, Leg& other) {
  drop_relays(t, leg, other.self);
  drop_relays(t, other, leg.self);
}

}  // namespace

Call& open_call(Core& core, Context& context, const Call& from) {
  const CallRef ref = core.calls.emplace();
  Call& call = *core.calls.find(ref);
  call.self = ref;
  call.id = core.mint_call(context.now);
  call.max_forwards = from.max_forwards;
  call.hops = from.hops;
  call.from_outside = from.from_outside;
  call.cdr.id = call.id;
  call.cdr.global = from.cdr.global;
  call.cdr.start = context.now;
  core.unsettled.push_back(ref);
  return call;
}

void discard_call(Core& core, Call& call) {
  call.stage = Stage::over;
  call.cdr_posted = call.cdr_durable = true;
  core.unsettled.push_back(call.self);
}

Leg& add_stand_in(Turn& t, const Leg& of) {
  Leg& leg = add_leg(t, true, of.flow);
  leg.phone = of.phone;
  leg.line = of.line;
  leg.asks = of.asks;
  leg.progress = Progress::calling;
  t.call.caller = leg.self;
  return leg;
}

void name_calling(Turn& from, Call& call, const Leg& leg) {
  call.calling = party_of(from, leg);
  // Whoever was called and withheld itself is not shown as a caller either.
  const config::LineView* line = from.context.snapshot->line(leg.line);
  call.calling.hides = call.calling.hides | hides_of(line, Side::calling, leg.asks);
  call.cdr.calling_number = call.calling.number;
  call.cdr.calling_name = call.calling.name;
  if (const config::PhoneView* phone = from.phone(leg)) {
    call.cdr.calling_device = phone->name;
    call.cdr.calling_user = phone->digest_user;
  }
  if (line != nullptr) call.cdr.calling_partition = line->partition;
  call.cdr.calling_leg = leg_name(leg);
  call.cdr.calling_call_id = leg.dialog.call_id;
  call.cdr.calling_address = leg.flow.remote.text();
}

void move_leg(Core& core, Context& context, Leg& leg, Call& to) {
  Call* from = core.calls.find(leg.call);
  if (from == &to) return;
  if (from != nullptr) {
    Turn old{core, context, *from};
    unlink(old, leg);
    old.each_leg([&](Leg& other) { part(old, leg, other); });
    core.unsettled.push_back(from->self);
    count_once(old, leg);
  }
  leg.next = to.first;
  to.first = leg.self;
  leg.call = to.self;
  core.unsettled.push_back(to.self);
  Turn now{core, context, to};
  count_once(now, leg);
}

std::optional<uint16_t> other_shard(const Core& core, const Context& context, std::string_view tag) {
  const auto key = sip::parse_tag(tag);
  if (!key || key->shard == core.options.shard || key->shard >= context.shards) return {};
  return key->shard;
}

void announce_tag(Turn& t, const Leg& leg, bool here) {
  if (t.context.removals == nullptr) return;
  const auto shard = other_shard(t.core, t.context, leg.dialog.local_tag);
  if (!shard) return;
  Removal r;
  r.kind = here ? Removal::Kind::here : Removal::Kind::gone;
  r.shard = *shard;
  r.tag = leg.dialog.local_tag;
  t.context.removals->push_back(std::move(r));
}

namespace {

constexpr Duration kRepeated = seconds(32);  // 64*T1: so long a 2xx is repeated (RFC 3261 §13.3.1.4)

void leave_acks(Turn& t) {
  auto& left = t.core.left_acks;
  while (!left.empty() && (left.front().until < t.now() || left.size() >= limits::kDetours)) left.pop_front();
  t.each_leg([&](const Leg& l) {
    const std::string& tag = l.dialog.local_tag;
    if (l.previous_ack_cseq != 0) left.push_back({tag, l.previous_ack_cseq, l.previous_ack, t.now() + kRepeated});
    if (l.last_ack_cseq != 0) left.push_back({tag, l.last_ack_cseq, l.last_ack, t.now() + kRepeated});
  });
}

}  // namespace

bool repeat_left_ack(const Core& core, Context& context, const sip::Message& success) {
  for (const LeftAck& left : core.left_acks) {
    if (left.cseq != success.cseq().number || left.tag != success.from_tag()) continue;
    context.out.transmit.push_back(left.ack);
    return true;
  }
  return false;
}

bool move_call(Turn& t, const RawRequest& request, uint16_t shard) {
  if (t.context.removals == nullptr || t.call.stage != Stage::answered || t.call.join.valid()) return false;
  bool quiet = true;
  t.each_leg([&](const Leg& l) {
    quiet &= l.progress == Progress::confirmed && is_quiet(l) && !l.relays.valid() && !l.transfer.valid();
  });
  if (!quiet || t.caller() == nullptr || t.callee() == nullptr) return false;
  Removal r;
  r.shard = shard;
  r.id = t.call.id;
  append_record(r.record, t);
  t.each_leg([&](const Leg& l) { r.tags.push_back(l.dialog.local_tag); });
  r.flow = request.flow;
  r.bytes = request.bytes;
  t.context.removals->push_back(std::move(r));
  leave_acks(t);
  forget_call(t);
  return true;
}

void fetch_call(Turn& t, std::string_view tag, const RawRequest& request, uint16_t shard) {
  Removal r;
  r.kind = Removal::Kind::fetch;
  r.shard = shard;
  r.tag = tag;
  r.flow = request.flow;
  r.bytes = request.bytes;
  t.context.removals->push_back(std::move(r));
}

Party party_of(const Turn& t, const Leg& leg) { return t.is_caller(leg) ? t.call.calling : t.call.called; }

}  // namespace carillon::call
