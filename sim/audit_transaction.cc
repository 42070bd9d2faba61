// Rules about requests and their responses.

#include <algorithm>
#include <set>

#include "audit_view.h"
#include "base/text.h"

namespace carillon::sim {
namespace {

constexpr Duration kSlack = milliseconds(30);  // granularity of timers, and a turn

// Calls f for each transaction that we answer, or that we began.
template <typename F>
void each_exchange(const AuditView& v, bool ours, F&& f) {
  for (const auto& [key, e] : v.exchanges) {
    if (!e.requests.empty() && e.ours == ours) f(e);
  }
}

bool last_life(const AuditView& v, uint32_t life) { return v.starts.empty() || life == v.starts.size(); }

// Had the other side time enough to get an answer?
bool over(const AuditView& v, const Exchange& e) {
  return v.options.complete && last_life(v, e.life) && e.requests[0]->entry->at + v.options.t1 * 64 < v.end;
}

void one_final(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, false, [&](const Exchange& e) {
    // A challenge may be stateless (RFC 3261 §8.2.7): what a repetition gets long after it is another matter.
    // To a phone that a NAT has moved meanwhile its Via is told otherwise, and nothing else.
    std::set<std::pair<Address, View>> finals;
    std::set<Address> places;
    std::set<std::pair<int, View>> meanings;
    for (const Sight* s : e.responses) {
      if (s->m->status < 200 || s->entry->life != e.life) continue;
      if (s->m->status == 401 && e.method != "INVITE") return;
      if (s->m->status == 401) continue;
      finals.insert({s->entry->to, s->m->bytes()}), places.insert(s->entry->to);
      meanings.insert({s->m->status, s->m->to_tag});
    }
    if (finals.size() > places.size() || meanings.size() > 1)
      out.add(rule, e.requests[0]->entry->at, brief(*e.requests[0]->m) + " got different finals");
  });
}

void final_given(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, false, [&](const Exchange& e) {
    if (!over(v, e)) return;
    for (const Sight* s : e.responses) {
      if (s->m->status >= 200) return;
    }
    out.add(rule, e.requests[0]->entry->at, brief(*e.requests[0]->m) + " never got a final response");
  });
}

void no_1xx_after_final(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, false, [&](const Exchange& e) {
    bool final = false;
    for (const Sight* s : e.responses) {
      // A challenge may be stateless, and the next life of a killed server knows nothing of its last one's answers.
      if (s->m->status == 401 || s->entry->life != e.life) continue;
      if (final && s->m->status < 200) out.add(rule, s->entry->at, brief(*s->m) + " after a final response");
      final = final || s->m->status >= 200;
    }
  });
}

void trying_in_time(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, false, [&](const Exchange& e) {
    if (e.method != "INVITE" || !last_life(v, e.life)) return;
    const Instant by = e.requests[0]->entry->at + milliseconds(200) + kSlack + v.options.unknown * 4;
    if (by > v.end || (!e.responses.empty() && e.responses[0]->entry->at <= by)) return;
    out.add(rule, e.requests[0]->entry->at, brief(*e.requests[0]->m) + " got nothing within 200 ms");
  });
}

View without_params(View via) { return via.substr(0, via.find(';')); }

bool copies(const Msg& response, const Msg& request, std::string& what) {
  const auto theirs = request.values("Via"), ours = response.values("Via");
  what = "Via";
  if (theirs.size() != ours.size()) return false;
  for (size_t i = 0; i < ours.size(); i++) {
    const bool same = i == 0 ? without_params(ours[i]) == without_params(theirs[i]) && response.branch == request.branch
                             : ours[i] == theirs[i];
    if (!same) return false;
  }
  for (View name : {"From", "Call-ID", "CSeq"}) {
    what = std::string(name);
    if (response.get(name) != request.get(name)) return false;
  }
  what = "To";
  return response.get("To").substr(0, request.get("To").size()) == request.get("To");
}

