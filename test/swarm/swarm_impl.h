#pragma once
// Inside of the swarm. Not included elsewhere.

#include <string>
#include <vector>

#include "sim/scenario.h"
#include "swarm.h"

namespace carillon::swarm {

class Swarm {
 public:
  Swarm(uint64_t seed, uint16_t shards, Draws draws) : s_({seed, shards, true}), draws_(draws) {}
  SwarmResult run();

 private:
  using Phone = sim::Phone;
  using PhoneCall = sim::PhoneCall;

  uint32_t dice(uint32_t n) { return s_.world.random().below(n); }
  bool chance(double p) { return s_.world.random().chance(p); }
  template <typename T>
  const T& one_of(const std::vector<T>& all) {
    return all[dice(static_cast<uint32_t>(all.size()))];
  }
  Phone& any();
  const std::string& any_number() { return one_of(numbers_); }
  const std::string& any_callee();  // a line's number, or a pilot's

  // swarm.cc: phones, the network, and what phones do with calls alone.
  void populate();
  void mannerize(sim::Manners& m);
  void trouble();
  void enroll(Phone& phone);
  void deed();
  void modify(Phone& phone, PhoneCall& call);
  void watch(Phone& phone);
  void publish(Phone& phone);
  void wait_for_message();
  void rebind(const std::string& name);
  void kill();
  void count(SwarmResult& r);

  // swarm_features.cc: forwards, hunts, transfers, calls taken over.
  void arrange();
  void set_filters();
  void set_line(const std::string& number);
  void set_pilot(const std::string& number);
  void feature_deed();
  PhoneCall* talk_of(Phone& phone);
  void refer(Phone& phone, PhoneCall& call, const std::string& number, const std::string& replaces);
  void consult(Phone& phone, PhoneCall& call);
  void replace();

  // swarm_services.cc: pickup, park, feature codes.
  void arrange_services();
  void service_deed();
  void transfer_backwards(Phone& phone, PhoneCall& call);
  void dial(Phone& phone, const std::string& number);
  std::string park_number();
  std::string retrieval();
  std::string pickup();
  std::string setting();
  std::string calling_code();

  sim::Scenario s_;
  std::vector<std::string> numbers_, natted_, pilots_;
  const Draws draws_;
  bool kills_ = false, rebinds_ = false, changes_ = false;
};

}  // namespace carillon::swarm
