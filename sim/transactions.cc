#include "transactions.h"

#include <algorithm>

namespace carillon::sim {

std::string Transactions::key_of(const Msg& m) {
  const View method = m.method == "ACK" ? View("INVITE") : m.method;
  std::string key(m.branch);
  key += '|';
  key += method;
  if (m.request) {
    key += '|';
    key += host_port_of(m.top_via);
  }
  return key;
}

void Transactions::request(std::string bytes, Answer answer) {
  const auto m = Msg::read(bytes);
  if (!m) return;
  std::string key(m->branch);
  key += '|';
  key += m->method;
  Client c;
  c.bytes = std::move(bytes);
  c.answer = std::move(answer);
  c.invite = m->method == "INVITE";
  c.id = next_++;
  const uint64_t id = c.id;
  send_(c.bytes);
  clients_[key] = std::move(c);
  if (!reliable) world_.after(t1, [this, key, id] { resend_request(key, id, t1); });
  world_.after(t1 * 64, [this, key, id] { give_up(key, id); });
}

void Transactions::resend_request(const std::string& key, uint64_t id, Duration interval) {
  const auto found = clients_.find(key);
  if (found == clients_.end() || found->second.id != id || found->second.done) return;
  Client& c = found->second;
  if (c.invite && c.provisional) return;
  send_(c.bytes);
  Duration next = interval * 2;
  if (!c.invite) next = c.provisional ? t2 : std::min(next, t2);
  world_.after(next, [this, key, id, next] { resend_request(key, id, next); });
}

void Transactions::give_up(const std::string& key, uint64_t id) {
  const auto found = clients_.find(key);
  if (found == clients_.end() || found->second.id != id || found->second.done) return;
  if (found->second.invite && found->second.provisional) return;
  const Answer answer = std::move(found->second.answer);
  clients_.erase(found);
  answer(nullptr);
}

std::string Transactions::ack_for(const std::string& invite, const Msg& response) {
  const auto m = Msg::read(invite);
  std::string s = "ACK " + std::string(m->uri) + " SIP/2.0\r\nVia: " + std::string(m->top_via) + "\r\n";
  for (View name : {"Max-Forwards", "From", "Call-ID", "Route", "Authorization"}) {
    if (m->has(name)) s += std::string(name) + ": " + std::string(m->get(name)) + "\r\n";
  }
  s += "To: " + std::string(response.get("To")) + "\r\nCSeq: " + std::to_string(m->cseq) +
       " ACK\r\nContent-Length: 0\r\n\r\n";
  return s;
}

bool Transactions::response(const Msg& m) {
  const auto found = clients_.find(key_of(m));
  if (found == clients_.end()) return false;
  Client& c = found->second;
  if (m.status < 200) {
    c.provisional = true;
    const Answer copy = c.answer;
    if (!c.done) copy(&m);
    return true;
  }
  const bool first = !c.done;
  c.done = true;
  if (c.invite && m.status >= 300) {
    if (first) c.ack = ack_for(c.bytes, m);
    send_(c.ack);
  }
  if (first) {
    const uint64_t id = c.id;
    world_.after(t1 * 64, [this, key = found->first, id] {
      const auto still = clients_.find(key);
      if (still != clients_.end() && still->second.id == id) clients_.erase(still);
    });
  }
  const Answer copy = c.answer;
  if (first || (c.invite && m.status < 300)) copy(&m);
  return true;
}

bool Transactions::pending(const std::string& branch) const {
  const auto found = clients_.find(branch + "|INVITE");
  return found != clients_.end() && !found->second.done;
}

bool Transactions::absorb(const Msg& m) {
  const auto found = servers_.find(key_of(m));
  if (found == servers_.end()) return false;
  Server& s = found->second;
  if (m.method == "ACK") {
    if (s.status < 300) return false;
    s.acknowledged = true;
    return true;
  }
  if (!s.response.empty()) send_(s.response);
  return true;
}

void Transactions::respond(const Msg& request, int status, std::string bytes) {
  const std::string key = key_of(request);
  Server& s = servers_[key];
  if (s.status >= 200) return;
  const bool first = s.id == 0;
  if (first) s.id = next_++;
  s.invite = request.method == "INVITE";
  s.call_id = request.call_id;
  s.cseq = request.cseq;
  s.status = status;
  s.response = std::move(bytes);
  send_(s.response);
  if (status < 200) return;
  const uint64_t id = s.id;
  const Instant until = world_.now() + t1 * 64;
  if (s.invite && (!reliable || status < 300)) {
    world_.after(t1, [this, key, id, until] { resend_response(key, id, t1, until); });
  }
  world_.at(until, [this, key, id] {
    const auto still = servers_.find(key);
    if (still == servers_.end() || still->second.id != id) return;
    const Server over = still->second;
    servers_.erase(still);
    if (over.invite && over.status < 300 && !over.acknowledged && on_no_ack) on_no_ack(over.call_id);
  });
}

void Transactions::resend_response(const std::string& key, uint64_t id, Duration interval, Instant until) {
  const auto found = servers_.find(key);
  if (found == servers_.end() || found->second.id != id || found->second.acknowledged) return;
  if (world_.now() >= until) return;
  send_(found->second.response);
  const Duration next = std::min(interval * 2, t2);
  world_.after(next, [this, key, id, next, until] { resend_response(key, id, next, until); });
}

bool Transactions::acknowledged(const std::string& call_id, uint32_t cseq) {
  for (auto& [key, s] : servers_) {
    if (!s.invite || s.call_id != call_id || s.cseq != cseq || s.status >= 300 || s.status < 200) continue;
    const bool was = s.acknowledged;
    s.acknowledged = true;
    return !was;
  }
  return false;
}

std::optional<bool> Transactions::answered(const Msg& cancel) const {
  std::string key(cancel.branch);
  key += "|INVITE|";
  key += host_port_of(cancel.top_via);
  const auto found = servers_.find(key);
  if (found == servers_.end()) return {};
  return found->second.status >= 200;
}

}  // namespace carillon::sim