void response_copies(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, false, [&](const Exchange& e) {
    for (const Sight* s : e.responses) {
      std::string what;
      bool any = false;
      for (const Sight* q : e.requests) any = any || copies(*s->m, *q->m, what);
      if (!any) out.add(rule, s->entry->at, brief(*s->m) + " does not copy " + what);
    }
  });
}

// RFC 3261 §18.2.2: when its connection is gone a response goes over a new one, to the port in the Via.
bool over_new_connection(const Sight& response, const Sight& request) {
  const Entry& e = *response.entry;
  const View via = host_port_of(request.m->top_via);
  const size_t colon = via.rfind(':');
  const uint32_t port = colon == View::npos ? 5060 : number_or(via.substr(colon + 1), 0);
  return e.stream && e.to.same_ip(request.entry->from) && e.to.port == port;
}

void response_returns(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, false, [&](const Exchange& e) {
    std::set<Address> froms, tos;
    for (const Sight* q : e.requests) froms.insert(q->entry->from), tos.insert(q->entry->to);
    for (const Sight* s : e.responses) {
      const bool back = froms.count(s->entry->to) != 0 || over_new_connection(*s, *e.requests[0]);
      if (!back) out.add(rule, s->entry->at, brief(*s->m) + " went elsewhere");
      if (tos.count(s->entry->from) == 0) out.add(rule, s->entry->at, brief(*s->m) + " left from another address");
    }
  });
}

void received_and_rport(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, false, [&](const Exchange& e) {
    if (!param_of(e.requests[0]->m->top_via, "rport")) return;
    for (const Sight* s : e.responses) {
      const View via = s->m->top_via;
      if (over_new_connection(*s, *e.requests[0])) continue;  // the response says how the request came
      // Who repeats the request from another port, when a NAT has moved it, gets the same answer there.
      const bool right = std::ranges::any_of(e.requests, [&](const Sight* q) {
        return number_or(param_or(via, "rport", ""), 0) == q->entry->from.port &&
               param_or(via, "received", "") == q->entry->from.ip_text() && q->entry->from.same_ip(s->entry->to);
      });
      if (!right) out.add(rule, s->entry->at, brief(*s->m) + " Via " + std::string(via));
    }
  });
}

void same_request_resent(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, true, [&](const Exchange& e) {
    for (const Sight* q : e.requests) {
      if (q->m->bytes() != e.requests[0]->m->bytes())
        out.add(rule, q->entry->at, brief(*q->m) + " shares its branch with another");
    }
    bool success = false;
    for (const Sight* r : e.responses) success = success || (r->m->status >= 200 && r->m->status < 300);
    if (success && !e.acks.empty()) out.add(rule, e.acks[0]->entry->at, "the ACK of a 2xx has the INVITE's branch");
  });
}

void resend_intervals(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, true, [&](const Exchange& e) {
    const bool invite = e.method == "INVITE";
    if (e.requests[0]->entry->stream) {
      // Once over a connection that was gone, once over a new one (§18.1.1).
      if (e.requests.size() > 2)
        out.add(rule, e.requests[2]->entry->at, brief(*e.requests[2]->m) + " resent over a stream");
      return;
    }
    Duration expected = v.options.t1;
    Instant provisional = kNever, final = kNever;
    for (const Sight* r : e.responses) {
      Instant& first = r->m->status < 200 ? provisional : final;
      first = std::min(first, r->entry->at + v.options.unknown);
    }
    for (size_t i = 1; i < e.requests.size(); i++) {
      const Instant at = e.requests[i]->entry->at;
      if (at > final || (invite && at > provisional))
        out.add(rule, at, brief(*e.requests[i]->m) + " resent after a response");
      if (at > provisional) continue;  // a non-INVITE goes over to T2
      const Duration gap = at - e.requests[i - 1]->entry->at;
      if (gap < expected - kSlack || gap > expected + kSlack) {
        out.add(rule, at, brief(*e.requests[i]->m) + " resent after " + std::to_string(gap.milliseconds()) + " ms");
      }
      expected = invite ? expected * 2 : std::min(expected * 2, v.options.t2);
    }
    if (e.requests.size() > (invite ? 7u : 11u))
      out.add(rule, e.requests[0]->entry->at, brief(*e.requests[0]->m) + " resent too often");
  });
}

