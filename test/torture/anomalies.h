#pragma once
// Anomalous messages in the manner of the PROTOS c07-sip suite (Wieser, Laakso, Schulzrinne,
// "Security testing of SIP implementations"): a good message of each kind in which one element is
// replaced by one anomaly. Made from two tables, the same in every run.

#include <cstddef>
#include <string>

namespace carillon::torture {

struct Anomalous {
  std::string name;  // "INVITE from-host overflow-1024"
  std::string text;
};

// Elements times anomalies, for every kind of message.
size_t anomalous_count();
// The i-th of them.
Anomalous anomalous(size_t i);

}  // namespace carillon::torture
