// A broadcast hunt to 20 phones: all ring, one answers, the other 19 are cancelled, and the call is hung up. The time
// of making the phones' messages is measured apart and has to be taken off.

#include <benchmark/benchmark.h>

#include "call/bench_world.h"

namespace carillon::call::bench {
namespace {

constexpr int kMembers = 20;

class HuntWorld : public World {
 public:
  HuntWorld() : World(kMembers + 1) {
    config::LineGroupView group;
    group.id = 1, group.distribution = config::Distribution::broadcast;
    for (int i = 1; i <= kMembers; i++) group.members.push_back(1000000 + i);
    builder_.put(group);
    builder_.put(config::HuntListView{2, "all", true, {1}});
    config::HuntPilotView pilot;
    pilot.id = 3, pilot.number = "5000", pilot.list = 2;
    builder_.put(pilot);
    snapshot_ = builder_.build(2);
  }

  void call() {
    count_++;
    now_ = now_ + milliseconds(10);
    const std::string id = std::to_string(count_);
    make_request(0, "INVITE", "sip:5000@192.0.2.1", id, 1, {}, "i" + id, kSdp);
    deliver(0);
    std::vector<std::string> invites(kMembers);
    for (size_t i = 0; i < kMembers; i++) take(i + 1, invites[i]);  // behind the 100
    for (int i = 0; i < kMembers; i++) {
      respond(invites[static_cast<size_t>(i)], 180, {});
      deliver(i + 1);
    }
    respond(invites[0], 200, kSdp);
    deliver(1);
    std::string answer;
    find_ok(answer);
    for (int i = 1; i < kMembers; i++) {
      respond(invites[static_cast<size_t>(i)], 487, {});
      deliver(i + 1);
    }
    to_.assign(line(answer, "\r\nTo: "));
    contact_.assign(line(answer, "\r\nContact: <"));
    contact_.resize(contact_.find('>'));
    make_request(0, "ACK", contact_, id, 1, to_, "a" + id, {});
    deliver(0);
    make_request(0, "BYE", contact_, id, 2, to_, "b" + id, {});
    deliver(0);
    take(0, last_);
    respond(last_, 200, {});
    deliver(1);
    finish();
  }

  void phones_only() {
    const std::string id = std::to_string(count_);
    make_request(0, "INVITE", "sip:5000@192.0.2.1", id, 1, {}, "i" + id, kSdp);
    const std::string invite = text_;
    for (int i = 0; i < kMembers; i++) respond(invite, 180, {});
    respond(invite, 200, kSdp);
    for (int i = 1; i < kMembers; i++) respond(invite, 487, {});
    make_request(0, "ACK", contact_, id, 1, to_, "a" + id, {});
    make_request(0, "BYE", contact_, id, 2, to_, "b" + id, {});
    respond(last_, 200, {});
  }

 private:
  // The 200 to the caller, among CANCELs and the ACK.
  void find_ok(std::string& to) {
    for (const auto& t : out_.transmit) {
      if (t.packet.view().starts_with("SIP/2.0 200")) return void(to.assign(t.packet.view()));
    }
    failed++;
  }
};

void broadcast(benchmark::State& state) {
  HuntWorld world;
  for (auto _ : state) world.call();
  state.counters["failed"] = static_cast<double>(world.failed);
}
BENCHMARK(broadcast)->Name("BM_HuntBroadcast20");

void phones_alone(benchmark::State& state) {
  HuntWorld world;
  world.call();
  for (auto _ : state) world.phones_only();
}
BENCHMARK(phones_alone)->Name("BM_HuntBroadcast20/phones alone");

}  // namespace
}  // namespace carillon::call::bench
