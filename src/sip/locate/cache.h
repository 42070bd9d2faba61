#pragma once
// What the DNS said lately, and which targets did not answer lately. Bounded; single owner.

#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/time.h"
#include "sip/locate/answer.h"

namespace carillon::sip {

struct Hop {
  Transport transport = Transport::udp;
  Address address;
  bool operator==(const Hop&) const = default;
};

class LocateCache {
 public:
  static constexpr size_t kAnswers = 4096;  // names remembered; one that is about to expire makes room
  static constexpr size_t kDead = 1024;     // targets remembered
  static constexpr Duration kLongest = minutes(60);
  static constexpr Duration kNone = seconds(30);     // how long "there are none" is believed
  static constexpr Duration kDeadFor = seconds(30);  // how long a target that failed is tried last

  // The records kept for the name, or null. The pointer lives until the next call.
  const std::vector<DnsRecord>* find(Instant now, Lookup::Kind kind, View name);
  // Keeps an answer for its time to live.
  void keep(Instant now, View name, const DnsAnswer& answer);

  void mark_dead(Instant now, const Hop& hop);
  void mark_alive(const Hop& hop);
  bool dead(Instant now, const Hop& hop) const;
  size_t size() const { return answers_.size(); }

 private:
  struct Entry {
    Instant until;
    std::vector<DnsRecord> records;
  };
  struct HopHash {
    size_t operator()(const Hop& h) const { return h.address.hash() + static_cast<size_t>(h.transport); }
  };
  std::unordered_map<std::string, Entry, TextHash, TextEqual> answers_;
  std::unordered_map<Hop, Instant, HopHash> dead_;
  std::string key_;
};

}  // namespace carillon::sip
