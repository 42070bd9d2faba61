// loss [--calls N] [--loss PERCENT] [--seed S] [--shards N]
// Calls between phones through the server, INVITE to BYE, on a network that loses, doubles and disorders datagrams;
// prints how many were completed. A function of the seed.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sim/scenario.h"

namespace carillon::swarm {
namespace {

using sim::Phone;
using sim::PhoneCall;
using sim::Scenario;

struct Tally {
  uint64_t calls = 0, completed = 0, no_answer = 0, refused = 0, leftovers = 0, phones_left = 0, datagrams = 0;
  double hours = 0;
};

constexpr int kPairs = 100;

void add_pairs(Scenario& s) {
  for (int i = 0; i < kPairs; i++) {
    for (int side = 0; side < 2; side++) {
      const std::string name = (side == 0 ? "a" : "b") + std::to_string(i);
      sim::PhoneEntry e;
      e.user = name;
      e.lines = {std::to_string((side == 0 ? 1000 : 2000) + i)};
      e.max_calls = e.busy_trigger = 100;
      s.directory.user(name, "x");
      Phone& phone = s.add_phone(
          name, e, *Address::parse_ip("127.9." + std::to_string(side + 1) + "." + std::to_string(i + 1), 5060),
          sip::Transport::udp, "x");
      phone.manners().answers_after = seconds(4);
      phone.manners().hangs_up_after = seconds(5);
      if (side == 1) phone.manners().hangs_up_after.reset();
    }
  }
}

// One world: every pair registers on a good network, then calls on a bad one. `each` calls a pair.
void run_world(uint64_t seed, uint16_t shards, double loss, int each, Tally& t) {
  Scenario s({seed, shards, false});
  add_pairs(s);
  s.directory.parameters.keepalive = seconds(3600);
  s.start();
  for (auto& [name, phone] : s.phones) phone->enroll(phone->options().lines[0]);
  s.world.run_for(seconds(5));
  for (auto& [name, phone] : s.phones) phone->rest();
  sim::Link& link = s.network.link();
  link.loss = loss, link.duplicate = 0.05, link.late = 0.1, link.late_by = milliseconds(300),
  link.delay_max = milliseconds(60);
  for (int i = 0; i < each; i++) {
    for (int pair = 0; pair < kPairs; pair++) {
      Phone& caller = *s.phones["a" + std::to_string(pair)];
      s.world.after(s.world.between({}, seconds(2)), [&caller, pair] { caller.dial(std::to_string(2000 + pair)); });
    }
    s.world.run_for(seconds(3));
  }
  s.world.run_for(seconds(260));
  for (int pair = 0; pair < kPairs; pair++) {
    for (const PhoneCall& c : s.phones["a" + std::to_string(pair)]->calls()) {
      t.calls++;
      (c.final_status == 200 ? t.completed : c.final_status == 408 ? t.no_answer : t.refused)++;
      t.phones_left += c.live();
    }
    t.phones_left += s.phones["b" + std::to_string(pair)]->live_calls();
  }
  s.network.link().loss = 0;
  s.world.run_for(seconds(80));
  t.leftovers += s.server->leftovers() + s.disk.calls();
  t.datagrams += s.network.datagrams();
  t.hours += static_cast<double>(s.world.elapsed().us) / 3.6e9;
}

int run(int argc, char** argv) {
  uint64_t calls = 100'000, percent = 30, seed = 1;
  uint16_t shards = 1;
  double must = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string a = argv[i];
    const uint64_t n = std::strtoull(argv[i + 1], nullptr, 10);
    if (a == "--calls") calls = n;
    if (a == "--loss") percent = n;
    if (a == "--seed") seed = n;
    if (a == "--shards") shards = static_cast<uint16_t>(n);
    if (a == "--must") must = std::strtod(argv[i + 1], nullptr);  // percent completed, else the run fails
  }
  const auto start = std::chrono::steady_clock::now();
  Tally t;
  constexpr int kEach = 20;  // calls of a pair in one world
  for (uint64_t world = 0; t.calls < calls; world++) {
    const uint64_t left = (calls - t.calls + kPairs - 1) / kPairs;
    run_world(seed * 1'000'000 + world, shards, static_cast<double>(percent) / 100,
              static_cast<int>(std::min<uint64_t>(left, kEach)), t);
  }
  const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double rate = 100.0 * static_cast<double>(t.completed) / static_cast<double>(t.calls);
  std::printf(
      "%llu calls at %llu %% loss: %llu completed (%.3f %%), %llu timed out, %llu refused; %llu left over in the "
      "server, %llu phones never "
      "learnt of the end (every BYE lost); %llu datagrams, "
      "%.1f virtual hours in %.1f s\n",
      static_cast<unsigned long long>(t.calls), static_cast<unsigned long long>(percent),
      static_cast<unsigned long long>(t.completed), rate, static_cast<unsigned long long>(t.no_answer),
      static_cast<unsigned long long>(t.refused), static_cast<unsigned long long>(t.leftovers),
      static_cast<unsigned long long>(t.phones_left), static_cast<unsigned long long>(t.datagrams), t.hours, spent);
  return t.leftovers == 0 && rate >= must ? 0 : 1;
}

}  // namespace
}  // namespace carillon::swarm

int main(int argc, char** argv) { return carillon::swarm::run(argc, argv); }
