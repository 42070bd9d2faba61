#pragma once
// A random world from a seed: phones that register, call, hold and hang up on a bad network, a server that is killed
// and configured anew. Ends with the audits.

#include <cstdint>
#include <string>

namespace carillon::swarm {

struct SwarmResult {
  bool good = false;
  std::string report, ladder;
  uint64_t calls = 0, answered = 0, messages = 0, kills = 0;
  double hours = 0;  // virtual
};

// `shards` 0: drawn from the seed. `features`: forwards, transfers and what else there is; else calls alone.
SwarmResult run_swarm(uint64_t seed, uint16_t shards, bool features);

}  // namespace carillon::swarm
