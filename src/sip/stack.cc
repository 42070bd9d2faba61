#include "sip/stack.h"

#include "sip/route_key.h"
#include "sip/stack_impl.h"

namespace carillon::sip {

static_assert(limits::kTransactions < kMaxBranchIndex);
static_assert(sizeof(Transaction) <= 256, "two million of these wait for Timer J under load");

Transaction::Transaction() = default;
Transaction::~Transaction() = default;

Stack::Impl::Impl(StackOptions o, Random& r) : options(std::move(o)), random(r), secret(r.next64()) {
  for (const Listener& l : options.listeners) {
    Flow flow{.transport = l.transport, .local = l.bound};
    flow.listener = static_cast<uint16_t>(hosts.size());
    hosts.push_back(l.host.empty() && l.bound.is_any() ? std::string() : shown_host(options, flow));
  }
}

Stack::Stack(StackOptions options, Random& random) : impl_(std::make_unique<Impl>(std::move(options), random)) {}
Stack::~Stack() = default;

void Stack::receive(Instant now, const Flow& from, const Message& message, Out& out) {
  impl_->receive(now, from, message, out);
}
bool Stack::holds(const Message& request) const { return impl_->holds(request); }
void Stack::refuse(const Flow& from, const Message& message, const ParseFault& fault, Out& out) {
  impl_->refuse(from, message, fault, out);
}
void Stack::lost(Instant now, ConnectionId connection, Out& out) { impl_->lost(now, connection, out); }
void Stack::unsent(Instant now, const Flow& flow, Out& out) { impl_->unsent(now, flow, out); }
void Stack::located(Instant now, uint64_t query, const DnsAnswer& answer, Out& out) {
  impl_->located(now, query, answer, out);
}
void Stack::fire(Instant now, Out& out) { impl_->fire(now, out); }
Instant Stack::next_deadline() const { return impl_->timers.next(); }

TxnId Stack::accept(Instant now, const Event& request, bool provisional, Out& out) {
  return impl_->accept(now, request, provisional, out);
}
void Stack::respond(Instant now, TxnId txn, const ResponseParts& response, Out& out, uint32_t reliable_rseq) {
  impl_->respond(now, txn, response, reliable_rseq, out);
}
void Stack::reply(const Event& request, const ResponseParts& response, Out& out) {
  impl_->reply(request.flow, *request.message, response, out);
}
void Stack::acked(TxnId invite) { impl_->acked(invite); }
void Stack::pracked(TxnId invite) { impl_->pracked(invite); }

TxnId Stack::request(Instant now, const RequestParts& request, Out& out) { return impl_->request(now, request, out); }
void Stack::cancel(Instant now, TxnId invite, View extra_headers, Out& out) {
  impl_->cancel(now, invite, extra_headers, out);
}
void Stack::disown(TxnId client, uint64_t user) {
  Transaction* t = impl_->table.find(client);
  if (t != nullptr && t->is_client()) t->user = user;
}
Transmit Stack::ack(const RequestParts& ack) { return impl_->ack(ack); }
Flow Stack::flow_of(TxnId client) const {
  const Transaction* t = impl_->table.find(client);
  return t == nullptr ? Flow() : t->flow;
}

std::string Stack::mint_tag(uint64_t owner_bits) {
  std::string tag;
  append_tag(tag, {impl_->options.shard, owner_bits & kOwnerMask, impl_->random.next64()});
  return tag;
}
std::string Stack::mint_call_id() {
  return sip::mint_call_id(impl_->options.shard, impl_->options.shards, impl_->random);
}

const Stack::Counters& Stack::counters() const { return impl_->counts; }
size_t Stack::transactions() const { return impl_->table.size(); }

std::string shown_host(const StackOptions& options, const Flow& flow) {
  const Listener* l = flow.listener < options.listeners.size() ? &options.listeners[flow.listener] : nullptr;
  std::string host(l != nullptr ? l->host : View());
  if (host.empty()) host = (flow.local.is_any() && l != nullptr ? l->bound : flow.local).host_text();
  uint16_t port = l != nullptr ? l->port : 0;
  if (port == 0) port = l != nullptr && l->bound.port != 0 ? l->bound.port : flow.local.port;
  if (port != 0 && port != (flow.transport == Transport::tls ? 5061 : 5060)) host += ':' + std::to_string(port);
  return host;
}

}  // namespace carillon::sip
