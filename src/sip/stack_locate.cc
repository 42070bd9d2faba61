// RFC 3263: from a URI to the place that answers.

#include "sip/route_key.h"
#include "sip/stack_impl.h"
#include "sip/transaction/print.h"

namespace carillon::sip {

namespace {

constexpr size_t kLargeRequest = 1300;  // RFC 3261 §18.1.1

}  // namespace

// Begins; false when there is nothing to try.
bool Stack::Impl::pursue(Instant now, TxnId id, Transaction& t, const RequestParts& parts, Out& out) {
  const auto uri = Uri::parse(parts.target.uri);
  if (!uri) return false;
  t.pursuit = std::make_unique<Pursuit>(*uri);
  text.clear();
  append_request(text, parts, "invalid", Transport::udp, "invalid", options.server_header);
  t.pursuit->request = Packet(text);
  // However slow the DNS, the transaction ends with Timer B or F.
  arm(t.end, now + options.timers.t1 * 64, id, false);
  return advance(now, id, t, out);
}

// Goes to the next place, or asks for it; false when there is none.
bool Stack::Impl::advance(Instant now, TxnId id, Transaction& t, Out& out) {
  Pursuit& p = *t.pursuit;
  if (p.then_udp) {
    const Hop hop = *p.then_udp;
    p.then_udp.reset();
    go(now, id, t, hop, out);
    return true;
  }
  Locator::Next next = p.locator.next(now, places, random);
  if (next.question) {
    p.query = ++last_query;
    queries[p.query] = id;
    out.lookups.push_back({p.query, next.question->kind, std::move(next.question->name)});
    return true;
  }
  if (!next.hop) return false;
  Hop hop = *next.hop;
  if (hop.transport == Transport::udp && p.request.view().size() > kLargeRequest) {
    p.then_udp = hop;
    hop.transport = Transport::tcp;
  }
  go(now, id, t, hop, out);
  return true;
}

void Stack::Impl::go(Instant now, TxnId id, Transaction& t, Hop hop, Out& out) {
  t.pursuit->hop = hop;
  t.flow = flow_to(hop);
  t.key = random.next64();  // a new branch for each place (RFC 3263 §4.3)
  std::string branch;
  append_client_branch(branch, id, t.key);
  text.clear();
  append_with_via(text, t.pursuit->request.view(), via_host(t.flow), t.flow.transport, branch);
  t.packet = Packet(text);
  launch(now, id, t, out);
}

// After a failure: the next place, unless nobody wants the request any more. False when there is none.
bool Stack::Impl::next_place(Instant now, TxnId id, Transaction& t, Out& out) {
  if (t.cancelled || t.packet.empty()) return false;  // empty: still waiting for the DNS
  if (t.pursuit->hop && !t.pursuit->then_udp) places.mark_dead(now, *t.pursuit->hop);
  unlink(id, t);
  const State before = t.state;
  t.state = first_state(t.machine);
  t.repeat.due = kNever;
  if (!advance(now, id, t, out)) {
    t.state = before;
    return false;
  }
  if (t.pursuit->query != 0) {
    t.packet = {};
    t.flow = {};
    t.key = random.next64();  // late answers of the last place find nothing
    arm(t.end, now + options.timers.t1 * 64, id, false);
  }
  return true;
}

void Stack::Impl::located(Instant now, uint64_t query, const DnsAnswer& answer, Out& out) {
  const auto at = queries.find(query);
  if (at == queries.end()) return;
  const TxnId id = at->second;
  queries.erase(at);
  Transaction* t = table.find(id);
  if (t == nullptr || t->pursuit == nullptr) return;
  t->pursuit->query = 0;
  t->pursuit->locator.answer(now, answer, places, random);
  if (!t->cancelled && advance(now, id, *t, out)) return;
  give_up_pursuit(*t);
  happen(now, id, *t, Trigger::transport_error, nullptr, t->flow, out);
}

void Stack::Impl::give_up_pursuit(Transaction& t) {
  if (t.pursuit == nullptr) return;
  if (t.pursuit->query != 0) queries.erase(t.pursuit->query);
  t.pursuit.reset();
}

// From our listener of the transport and family; any connection to the place will do.
Flow Stack::Impl::flow_to(const Hop& hop) const {
  Flow flow{.transport = hop.transport, .remote = hop.address};
  flow.listener = UINT16_MAX;
  for (size_t i = 0; i < options.listeners.size(); i++) {
    const Listener& l = options.listeners[i];
    const bool family = l.bound.is_any() || l.bound.is_v4() == hop.address.is_v4();
    if (l.transport != hop.transport || !family) continue;
    flow.listener = static_cast<uint16_t>(i);
    flow.local = l.bound;
    if (l.bound.is_v4() == hop.address.is_v4()) break;
  }
  return flow;
}

}  // namespace carillon::sip
