// Server transactions: made, answered, acknowledged.

#include <algorithm>
#include <cstring>

#include "sip/route_key.h"
#include "sip/stack_impl.h"
#include "sip/transaction/print.h"

namespace carillon::sip {

namespace {

Echo echo_of(View kept) {
  Echo echo;
  std::memcpy(&echo, kept.data(), sizeof(echo));
  return echo;
}

Trigger trigger_of(int status) {
  return status < 200 ? Trigger::send_provisional : status < 300 ? Trigger::send_success : Trigger::send_failure;
}

}  // namespace

TxnId Stack::Impl::accept(Instant now, const Event& request, bool provisional, Out& out) {
  const Message& m = *request.message;
  if (table.full()) {
    counts.rejected_full++;
    return {};
  }
  settle();
  const uint64_t key = key_of(m);
  const auto [at, is_new] = servers.try_emplace(key);
  if (!is_new) return same_request(at->second, m);
  const TxnId id = table.emplace();
  at->second = id;
  Transaction& t = *table.find(id);
  t.key = key;
  t.method = m.method();
  t.machine = t.method == Method::invite ? Machine::invite_server : Machine::server;
  t.state = first_state(t.machine);
  t.flow = response_flow(m, request.flow);
  t.reconnect_port = sent_by_port(m.top_via(), t.flow.transport);
  echo_text.assign(sizeof(Echo), '\0');
  const Echo echo = append_echo(echo_text, m, request.flow);
  std::memcpy(echo_text.data(), &echo, sizeof(echo));
  fresh = id;
  t.branch_at = echo.branch_at, t.branch_size = echo.branch_size;
  t.host_at = echo.host_at, t.host_size = echo.host_size;
  if (watches_merges(m)) t.merge_key = merge_key(m), merges.insert_or_assign(t.merge_key, id);
  if (t.reliable_transport()) link(id, t);
  start_clocks(now, id, t);
  if (provisional && t.method == Method::invite) respond(now, id, {.status = 100}, 0, out);
  return id;
}

// accept() was called for a request whose key is taken: by itself, or (one in 2^64) by another.
TxnId Stack::Impl::same_request(TxnId taken, const Message& m) {
  TxnId id;
  return find_server(key_of(m), m, id) != nullptr ? taken : TxnId();
}

// Keeps the echo of the last accepted request, unless that was answered for good meanwhile.
void Stack::Impl::settle() {
  if (!fresh.valid()) return;
  Transaction* t = table.find(fresh);
  fresh = {};
  if (t != nullptr && (t->state == State::trying || t->state == State::proceeding)) t->echo = Packet(echo_text);
}

void Stack::Impl::append_stack_tag(std::string& to, uint64_t key) const {
  append_tag(to, {options.shard, 0, hash_mix(key, secret)});
}

void Stack::Impl::respond(Instant now, TxnId id, const ResponseParts& parts, uint32_t rseq, Out& out) {
  Transaction* t = table.find(id);
  if (t == nullptr || t->is_client()) return;
  const Trigger trigger = trigger_of(parts.status);
  if (step(t->machine, t->state, trigger).action != Action::send) return;  // the final response was given
  std::string made;
  if (parts.to_tag.empty() && parts.status != 100) append_stack_tag(made, t->key);
  text.clear();
  const View echo = id == fresh ? View(echo_text) : t->echo.view();
  const size_t via_at = append_response(text, parts, echo_of(echo), echo.substr(sizeof(Echo)), t->method,
                                        parts.to_tag.empty() ? View(made) : parts.to_tag, options.server_header);
  t->packet = Packet(text);
  t->text_at = static_cast<uint32_t>(via_at);
  out.transmit.push_back({t->flow, t->packet});
  counts.sent_responses[parts.status / 100]++;
  if (trigger != Trigger::send_provisional) {
    t->echo = {};
  } else if (rseq != 0 && t->machine == Machine::invite_server) {
    t->reliable = t->packet;
    t->interval_us = static_cast<uint32_t>(options.timers.t1.us);
    arm(t->repeat, now + options.timers.t1, id, true);
    arm(t->end, now + options.timers.t1 * 64, id, false);
  }
  happen(now, id, *t, trigger, nullptr, t->flow, out);
}

void Stack::Impl::reply(const Flow& from, const Message& m, const ResponseParts& parts, Out& out, Trust trust) {
  if (!m.is_request() || m.method() == Method::ack) return;
  settle();
  std::string made;
  // A CANCEL and its INVITE are answered with the same tag (RFC 3261 §9.2).
  const Method matched = m.method() == Method::cancel ? Method::invite : m.method();
  if (parts.to_tag.empty() && parts.status != 100) {
    append_stack_tag(made, matched == m.method() ? key_of(m) : server_key(m, matched));
  }
  echo_text.clear();
  const Echo echo = append_echo(echo_text, m, from, trust);
  text.clear();
  append_response(text, parts, echo, echo_text, m.method(), parts.to_tag.empty() ? View(made) : parts.to_tag,
                  options.server_header);
  out.transmit.push_back({response_flow(m, from), Packet(text)});
  counts.sent_responses[parts.status / 100]++;
}

void Stack::Impl::acked(TxnId id) {
  Transaction* t = table.find(id);
  if (t == nullptr || t->machine != Machine::invite_server || t->state != State::accepted || t->acked) return;
  t->acked = true;
  t->repeat.due = kNever;
  shrink(*t);
}

void Stack::Impl::pracked(TxnId id) {
  Transaction* t = table.find(id);
  if (t == nullptr || t->machine != Machine::invite_server || t->reliable.empty()) return;
  t->reliable = {};
  t->repeat.due = kNever;
  t->end.due = kNever;
}

// The response cannot be sent again: only what the Via is compared with stays.
void Stack::Impl::shrink(Transaction& t) {
  const size_t end = std::max<size_t>(t.branch_at + t.branch_size, t.host_at + t.host_size);
  t.packet = Packet(t.packet.view().substr(t.text_at, end));
  t.text_at = 0;
}

}  // namespace carillon::sip
