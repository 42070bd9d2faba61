#include "audit.h"

#include <set>

#include "audit_view.h"

namespace carillon::sim {

std::string brief(const Msg& m) {
  std::string s = m.request ? std::string(m.method) : std::to_string(m.status) + " to " + std::string(m.method);
  return s + " (CSeq " + std::to_string(m.cseq) + ", Call-ID " + std::string(m.call_id.substr(0, 24)) + ")";
}

namespace {

std::string exchange_key(const Sight& s) {
  const Msg& m = *s.m;
  const bool request_ours = m.request ? s.ours : !s.ours;
  const View method = m.method == "ACK" ? View("INVITE") : m.method;
  std::string key = request_ours ? "out|" : "in|";
  key.append(m.branch).append("|").append(method);
  if (!request_ours) key.append("|").append(host_port_of(m.top_via));
  return key;
}

void sort_in(AuditView& v) {
  for (const Sight& s : v.sights) {
    Conversation& c = v.conversations[std::string(s.m->call_id)];
    if (c.all.empty()) c.ours = s.ours == s.m->request;
    c.all.push_back(&s);
    const std::string key = exchange_key(s);
    if (s.m->is("ACK")) {  // of a 2xx: a branch of its own, and no transaction
      const auto found = v.exchanges.find(key);
      if (found != v.exchanges.end()) found->second.acks.push_back(&s);
      continue;
    }
    Exchange& e = v.exchanges[key];
    if (e.requests.empty() && s.m->request) e.ours = s.ours, e.life = s.entry->life, e.method = s.m->method;
    (s.m->request ? e.requests : e.responses).push_back(&s);
  }
}

}  // namespace

AuditView view_of(const Trace& trace, const AuditOptions& options) {
  AuditView v;
  v.options = options;
  std::set<std::string> seen;
  for (const Entry& e : trace.entries()) {
    v.end = e.at;
    if (e.kind == Entry::Kind::note && e.text.rfind("server starts", 0) == 0) v.starts.push_back(e.at);
    if (e.kind != Entry::Kind::sent && e.kind != Entry::Kind::received) continue;
    if (!e.message) continue;
    const bool ours = e.kind == Entry::Kind::sent;
    const bool fresh = seen.insert((ours ? "o" : "i") + std::string(e.message->bytes())).second;
    v.sights.push_back({&e, &*e.message, ours, !fresh});
  }
  sort_in(v);
  return v;
}

bool waived(const std::vector<Waiver>& waivers, const std::string& rule) {
  for (const Waiver& w : waivers) {
    if (rule.size() >= w.rule.size() && rule.compare(rule.size() - w.rule.size(), w.rule.size(), w.rule) == 0)
      return true;
  }
  return false;
}

std::vector<Finding> audit(const Trace& trace, const AuditOptions& options) {
  const AuditView v = view_of(trace, options);
  Findings findings;
  for (const Entry& e : trace.entries()) {
    if (e.kind == Entry::Kind::sent && !e.message)
      findings.add("RFC 3261 §7 readable", e.at, "we sent what cannot be read: " + e.text);
  }
  for (const auto* rules : {&kMessageRules, &kTransactionRules, &kDialogRules, &kTopologyRules, &kEventRules}) {
    for (const Rule& rule : *rules) rule.check(v, rule.name, findings);
  }
  std::erase_if(findings.all(), [&](const Finding& f) { return waived(options.waivers, f.rule); });
  return std::move(findings.all());
}

std::vector<std::string> audit_rules() {
  std::vector<std::string> names = {"RFC 3261 §7 readable"};
  for (const auto* rules : {&kMessageRules, &kTransactionRules, &kDialogRules, &kTopologyRules, &kEventRules}) {
    for (const Rule& rule : *rules) names.emplace_back(rule.name);
  }
  return names;
}

}  // namespace carillon::sim
