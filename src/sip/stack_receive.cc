// Matching what comes in to transactions (RFC 3261 §17.1.3, §17.2.3, §9.2).

#include "sip/route_key.h"
#include "sip/stack_impl.h"

namespace carillon::sip {

namespace {

constexpr uint64_t kMergeSeed = 0x6d65726765ull;

Trigger trigger_of(int status) {
  return status < 200 ? Trigger::provisional : status < 300 ? Trigger::success : Trigger::failure;
}

// A response that passed through us would carry a second Via: it was not meant for this place (RFC 3261 §8.1.3.3).
bool single_via(const Message& m) {
  const Header* first = m.find(HeaderId::via);
  if (first == nullptr || m.top_via().text.size() != first->value.size()) return false;
  for (const Header& h : m.headers()) {
    if (h.id == HeaderId::via && &h != first) return false;
  }
  return true;
}

// A NAT may give a phone another port while it waits for its answer: it repeats its request from there, and would never
// hear an answer that goes to where the first came from. Another host's word is not taken for it.
void follow_sender(Transaction& t, const Message& m, const Flow& from) {
  const bool moved = from.transport == Transport::udp && t.flow.transport == Transport::udp &&
                     from.remote.same_ip(t.flow.remote) && from.remote != t.flow.remote;
  if (moved) t.flow.remote = response_flow(m, from).remote;
}

// Are branch and sent-by those of the transaction's request, letter by letter?
bool same_via(const Transaction& t, const Via& via) {
  View text;
  if (!t.echo.empty()) {
    text = t.echo.view().substr(sizeof(Echo));
  } else {
    text = t.packet.view().substr(t.text_at);
  }
  return text.substr(t.branch_at, t.branch_size) == via.branch && text.substr(t.host_at, t.host_size) == via.host;
}

}  // namespace

// RFC 3261 §17.2.3: branch, sent-by and method; of peers without the magic cookie, what RFC 2543 had instead. `method`
// is INVITE for ACK and CANCEL.
uint64_t server_key(const Message& m, Method method) {
  const Via& via = m.top_via();
  const uint64_t seed = static_cast<uint64_t>(via.port) << 8 | static_cast<uint64_t>(method);
  if (via.magic()) {
    const uint64_t sent_by = hash_bytes(via.host, seed);
    const uint64_t branch = hash_bytes(via.branch, sent_by);
    return method == Method::other ? hash_bytes(m.method_name(), branch) : branch;
  }
  uint64_t key = hash_bytes(m.call_id(), seed + m.cseq().number);
  key = hash_bytes(m.from_tag(), key);
  key = hash_bytes(m.request_uri(), key);
  return hash_bytes(via.text, key);
}

uint64_t merge_key(const Message& m) {
  const uint64_t key = hash_bytes(m.from_tag(), hash_bytes(m.call_id(), kMergeSeed + m.cseq().number));
  return key == 0 ? 1 : key;
}

void Stack::Impl::receive(Instant now, const Flow& from, const Message& m, Out& out) {
  settle();
  keyed = nullptr;
  if (!m.is_request()) return on_response(now, from, m, out);
  if (m.method() == Method::ack) return on_ack(now, from, m, out);
  if (m.method() == Method::cancel) return on_cancel(now, from, m, out);
  on_request(now, from, m, out);
}

bool Stack::Impl::holds(const Message& m) {
  TxnId id;
  if (find_server(server_key(m, m.method()), m, id) != nullptr) return true;
  const bool of_invite = m.method() == Method::ack || m.method() == Method::cancel;
  return of_invite && find_server(server_key(m, Method::invite), m, id) != nullptr;
}

Transaction* Stack::Impl::find_server(uint64_t key, const Message& m, TxnId& id) {
  const auto at = servers.find(key);
  if (at == servers.end()) return nullptr;
  Transaction* t = table.find(at->second);
  if (t == nullptr || !same_via(*t, m.top_via())) return nullptr;
  id = at->second;
  return t;
}

Transaction* Stack::Impl::find_client(const Message& m, TxnId& id) {
  const auto key = parse_branch(m.top_via().branch);
  if (!key || key->shard != options.shard) return nullptr;
  const bool cancel = m.method() == Method::cancel;
  if (cancel) {
    const auto at = cancels.find(key->random);
    if (at == cancels.end()) return nullptr;
    id = at->second;
  } else {
    id = {key->index, table.generation(key->index)};
    if (short_generation(id.generation) != key->generation) return nullptr;
  }
  Transaction* t = table.find(id);
  if (t == nullptr || !t->is_client() || t->internal != cancel || t->key != key->random) return nullptr;
  return t->method == m.method() ? t : nullptr;
}

void Stack::Impl::on_response(Instant now, const Flow& from, const Message& m, Out& out) {
  TxnId id;
  Transaction* t = find_client(m, id);
  if (t == nullptr || !single_via(m)) {
    counts.stray_responses++;
    return;
  }
  if (t->flow.connection == 0 && from.connection != 0 && t->flow.transport == from.transport && t->linked) {
    unlink(id, *t);
    t->flow.connection = from.connection;
    link(id, *t);
  }
  if (t->pursuit != nullptr && t->pursuit->hop && m.status() != 503) places.mark_alive(*t->pursuit->hop);
  const Trigger trigger = trigger_of(m.status());
  if (step(t->machine, t->state, trigger).action != Action::pass_up && t->state != State::calling &&
      t->state != State::proceeding) {
    counts.received_retransmissions++;
  }
  happen(now, id, *t, trigger, &m, from, out);
}

void Stack::Impl::on_request(Instant now, const Flow& from, const Message& m, Out& out) {
  keyed = &m, keyed_as = server_key(m, m.method());
  TxnId id;
  if (Transaction* t = find_server(keyed_as, m, id)) {
    counts.received_retransmissions++;
    follow_sender(*t, m, from);
    happen(now, id, *t, Trigger::request, &m, from, out);
    return;
  }
  if (screen(from, m, out)) return;
  out.events.push_back({EventKind::request, {}, 0, &m, from});
}

void Stack::Impl::on_ack(Instant now, const Flow& from, const Message& m, Out& out) {
  const uint64_t key = server_key(m, Method::invite);
  TxnId id;
  Transaction* t = find_server(key, m, id);
  if (t == nullptr && !m.to_tag().empty()) {
    // The ACK of a 2xx has a branch of its own (RFC 3261 §13.2.2.4).
    const auto at = merges.find(merge_key(m));
    if (at != merges.end()) id = at->second, t = table.find(id);
    if (t != nullptr && t->machine != Machine::invite_server) t = nullptr;
  }
  if (t != nullptr) return happen(now, id, *t, Trigger::ack, &m, from, out);
  if (m.to_tag().empty()) return;
  std::string ours;
  append_stack_tag(ours, key);
  if (m.to_tag() == ours) return;  // for a stateless answer of ours
  out.events.push_back({EventKind::ack, {}, 0, &m, from});
}

// RFC 3261 §9.2. A CANCEL is hop by hop: one from another host is not from whoever sent the INVITE (§22.1). It has a
// transaction of its own, so that a repetition is answered alike when the INVITE's has ended.
void Stack::Impl::on_cancel(Instant now, const Flow& from, const Message& m, Out& out) {
  TxnId id;
  if (Transaction* t = find_server(server_key(m, Method::cancel), m, id)) {
    counts.received_retransmissions++;
    return happen(now, id, *t, Trigger::request, &m, from, out);
  }
  const uint64_t key = server_key(m, Method::invite);
  Transaction* t = find_server(key, m, id);
  if (t == nullptr || !t->flow.remote.same_ip(from.remote)) return reply(from, m, {.status = 481}, out);
  const TxnId own = accept(now, {EventKind::request, {}, 0, &m, from}, false, out);
  if (own.valid()) {
    std::string tag;  // that of a stateless answer to the INVITE
    append_stack_tag(tag, key);
    respond(now, own, {.status = 200, .to_tag = tag}, 0, out);
  } else {
    reply(from, m, {.status = 200}, out);
  }
  t = table.find(id);
  happen(now, id, *t, Trigger::cancel, &m, from, out);
}

}  // namespace carillon::sip
