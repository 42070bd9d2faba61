// One step of a machine: its action, its clocks, its end.

#include <algorithm>

#include "sip/stack_impl.h"

namespace carillon::sip {

namespace {

constexpr uint64_t kRepeatBit = 1ull << 31;  // of a timer token: Slab indices stay below

// Connections by number, peers of UDP and of connections yet to be made by address.
uint64_t way_of(const Flow& f) {
  if (f.connection != 0) return hash_mix(f.connection, 0x636f6e6e);
  return hash_mix(f.remote.hash(), static_cast<uint64_t>(f.transport) + 1);
}

// How long a span is; nothing for "off" or "leave it".
std::optional<Duration> length(Span span, const TimerValues& v, bool reliable) {
  switch (span) {
    case Span::keep:
    case Span::off:
      return {};
    case Span::t1:
      return v.t1;
    case Span::t1_unreliable:
      return reliable ? std::nullopt : std::optional(v.t1);
    case Span::t4_unreliable:
      return reliable ? Duration{} : v.t4;
    case Span::d_unreliable:
      return reliable ? Duration{} : std::max(seconds(32), v.t1 * 64);
    case Span::t1x64:
      return v.t1 * 64;
    case Span::t1x64_unreliable:
      return reliable ? Duration{} : v.t1 * 64;
  }
  return {};
}

bool ends_in_failure(Action a) { return a == Action::time_out || a == Action::fail; }

}  // namespace

void Stack::Impl::happen(Instant now, TxnId id, Transaction& t, Trigger trigger, const Message* m, const Flow& from,
                         Out& out) {
  const Step s = step(t.machine, t.state, trigger);
  const bool unavailable = trigger == Trigger::failure && m != nullptr && m->status() == 503;
  if (t.pursuit != nullptr && (ends_in_failure(s.action) || unavailable)) {
    Transmit ack{t.flow, s.action == Action::pass_up_and_ack ? make_ack(t, *m) : Packet()};
    if (next_place(now, id, t, out)) {
      if (!ack.packet.empty()) out.transmit.push_back(std::move(ack));
      return;
    }
  }
  perform(now, id, t, trigger, s.action, m, from, out);
  move(now, id, t, s.next);
  // The CANCEL that waited for this; its guard is set when the state's clocks are.
  const bool rings = trigger == Trigger::provisional && t.state == State::proceeding;
  if (rings && t.cancelled && !t.cancel_sent) send_cancel(now, id, t, out);
}

void Stack::Impl::pass_up(TxnId id, const Transaction& t, const Message* m, const Flow& from, Out& out) {
  if (t.internal) return;
  const EventKind kind = t.is_client() ? EventKind::response : EventKind::ack;
  out.events.push_back({kind, id, t.user, m, from});
}

void Stack::Impl::perform(Instant now, TxnId id, Transaction& t, Trigger trigger, Action action, const Message* m,
                          const Flow& from, Out& out) {
  const auto tell = [&](EventKind kind) {
    if (!t.internal) out.events.push_back({kind, id, t.user, m, t.flow});
  };
  switch (action) {
    case Action::nothing:
    case Action::send:  // respond() has the packet
    case Action::wait_to_cancel:
      break;
    case Action::resend:
      resend(now, id, t, trigger, t.packet, out);
      break;
    case Action::resend_1xx:
      resend(now, id, t, trigger, t.reliable, out);
      break;
    case Action::pass_up_and_ack:
      t.packet = make_ack(t, *m);  // takes the INVITE's place as what is sent again
      out.transmit.push_back({t.flow, t.packet});
      pass_up(id, t, m, from, out);
      break;
    case Action::pass_up:
      pass_up(id, t, m, from, out);
      break;
    case Action::time_out:
      counts.timeouts++;
      tell(EventKind::timeout);
      break;
    case Action::fail:
      tell(EventKind::unreachable);
      break;
    case Action::send_cancel:
      if (!t.cancel_sent) send_cancel(now, id, t, out);
      break;
    case Action::report_cancel:
      if (!t.cancelled) out.events.push_back({EventKind::cancelled, id, t.user, m, from});
      t.cancelled = true;
      break;
    case Action::report_prack:
      t.repeat.due = kNever;
      t.reliable = {};
      tell(EventKind::no_prack);
      break;
    case Action::report_ack:
      if (!t.acked) tell(EventKind::no_ack);
      break;
  }
}

// The next interval: doubling, up to T2 except where the RFCs set no bound (Timer A; RFC 3262 §3).
void Stack::Impl::resend(Instant now, TxnId id, Transaction& t, Trigger trigger, const Packet& packet, Out& out) {
  if (!packet.empty()) {
    out.transmit.push_back({t.flow, packet});
    counts.sent_retransmissions++;
  }
  if (trigger != clock_of(t.machine, t.state).repeat) return;
  const int64_t t2 = options.timers.t2.us;
  int64_t next = int64_t{t.interval_us} * 2;
  if (trigger != Trigger::timer_a && trigger != Trigger::timer_1xx) next = std::min(next, t2);
  if (trigger == Trigger::timer_e && t.state == State::proceeding) next = t2;  // RFC 3261 §17.1.2.2
  t.interval_us = static_cast<uint32_t>(std::min(next, options.timers.t1.us * 64));
  arm(t.repeat, now + microseconds(t.interval_us), id, true);
}

void Stack::Impl::move(Instant now, TxnId id, Transaction& t, State next) {
  if (next == t.state) return;
  const bool was_reliable_wait = !t.reliable.empty();
  t.state = next;
  if (next == State::terminated) return erase(id, t);
  if (was_reliable_wait) t.reliable = {};
  if (t.is_client() && (next == State::completed || next == State::accepted)) {
    if (t.machine == Machine::client || next == State::accepted) t.packet = {};
    give_up_pursuit(t);
  }
  if (next == State::confirmed) shrink(t);
  if (!start_clocks(now, id, t)) erase(id, t);
}

// Sets both clocks of the state just entered; false when it is over at once, as over reliable transports.
bool Stack::Impl::start_clocks(Instant now, TxnId id, Transaction& t) {
  const Clock& c = clock_of(t.machine, t.state);
  const bool reliable = t.reliable_transport();
  if (c.repeat_after != Span::keep) {
    t.repeat.due = kNever;
    if (const auto after = length(c.repeat_after, options.timers, reliable)) {
      t.interval_us = static_cast<uint32_t>(after->us);
      arm(t.repeat, now + *after, id, true);
    }
  }
  if (c.end_after != Span::keep) {
    t.end.due = kNever;
    if (const auto after = length(c.end_after, options.timers, reliable)) {
      if (*after <= Duration{}) return false;
      arm(t.end, now + *after, id, false);
    }
  }
  return true;
}

void Stack::Impl::arm(Deadline& d, Instant at, TxnId id, bool repeat) {
  d.due = at;
  if (d.armed <= at) return;  // the token under way comes early enough and will be put forward
  d.armed = at;
  timers.arm(at, id.bits() | (repeat ? kRepeatBit : 0));
}

void Stack::Impl::fire(Instant now, Out& out) {
  timers.fire(now, [&](Instant at, uint64_t token) { fire_one(at, now, token, out); });
}

void Stack::Impl::fire_one(Instant at, Instant now, uint64_t token, Out& out) {
  const bool repeat = (token & kRepeatBit) != 0;
  const TxnId id = TxnId::from_bits(token & ~kRepeatBit);
  Transaction* t = table.find(id);
  if (t == nullptr) return;
  Deadline& d = repeat ? t->repeat : t->end;
  if (d.armed != at) return;  // an earlier token took its place
  d.armed = kNever;
  if (d.due > at) {
    if (d.due != kNever) arm(d, d.due, id, repeat);
    return;
  }
  d.due = kNever;
  const Clock& c = clock_of(t->machine, t->state);
  happen(now, id, *t, repeat ? c.repeat : c.end, nullptr, t->flow, out);
}

void Stack::Impl::erase(TxnId id, Transaction& t) {
  unlink(id, t);
  const auto drop = [&](auto& map, uint64_t key) {
    if (const auto at = map.find(key); at != map.end() && at->second == id) map.erase(at);
  };
  if (!t.is_client()) {
    drop(servers, t.key);
    if (t.merge_key != 0) drop(merges, t.merge_key);
  } else if (t.internal) {
    drop(cancels, t.key);
  }
  if (t.cancelled && t.is_client()) waiting_cancels.erase(id.bits());
  give_up_pursuit(t);
  table.erase(id);
}

void Stack::Impl::link(TxnId id, Transaction& t) {
  if (t.linked) unlink(id, t);
  t.linked = true;
  t.way_previous = UINT32_MAX;
  auto [at, fresh] = ways.try_emplace(way_of(t.flow), id.index);
  t.way_next = fresh ? UINT32_MAX : at->second;
  if (!fresh) table.at_index(at->second)->way_previous = id.index;
  at->second = id.index;
}

void Stack::Impl::unlink(TxnId id, Transaction& t) {
  if (!t.linked) return;
  t.linked = false;
  if (t.way_next != UINT32_MAX) table.at_index(t.way_next)->way_previous = t.way_previous;
  if (t.way_previous != UINT32_MAX) {
    table.at_index(t.way_previous)->way_next = t.way_next;
    return;
  }
  const auto at = ways.find(way_of(t.flow));
  CHECK(at != ways.end() && at->second == id.index);
  if (t.way_next == UINT32_MAX) {
    ways.erase(at);
  } else {
    at->second = t.way_next;
  }
}

void Stack::Impl::lost(Instant now, ConnectionId connection, Out& out) {
  if (connection == 0) return;
  Flow flow;
  flow.connection = connection;
  fail_way(now, way_of(flow), true, out);
}

void Stack::Impl::unsent(Instant now, const Flow& flow, Out& out) { fail_way(now, way_of(flow), false, out); }

// RFC 3261 §18.1.1: what was given to a connection that is gone goes, once, over a new one; the same transaction, since
// the peer may have had it, under the clocks that run. Whoever rings has had it, and will answer over a connection of
// its own (§18.2.2). False when there is nowhere to connect to.
bool Stack::Impl::send_anew(TxnId id, Transaction& t, Out& out) {
  const bool waits = t.state == first_state(t.machine), rings = t.state == State::proceeding;
  if (t.flow.connection == 0 || t.reconnect_port == 0 || !(waits || rings)) return false;
  unlink(id, t);
  t.flow.connection = 0;
  t.flow.remote.port = t.reconnect_port;
  link(id, t);
  if (waits) out.transmit.push_back({t.flow, t.packet});
  return true;
}

// Client transactions are sent anew or fail; server transactions will answer over a new connection (RFC 3261 §18.2.2).
void Stack::Impl::fail_way(Instant now, uint64_t way, bool connection_lost, Out& out) {
  std::vector<TxnId> concerned;
  if (const auto at = ways.find(way); at != ways.end()) {
    for (uint32_t i = at->second; i != UINT32_MAX; i = table.at_index(i)->way_next) {
      concerned.push_back({i, table.generation(i)});
    }
  }
  for (const TxnId id : concerned) {
    Transaction* t = table.find(id);
    if (t == nullptr || !t->linked || way_of(t->flow) != way) continue;
    if (!t->is_client()) {
      unlink(id, *t);
      t->flow.connection = 0;
      t->flow.remote.port = t->reconnect_port;
      continue;
    }
    if (send_anew(id, *t, out)) continue;
    // A port that refuses what follows a provisional answer (a CANCEL, say) does not unmake the ringing.
    if (!connection_lost && t->state == State::proceeding) continue;
    if (t->state == State::accepted) {
      unlink(id, *t);
      t->flow.connection = 0;
      continue;
    }
    happen(now, id, *t, Trigger::transport_error, nullptr, t->flow, out);
  }
}

}  // namespace carillon::sip