void failure_acked(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, true, [&](const Exchange& e) {
    if (e.method != "INVITE") return;
    size_t failures = 0;
    for (const Sight* r : e.responses) {
      const bool counts = r->m->status >= 300 && r->entry->life == e.life &&
                          r->entry->at < e.requests[0]->entry->at + v.options.t1 * 64;
      failures += counts;
    }
    if (failures > e.acks.size())
      out.add(rule, e.requests[0]->entry->at, brief(*e.requests[0]->m) + ": a failure was not ACKed");
    for (const Sight* a : e.acks) {
      const Msg& q = *e.requests[0]->m;
      const bool alike = a->m->cseq == q.cseq && a->m->uri == q.uri && a->m->get("From") == q.get("From") &&
                         a->m->call_id == q.call_id;
      if (!alike || a->m->top_via != q.top_via) out.add(rule, a->entry->at, "ACK unlike its INVITE");
    }
  });
}

void cancel_matches(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, true, [&](const Exchange& e) {
    if (e.method != "CANCEL") return;
    const Msg& c = *e.requests[0]->m;
    const Instant at = e.requests[0]->entry->at;
    const auto invite = v.exchanges.find("out|" + std::string(c.branch) + "|INVITE");
    if (invite == v.exchanges.end()) return out.add(rule, at, "CANCEL without INVITE");
    const Msg& q = *invite->second.requests[0]->m;
    const bool alike = c.cseq == q.cseq && c.uri == q.uri && c.get("From") == q.get("From") &&
                       c.get("To") == q.get("To") && c.call_id == q.call_id && c.top_via == q.top_via;
    if (!alike) out.add(rule, at, "CANCEL unlike its INVITE");
    bool provisional = false, final = false;
    for (const Sight* r : invite->second.responses) {
      if (r->entry->at > at) break;
      if (r->m->status < 200) provisional = true;
      if (r->m->status >= 200 && r->entry->at < at - v.options.unknown) final = true;
    }
    if (!provisional) out.add(rule, at, "CANCEL before a provisional response");
    if (final) out.add(rule, at, "CANCEL after the final response");
  });
}

void cancelled_ends_487(const AuditView& v, const char* rule, Findings& out) {
  each_exchange(v, false, [&](const Exchange& e) {
    if (e.method != "CANCEL" || e.responses.empty() || e.responses[0]->m->status != 200) return;
    const Msg& c = *e.requests[0]->m;
    const auto invite =
        v.exchanges.find("in|" + std::string(c.branch) + "|INVITE|" + std::string(host_port_of(c.top_via)));
    if (invite == v.exchanges.end() || !over(v, e)) return;
    for (const Sight* r : invite->second.responses) {
      if (r->m->status < 200) continue;
      if (r->entry->at > e.responses[0]->entry->at && r->m->status != 487 && !r->repeated) {
        out.add(rule, r->entry->at, brief(*r->m) + " after its CANCEL was accepted");
      }
      return;
    }
  });
}

}  // namespace

const std::vector<Rule> kTransactionRules = {
    {"RFC 3261 §17.2.1 one-final", one_final},
    {"RFC 3261 §8.2.6 final-given", final_given},
    {"RFC 3261 §17.2.1 no-1xx-after-final", no_1xx_after_final},
    {"RFC 3261 §17.2.1 trying-in-time", trying_in_time},
    {"RFC 3261 §8.2.6.2 response-copies", response_copies},
    {"RFC 3261 §18.2.2 response-returns", response_returns},
    {"RFC 3581 §4 received-rport", received_and_rport},
    {"RFC 3261 §17.1.3 branch-unique", same_request_resent},
    {"RFC 3261 §17.1.1.2 resend-intervals", resend_intervals},
    {"RFC 3261 §17.1.1.3 failure-acked", failure_acked},
    {"RFC 3261 §9.1 cancel-matches", cancel_matches},
    {"RFC 3261 §9.2 cancelled-ends-487", cancelled_ends_487},
};

}  // namespace carillon::sim
