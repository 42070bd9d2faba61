// swarm [--seed S] [--runs N] [--shards N] [--seconds T] [--seeds FILE] [--ladder]
// Runs random worlds with the seeds S, S+1, …; stops after T seconds of real time when given.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "swarm.h"

namespace {

struct Totals {
  uint64_t runs = 0, bad = 0, calls = 0, answered = 0, messages = 0, kills = 0;
  double hours = 0;
};

void run_one(uint64_t seed, uint16_t shards, bool ladder, Totals& t) {
  const auto r = carillon::swarm::run_swarm(seed, shards);
  t.runs++, t.calls += r.calls, t.answered += r.answered, t.messages += r.messages, t.kills += r.kills,
      t.hours += r.hours;
  if (ladder) std::printf("%s", r.ladder.c_str());
  if (r.good) return;
  t.bad++;
  if (t.bad <= 2 || ladder) std::printf("%s", r.report.c_str());
  std::printf("BAD seed %llu\n", static_cast<unsigned long long>(seed));
}

std::vector<uint64_t> seeds_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<uint64_t> seeds;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] >= '0' && line[0] <= '9') seeds.push_back(std::strtoull(line.c_str(), nullptr, 10));
  }
  return seeds;
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t seed = 1, runs = 20, limit = 0;
  uint16_t shards = 0;
  bool ladder = false;
  std::vector<uint64_t> again;
  for (int i = 1; i < argc; i++) {
    const std::string a = argv[i];
    const uint64_t n = i + 1 < argc ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
    if (a == "--ladder") ladder = true;
    if (a == "--seed") seed = n;
    if (a == "--runs") runs = n;
    if (a == "--shards") shards = static_cast<uint16_t>(n);
    if (a == "--seconds") limit = n;
    if (a == "--seeds" && i + 1 < argc) again = seeds_of(argv[i + 1]);
  }
  const auto start = std::chrono::steady_clock::now();
  Totals t;
  for (uint64_t s : again) run_one(s, shards, ladder, t);
  for (uint64_t i = 0; i < runs; i++) {
    const auto spent =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
    if (limit != 0 && static_cast<uint64_t>(spent) >= limit) break;
    run_one(seed + i, shards, ladder, t);
  }
  std::printf("%llu worlds, %llu bad; %llu calls, %llu answered, %llu datagrams, %llu kills, %.1f virtual hours\n",
              static_cast<unsigned long long>(t.runs), static_cast<unsigned long long>(t.bad),
              static_cast<unsigned long long>(t.calls), static_cast<unsigned long long>(t.answered),
              static_cast<unsigned long long>(t.messages), static_cast<unsigned long long>(t.kills), t.hours);
  return t.bad == 0 ? 0 : 1;
}
