// swarm [--seed S] [--runs N] [--shards N] [--seconds T] [--seeds FILE] [--plain|--features] [--ladder]
// Runs random worlds with the seeds S, S+1, …; stops after T seconds of real time when given. --plain: calls and
// registrations only. --features: these with forwards, hunts and transfers, but without pickup, park and feature codes.

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
  uint64_t transferred = 0, parked = 0, taken_up = 0, reverted = 0, picked_up = 0, called_back = 0;
  double hours = 0;
};

struct Seed {
  uint64_t number = 1;
  carillon::swarm::Draws draws = carillon::swarm::Draws::services;
};

const char* option_of(carillon::swarm::Draws draws) {
  using carillon::swarm::Draws;
  return draws == Draws::calls ? " --plain" : draws == Draws::features ? " --features" : "";
}

void run_one(Seed seed, uint16_t shards, bool ladder, Totals& t) {
  const auto r = carillon::swarm::run_swarm(seed.number, shards, seed.draws);
  t.runs++, t.calls += r.calls, t.answered += r.answered, t.messages += r.messages, t.kills += r.kills,
      t.hours += r.hours;
  t.transferred += r.transferred, t.parked += r.parked, t.taken_up += r.taken_up, t.reverted += r.reverted,
      t.picked_up += r.picked_up, t.called_back += r.called_back;
  if (ladder) std::printf("%s", r.ladder.c_str());
  if (r.good) return;
  t.bad++;
  if (t.bad <= 2 || ladder) std::printf("%s", r.report.c_str());
  std::printf("BAD seed %llu%s\n", static_cast<unsigned long long>(seed.number), option_of(seed.draws));
}

// A line begins with a seed; "+" before it: with features; "*": with services, too.
std::vector<Seed> seeds_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<Seed> seeds;
  for (std::string line; std::getline(file, line);) {
    using carillon::swarm::Draws;
    const char mark = line.empty() ? ' ' : line[0];
    const Draws draws = mark == '*' ? Draws::services : mark == '+' ? Draws::features : Draws::calls;
    const char* digits = line.c_str() + (draws != Draws::calls);
    if (*digits >= '0' && *digits <= '9') seeds.push_back({std::strtoull(digits, nullptr, 10), draws});
  }
  return seeds;
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t seed = 1, runs = 20, limit = 0;
  uint16_t shards = 0;
  bool ladder = false;
  auto draws = carillon::swarm::Draws::services;
  std::vector<Seed> again;
  for (int i = 1; i < argc; i++) {
    const std::string a = argv[i];
    const uint64_t n = i + 1 < argc ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
    if (a == "--ladder") ladder = true;
    if (a == "--plain") draws = carillon::swarm::Draws::calls;
    if (a == "--features") draws = carillon::swarm::Draws::features;
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
    run_one({seed + i, draws}, shards, ladder, t);
  }
  const auto number = [](uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf("%llu worlds, %llu bad; %llu calls, %llu answered, %llu datagrams, %llu kills, %.1f virtual hours\n",
              number(t.runs), number(t.bad), number(t.calls), number(t.answered), number(t.messages), number(t.kills),
              t.hours);
  std::printf("%llu transferred, %llu parked, %llu taken up, %llu reverted, %llu picked up, %llu called back\n",
              number(t.transferred), number(t.parked), number(t.taken_up), number(t.reverted), number(t.picked_up),
              number(t.called_back));
  return t.bad == 0 ? 0 : 1;
}
