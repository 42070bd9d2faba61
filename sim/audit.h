#pragma once
// The RFC audit: a recorded trace, seen from the server's seat, against rules named after sections. A rule judges what
// we send; a waiver may excuse a finding that the other side provoked.

#include <string>
#include <vector>

#include "base/time.h"
#include "trace.h"

namespace carillon::sim {

struct Finding {
  std::string rule;  // "RFC 3261 §8.1.1.5 cseq-rises"
  Instant at;
  std::string text;
};

// Excuses a rule for a run, with the reason: something that the other side does on purpose.
struct Waiver {
  std::string rule;  // the part after the section: "final-acked"
  std::string reason;
};

// Does one of these excuse findings of this rule?
bool waived(const std::vector<Waiver>& waivers, const std::string& rule);

struct AuditOptions {
  Duration t1 = milliseconds(500), t2 = seconds(4);
  Duration unknown = milliseconds(1);  // so long what has arrived may lie in mailboxes between shards, and an INVITE
                                       // that goes round them four times that
  bool complete = true;                // the trace ends in quiet: what is open counts as missing
  std::vector<Waiver> waivers;
};

std::vector<Finding> audit(const Trace& trace, const AuditOptions& options);
// Names of all rules.
std::vector<std::string> audit_rules();

}  // namespace carillon::sim
