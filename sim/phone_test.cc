// The simulated phones before any server: two of them talk straight to each other over a bad network.

#include "phone.h"

#include <gtest/gtest.h>

#include "digest.h"

namespace carillon::sim {
namespace {

struct Pair {
  explicit Pair(uint64_t seed) : world(seed), network(world, trace) {
    const Address a = *Address::parse("127.9.0.1:5060"), b = *Address::parse("127.9.0.2:5060");
    alice =
        std::make_unique<Phone>(world, network, PhoneOptions{"alice", "", "", {"1001"}, a, b, sip::Transport::udp, {}});
    bob = std::make_unique<Phone>(world, network, PhoneOptions{"bob", "", "", {"1002"}, b, a, sip::Transport::udp, {}});
  }
  World world;
  Trace trace;
  Network network;
  std::unique_ptr<Phone> alice, bob;
};

using State = PhoneCall::State;

TEST(SimDigest, Vectors) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SimPhone, CallsAndHangsUp) {
  Pair w(1);
  w.alice->dial("1002");
  ASSERT_TRUE(w.world.run_while_not([&] { return w.bob->incoming() != nullptr; }, seconds(1)));
  w.bob->answer(*w.bob->incoming());
  ASSERT_TRUE(
      w.world.run_while_not([&] { return w.bob->current() && w.bob->current()->state == State::up; }, seconds(1)));
  EXPECT_TRUE(w.alice->hears(*w.bob, "audio"));
  EXPECT_TRUE(w.bob->hears(*w.alice, "audio"));
  w.alice->offer(*w.alice->current(), Direction::sendonly, false, false, true);
  w.world.run_for(seconds(1));
  EXPECT_FALSE(w.alice->hears(*w.bob, "audio"));
  EXPECT_TRUE(w.bob->hears(*w.alice, "audio"));
  w.alice->offer(*w.alice->current(), Direction::sendrecv, false, true, true);
  w.world.run_for(seconds(1));
  EXPECT_TRUE(w.alice->hears(*w.bob, "audio"));
  w.bob->hang_up(*w.bob->current());
  w.world.run_for(seconds(40));
  EXPECT_EQ(w.alice->live_calls() + w.bob->live_calls(), 0u);
  EXPECT_TRUE(w.alice->quiet() && w.bob->quiet());
}

TEST(SimPhone, CancelCrossesAnswer) {
  Pair w(2);
  PhoneCall* call = w.alice->dial("1002");
  w.world.run_for(milliseconds(100));
  w.bob->answer(*w.bob->incoming());
  w.alice->cancel(*call);
  w.world.run_for(seconds(70));
  EXPECT_EQ(w.alice->live_calls() + w.bob->live_calls(), 0u);
  EXPECT_TRUE(w.bob->last()->bye_received);
}

TEST(SimPhone, SurvivesLossAndIsAFunctionOfTheSeed) {
  uint64_t steps[2];
  for (uint64_t& s : steps) {
    Pair w(3);
    w.network.link().loss = 0.3, w.network.link().duplicate = 0.1, w.network.link().late = 0.2;
    w.bob->manners().answers_after = milliseconds(500);
    w.alice->manners().hangs_up_after = seconds(2);
    int up = 0;
    for (int i = 0; i < 50; i++) {
      w.alice->dial("1002");
      w.world.run_for(seconds(100));
      up += w.alice->last()->final_status == 200;
      EXPECT_EQ(w.alice->live_calls() + w.bob->live_calls(), 0u);
    }
    EXPECT_GE(up, 49);
    s = w.world.steps();
  }
  EXPECT_EQ(steps[0], steps[1]);
}

}  // namespace
}  // namespace carillon::sim
