// swarm [--seed S] [--runs N] [--shards N] [--seconds T] [--seeds FILE] [--plain] [--ladder]
// Runs random worlds with the seeds S, S+1, …; stops after T seconds of real time when given. --plain: calls and
// registrations only, without forwards, transfers and what else features do.

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

struct Seed {
  uint64_t number = 1;
  bool features = true;
};

void run_one(Seed seed, uint16_t shards, bool ladder, Totals& t) {
  const auto r = carillon::swarm::run_swarm(seed.number, shards, seed.features);
  t.runs++, t.calls += r.calls, t.answered += r.answered, t.messages += r.messages, t.kills += r.kills,
      t.hours += r.hours;
  if (ladder) std::printf("%s", r.ladder.c_str());
  if (r.good) return;
  t.bad++;
  if (t.bad <= 2 || ladder) std::printf("%s", r.report.c_str());
  std::printf("BAD seed %llu%s\n", static_cast<unsigned long long>(seed.number), seed.features ? "" : " --plain");
}

// A line begins with a seed; "+" before it: with features.
std::vector<Seed> seeds_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<Seed> seeds;
  for (std::string line; std::getline(file, line);) {
    const bool features = !line.empty() && line[0] == '+';
    const char* digits = line.c_str() + features;
    if (*digits >= '0' && *digits <= '9') seeds.push_back({std::strtoull(digits, nullptr, 10), features});
  }
  return seeds;
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t seed = 1, runs = 20, limit = 0;
  uint16_t shards = 0;
  bool ladder = false, features = true;
  std::vector<Seed> again;
  for (int i = 1; i < argc; i++) {
    const std::string a = argv[i];
    const uint64_t n = i + 1 < argc ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
    if (a == "--ladder") ladder = true;
    if (a == "--plain") features = false;
    if (a == "--seed") seed = n;
    if (a == "--runs") runs = n;
    if (a == "--shards") shards = static_cast<uint16_t>(n);
    if (a == "--seconds") limit = n;
    if (a == "--seeds" && i + 1 < argc) again = seeds_of(argv[i + 1]);
  }
  const auto start = std::chrono::steady_clock::now();
  Totals t;
  for (const Seed& s : again) run_one(s, shards, ladder, t);
  for (uint64_t i = 0; i < runs; i++) {
    const auto spent =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
    if (limit != 0 && static_cast<uint64_t>(spent) >= limit) break;
    run_one({seed + i, features}, shards, ladder, t);
  }
  std::printf("%llu worlds, %llu bad; %llu calls, %llu answered, %llu datagrams, %llu kills, %.1f virtual hours\n",
              static_cast<unsigned long long>(t.runs), static_cast<unsigned long long>(t.bad),
              static_cast<unsigned long long>(t.calls), static_cast<unsigned long long>(t.answered),
              static_cast<unsigned long long>(t.messages), static_cast<unsigned long long>(t.kills), t.hours);
  return t.bad == 0 ? 0 : 1;
}
