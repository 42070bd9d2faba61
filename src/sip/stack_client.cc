// Client transactions: sent, cancelled, acknowledged.

#include "sip/route_key.h"
#include "sip/stack_impl.h"
#include "sip/transaction/print.h"

namespace carillon::sip {

View Stack::Impl::via_host(const Flow& flow) {
  if (flow.listener < hosts.size() && !hosts[flow.listener].empty()) return hosts[flow.listener];
  host_text = shown_host(options, flow);
  return host_text;
}

void Stack::Impl::append_client_branch(std::string& to, TxnId id, uint64_t random_part) const {
  append_branch(to, {options.shard, id.index, short_generation(id.generation), random_part});
}

TxnId Stack::Impl::request(Instant now, const RequestParts& parts, Out& out) {
  if (table.full()) {
    counts.rejected_full++;
    return {};
  }
  const TxnId id = table.emplace();
  Transaction& t = *table.find(id);
  t.method = method_of(parts.method);
  t.machine = t.method == Method::invite ? Machine::invite_client : Machine::client;
  t.state = first_state(t.machine);
  t.user = parts.user;
  t.key = random.next64();
  if (parts.target.located) {
    if (!pursue(now, id, t, parts, out)) {
      out.events.push_back({EventKind::unreachable, id, t.user, nullptr, {}});
      erase(id, t);
    }
    return id;
  }
  t.flow = parts.target.flow;
  t.reconnect_port = parts.target.reconnect_port;
  std::string branch;
  append_client_branch(branch, id, t.key);
  text.clear();
  append_request(text, parts, via_host(t.flow), t.flow.transport, branch, options.server_header);
  t.packet = Packet(text);
  launch(now, id, t, out);
  return id;
}

// Sends the packet for the first time.
void Stack::Impl::launch(Instant now, TxnId id, Transaction& t, Out& out) {
  link(id, t);
  out.transmit.push_back({t.flow, t.packet});
  start_clocks(now, id, t);
}

void Stack::Impl::cancel(Instant now, TxnId id, View extra, Out& out) {
  Transaction* t = table.find(id);
  if (t == nullptr || t->machine != Machine::invite_client || t->cancelled) return;
  if (t->state != State::calling && t->state != State::proceeding) return;
  t->cancelled = true;
  if (!extra.empty()) waiting_cancels[id.bits()] = extra;
  happen(now, id, *t, Trigger::cancel, nullptr, t->flow, out);
}

// RFC 3261 §9.1: the CANCEL is a transaction of its own with the INVITE's branch; the INVITE waits 64*T1 for its end.
void Stack::Impl::send_cancel(Instant now, TxnId id, Transaction& t, Out& out) {
  t.cancel_sent = true;
  arm(t.end, now + options.timers.t1 * 64, id, false);
  std::string extra;
  if (auto waiting = waiting_cancels.extract(id.bits()); !waiting.empty()) extra = std::move(waiting.mapped());
  text.clear();
  append_sibling(text, t.packet.view(), "CANCEL", {}, extra);
  const Packet packet(text);
  if (table.full() || cancels.contains(t.key)) {
    out.transmit.push_back({t.flow, packet});
    return;
  }
  const TxnId cancel_id = table.emplace();
  Transaction& c = *table.find(cancel_id);
  c.machine = Machine::client;
  c.state = first_state(c.machine);
  c.method = Method::cancel;
  c.internal = true;
  c.key = t.key;
  c.flow = t.flow;
  c.packet = packet;
  cancels[c.key] = cancel_id;
  launch(now, cancel_id, c, out);
}

// RFC 3261 §17.1.1.3.
Packet Stack::Impl::make_ack(const Transaction& t, const Message& response) {
  text.clear();
  append_sibling(text, t.packet.view(), "ACK", response.value(HeaderId::to), {});
  return Packet(text);
}

Transmit Stack::Impl::ack(const RequestParts& parts) {
  Flow flow = parts.target.flow;
  if (parts.target.located) {
    // Without a transaction there is nobody to wait for the DNS: a place that is known, else the given flow.
    if (const auto uri = Uri::parse(parts.target.uri)) {
      Locator locator(*uri);
      if (const auto next = locator.next({}, places, random); next.hop) flow = flow_to(*next.hop);
    }
  }
  std::string branch;
  append_branch(branch, {options.shard, kMaxBranchIndex - 1, 0, random.next64()});
  text.clear();
  append_request(text, parts, via_host(flow), flow.transport, branch, options.server_header);
  return {flow, Packet(text)};
}

}  // namespace carillon::sip
