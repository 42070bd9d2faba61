#pragma once
// A trace prepared for the rules: messages in order, sorted into transactions and dialogs as seen from the server's
// seat.

#include <map>
#include <string>
#include <vector>

#include "audit.h"

namespace carillon::sim {

struct Sight {
  const Entry* entry;
  const Msg* m;
  bool ours;      // sent by the server
  bool repeated;  // the same bytes were seen before in this direction
};

// A transaction as the server saw it: the request and the responses to it.
struct Exchange {
  std::vector<const Sight*> requests, responses, acks;  // ACKs: those to a non-2xx (same branch)
  bool ours = false;                                    // we sent the request
  uint32_t life = 0;
  View method;
};

// A dialog or the attempt at one: everything with this Call-ID, in a life of the server or across.
struct Conversation {
  std::vector<const Sight*> all;
  bool ours = false;  // we sent the first request
};

struct AuditView {
  AuditOptions options;
  std::vector<Sight> sights;
  std::map<std::string, Exchange> exchanges;          // by branch, direction, method
  std::map<std::string, Conversation> conversations;  // by Call-ID
  std::vector<Instant> starts;                        // of the server's lives
  Instant end;
};

AuditView view_of(const Trace& trace, const AuditOptions& options);

class Findings {
 public:
  void add(std::string rule, Instant at, std::string text) { all_.push_back({std::move(rule), at, std::move(text)}); }
  std::vector<Finding>& all() { return all_; }

 private:
  std::vector<Finding> all_;
};

struct Rule {
  const char* name;
  void (*check)(const AuditView&, const char* name, Findings&);
};

// The rules, by what they look at.
extern const std::vector<Rule> kMessageRules, kTransactionRules, kDialogRules, kTopologyRules, kEventRules;
std::string brief(const Msg& m);

}  // namespace carillon::sim
