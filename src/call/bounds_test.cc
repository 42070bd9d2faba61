// How much there may be at once: calls of an appearance, branches of a call, calls of a shard.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/test_world.h"

namespace carillon::call::test {
namespace {

using testing::HasSubstr;

// limits::kBranchesPerCall: more contacts than that do not ring.
TEST_F(TwoPhones, BranchesOfACallAreBounded) {
  constexpr int kMore = limits::kBranchesPerCall + 8;
  for (int i = 0; i < kMore; i++) w.bind(2, "1002", "", 0, 10 + i);
  alice.invite("1002", kOffer);
  size_t ringing = w.heard(2)->request("INVITE");
  for (int i = 0; i < kMore; i++) ringing += w.heard(10 + i)->request("INVITE");
  EXPECT_EQ(ringing, limits::kBranchesPerCall);
  alice.cancel();
  w.pass(seconds(70));
  w.sent.clear();
}

TEST_F(TwoPhones, FullTablesRefuseNewCallsAndKeepOldOnes) {
  w.options.calls = 2;
  w.restart();
  talk();
  Side second{w, 1, "1001"}, third{w, 1, "1001"};
  second.invite("1002", kOffer);
  GotPtr i = w.heard(2);
  ASSERT_TRUE(i->request("INVITE"));
  third.invite("1002", kOffer);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 503);
  EXPECT_EQ(g->value("Retry-After"), "5");
  third.ack_failure(*g);
  Side bob2{w, 2, "1002"};
  bob2.take_invite(*i);
  bob2.answer(*i, 486);
  w.heard(2);
  second.ack_failure(*w.heard(1));
  hang_up();
  third.invite("1002", kOffer);  // there is room again
  EXPECT_TRUE(w.heard(2)->request("INVITE"));
  third.cancel();
  w.pass(seconds(70));
  w.sent.clear();
}

// The call is over, though bob's phone has not answered our BYE.
TEST_F(TwoPhones, AnEndedCallKeepsNobodyBusy) {
  w.phone(3, "1003");
  Side carol{w, 3, "1003"};
  for (int i = 0; i < 3; i++) {
    talk();
    alice.say("BYE");
    ASSERT_TRUE(w.heard(2)->request("BYE"));
    EXPECT_EQ(w.heard(1)->status(), 200);
  }
  carol.invite("1002", kOffer);
  EXPECT_TRUE(w.heard(2)->request("INVITE"));
  carol.cancel();
  w.pass(seconds(70));
  w.sent.clear();
}

TEST_F(TwoPhones, TooManyCallsOfTheCaller) {
  std::vector<Side> sides;
  for (int i = 0; i < 5; i++) {
    w.phone(20 + i, "20" + std::to_string(20 + i));
    Side s{w, 1, "1001"};
    s.invite("20" + std::to_string(20 + i), kOffer);
    sides.push_back(s);
  }
  EXPECT_EQ(w.heard(1)->status(), 486);
  for (int i = 0; i < 4; i++) {
    sides[static_cast<size_t>(i)].cancel();
    EXPECT_EQ(w.heard(1)->status(), 200);
    EXPECT_EQ(w.heard(1)->status(), 487);
  }
  w.pass(seconds(40));
}

TEST_F(TwoPhones, BusyTrigger) {
  w.phone(3, "1003");
  w.phone(4, "1004");
  Side carol{w, 3, "1003"}, dave{w, 4, "1004"};
  talk();
  carol.invite("1002", kOffer);
  GotPtr i = w.heard(2);
  ASSERT_TRUE(i->request("INVITE"));
  dave.invite("1002", kOffer);
  GotPtr g = w.heard(4);
  EXPECT_EQ(g->status(), 486);
  EXPECT_TRUE(w.quiet(2));
  dave.ack_failure(*g);
  Side bob2{w, 2, "1002"};
  bob2.take_invite(*i);
  bob2.answer(*i, 486);
  carol.ack_failure(*w.heard(3));
  w.heard(2);
  hang_up();
  dave.invite("1002", kOffer);
  EXPECT_TRUE(w.heard(2)->request("INVITE"));
  dave.cancel();
}

}  // namespace
}  // namespace carillon::call::test
