#pragma once
// A random world from a seed: phones that register, call, hold and hang up on a bad network, a server that is killed
// and configured anew. Ends with the audits.

#include <cstdint>
#include <string>

namespace carillon::swarm {

// What a world draws from; each has what the one before it has. The same seed gives another world with another.
enum class Draws : uint8_t {
  calls,     // and registrations, subscriptions, presence
  features,  // forwards, hunts, transfers, calls taken over
  services,  // pickup, park, feature codes
};

struct SwarmResult {
  bool good = false;
  std::string report, ladder;
  uint64_t calls = 0, answered = 0, messages = 0, kills = 0;
  uint64_t transferred = 0, parked = 0, taken_up = 0, reverted = 0, picked_up = 0, called_back = 0;  // by the records
  double hours = 0;                                                                                  // virtual
};

// `shards` 0: drawn from the seed.
SwarmResult run_swarm(uint64_t seed, uint16_t shards, Draws draws);

}  // namespace carillon::swarm
