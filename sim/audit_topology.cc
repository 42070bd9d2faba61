// Nothing of one leg is shown to the other but the SDP's media addresses.

#include <set>

#include "audit_view.h"

namespace carillon::sim {
namespace {

bool address_char(char c) { return (c >= '0' && c <= '9') || c == '.'; }

// Does the text name this address, not just a longer one that holds it?
bool names(View text, View ip) {
  for (size_t at = text.find(ip); at != View::npos; at = text.find(ip, at + 1)) {
    const bool before = at > 0 && address_char(text[at - 1]);
    const bool after = at + ip.size() < text.size() && address_char(text[at + ip.size()]);
    if (!before && !after) return true;
  }
  return false;
}

View head_of(const Msg& m) { return m.bytes().substr(0, m.bytes().find("\r\n\r\n")); }

void addresses_hidden(const AuditView& v, const char* rule, Findings& out) {
  std::set<std::string> peers, servers;
  for (const Sight& s : v.sights) {
    peers.insert((s.ours ? s.entry->to : s.entry->from).ip_text());
    servers.insert((s.ours ? s.entry->from : s.entry->to).ip_text());
    // What the phone itself believes to be its address, behind a NAT.
    if (!s.ours && s.m->request)
      peers.insert(std::string(host_port_of(s.m->top_via).substr(0, host_port_of(s.m->top_via).rfind(':'))));
  }
  std::map<std::string, std::set<std::string>> known;  // what each peer said itself, by its address
  for (const Sight& s : v.sights) {
    const std::string peer = (s.ours ? s.entry->to : s.entry->from).ip_text();
    if (!s.ours) {
      for (const std::string& ip : peers) {
        if (names(head_of(*s.m), ip)) known[peer].insert(ip);
      }
      continue;
    }
    if (s.repeated || s.m->method == "REGISTER") continue;
    for (const std::string& ip : peers) {
      if (ip == peer || servers.count(ip) != 0 || known[peer].count(ip) != 0) continue;
      if (names(head_of(*s.m), ip)) out.add(rule, s.entry->at, brief(*s.m) + " shows " + ip + " to " + peer);
    }
  }
}

void identifiers_hidden(const AuditView& v, const char* rule, Findings& out) {
  std::map<View, std::set<std::string>> owners;  // Call-ID or tag → peers that know it
  for (const Sight& s : v.sights) {
    const std::string peer = (s.ours ? s.entry->to : s.entry->from).ip_text();
    if (s.ours) continue;
    owners[s.m->call_id].insert(peer);
    if (s.m->request) owners[s.m->from_tag].insert(peer), owners[s.m->branch].insert(peer);
  }
  if (v.sights.size() * owners.size() > 4'000'000) return;  // long runs: the short ones have shown it
  for (const Sight& s : v.sights) {
    if (!s.ours || s.repeated) continue;
    const std::string peer = s.entry->to.ip_text();
    // Whoever watches a line's dialogs is told their names (RFC 4235 §4.1): pickup and barging live by that.
    const View text = s.m->get("Event") == "dialog" ? head_of(*s.m) : s.m->bytes();
    for (const auto& [id, peers] : owners) {
      if (id.size() < 8 || peers.count(peer) != 0) continue;
      if (text.find(id) != View::npos)
        out.add(rule, s.entry->at, brief(*s.m) + " shows '" + std::string(id) + "' to " + peer);
    }
  }
}

void forwards_decremented(const AuditView& v, const char* rule, Findings& out) {
  uint32_t largest = 0, smallest_out = 255;
  for (const Sight& s : v.sights) {
    if (!s.m->is("INVITE") || !s.m->to_tag.empty()) continue;
    if (!s.ours) largest = std::max(largest, number_or(s.m->get("Max-Forwards"), 70));
    if (s.ours) smallest_out = number_or(s.m->get("Max-Forwards"), 255);
    if (s.ours && smallest_out >= largest) out.add(rule, s.entry->at, brief(*s.m) + " Max-Forwards not decremented");
  }
}

}  // namespace

const std::vector<Rule> kTopologyRules = {
    {"topology addresses-hidden", addresses_hidden},
    {"topology identifiers-hidden", identifiers_hidden},
    {"RFC 3261 §16.6 forwards-decremented", forwards_decremented},
};

}  // namespace carillon::sim
