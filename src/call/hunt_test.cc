// Hunting: the rules of line groups as a matrix, the order of members, and what is remembered of them.

#include "call/hunt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/test_world.h"

namespace carillon::call::test {
namespace {

using config::Distribution;
using config::HuntStep;
using testing::ElementsAre;
using testing::HasSubstr;

static_assert(move_after(HuntStep::next_member_then_next_group, true) == HuntMove::member);
static_assert(move_after(HuntStep::next_member_then_next_group, false) == HuntMove::group);
static_assert(move_after(HuntStep::next_member_only, true) == HuntMove::member);
static_assert(move_after(HuntStep::next_member_only, false) == HuntMove::over);
static_assert(move_after(HuntStep::skip_to_next_group, true) == HuntMove::group);
static_assert(move_after(HuntStep::skip_to_next_group, false) == HuntMove::group);
static_assert(move_after(HuntStep::stop_hunting, true) == HuntMove::over);
static_assert(move_after(HuntStep::stop_hunting, false) == HuntMove::over);

// Alice calls 5000: one group of 1002 and 1003, then one of 1004.
struct TwoGroups : TwoPhones {
  TwoGroups() {
    w.phone(3, "1003"), w.phone(4, "1004");
    first.id = 1, first.members = {w.lines["1002"], w.lines["1003"]}, first.distribution = Distribution::top_down;
    second.id = 2, second.members = {w.lines["1004"]};
    publish();
  }
  void publish() {
    w.builder.put(first), w.builder.put(second);
    w.builder.put(config::HuntListView{3, "list", true, {1, 2}});
    config::HuntPilotView pilot;
    pilot.id = 4, pilot.number = "5000", pilot.list = 3;
    w.builder.put(pilot);
    w.publish();
  }
  config::LineGroupView first, second;
};

struct Case {
  HuntStep step;
  std::vector<int> rung;  // phones, in order, when the first member fails so
};

// All members fail in the same way; which of them are asked says what the rule did.
class Rules : public TwoGroups, public testing::WithParamInterface<Case> {
 protected:
  std::vector<int> rung(int status) {
    alice.invite("5000", kOffer);
    std::vector<int> order;
    for (int round = 0; round < 4; round++) {
      for (int host = 2; host <= 4; host++) {
        GotPtr m = w.heard(host);
        if (m->empty() || !m->request("INVITE")) continue;
        order.push_back(host);
        Side side{w, host, std::to_string(1000 + host)};
        side.take_invite(*m);
        side.answer(*m, status);
        break;
      }
    }
    GotPtr final = w.heard(1);
    EXPECT_EQ(final->status(), status == 403 ? 403 : status);
    return order;
  }
};

TEST_P(Rules, Busy) {
  first.busy = GetParam().step;
  publish();
  EXPECT_EQ(rung(486), GetParam().rung);
}

TEST_P(Rules, NoAnswer) {
  first.no_answer = GetParam().step;
  publish();
  EXPECT_EQ(rung(480), GetParam().rung);
}

// Refused for another reason: as if it were not available, and the caller hears the reason when there is no better one.
TEST_P(Rules, NotAvailable) {
  first.not_available = GetParam().step;
  publish();
  EXPECT_EQ(rung(403), GetParam().rung);
}

INSTANTIATE_TEST_SUITE_P(All, Rules,
                         testing::Values(Case{HuntStep::next_member_then_next_group, {2, 3, 4}},
                                         Case{HuntStep::next_member_only, {2, 3}},
                                         Case{HuntStep::skip_to_next_group, {2, 4}},
                                         Case{HuntStep::stop_hunting, {2}}));

// The list may be long and nobody there: the hunt is a loop, not a recursion.
TEST_F(TwoGroups, ManyMembersWithoutAPhone) {
  for (int i = 0; i < 5000; i++) {
    config::LineView line;
    line.id = 10000 + i;
    line.number = std::to_string(20000 + i);
    w.builder.put(line);
    first.members.insert(first.members.begin(), line.id);
  }
  publish();
  alice.invite("5000", kOffer);
  EXPECT_TRUE(w.heard(2)->request("INVITE"));
}

// … nor when each INVITE fails before it is sent.
TEST_F(TwoGroups, ManyMembersWithoutACommonCodec) {
  std::string offer = kOffer;
  offer.replace(offer.find("m=audio"), 7, "m=video");  // not for Basic phones
  for (int host = 20; host < 220; host++) {
    w.phone(host, std::to_string(2000 + host), config::Product::basic);
    first.members.insert(first.members.begin(), w.lines[std::to_string(2000 + host)]);
  }
  publish();
  alice.invite("5000", offer);
  EXPECT_TRUE(w.heard(2)->request("INVITE"));
}

TEST_F(TwoGroups, BroadcastIsBounded) {
  first.distribution = Distribution::broadcast;
  first.members.clear();
  for (int host = 20; host < 20 + static_cast<int>(limits::kBranchesPerCall) + 10; host++) {
    w.phone(host, std::to_string(2000 + host));
    first.members.push_back(w.lines[std::to_string(2000 + host)]);
  }
  publish();
  alice.invite("5000", kOffer);
  size_t ringing = 0;
  for (int host = 20; host < 20 + static_cast<int>(limits::kBranchesPerCall) + 10; host++)
    ringing += w.heard(host)->request("INVITE");
  EXPECT_EQ(ringing, limits::kBranchesPerCall);
}

TEST(HuntMemory, IdleSince) {
  HuntMemory here, there;
  std::vector<HuntNews> news;
  EXPECT_EQ(here.idle_since(7), Instant{});
  here.line_busy(7);
  here.line_busy(7);  // a second call
  EXPECT_EQ(here.idle_since(7), kNever);
  ASSERT_TRUE(here.take_news(news));
  EXPECT_EQ(news.size(), 1u);
  there.line_busy(7);
  there.absorb(news[0]);
  here.line_idle(7, Instant{50});
  EXPECT_EQ(here.idle_since(7), Instant{50});
  EXPECT_FALSE(here.is_busy_here(7));
  ASSERT_TRUE(here.take_news(news));
  there.absorb(news[0]);
  EXPECT_EQ(there.idle_since(7), kNever);  // its own call is not over
  there.line_idle(7, Instant{40});
  EXPECT_EQ(there.idle_since(7), Instant{40});
  there.line_idle(7, Instant{60});  // nothing was begun
  EXPECT_EQ(there.idle_since(7), Instant{40});
}

TEST(HuntMemory, IdleNewsOfOthersDoNotGoBack) {
  HuntMemory here;
  here.absorb({HuntNews::Kind::busy, 7, 0, {}});
  here.line_busy(7);
  here.line_idle(7, Instant{90});
  EXPECT_EQ(here.idle_since(7), kNever);
  here.absorb({HuntNews::Kind::idle, 7, 0, Instant{80}});
  EXPECT_EQ(here.idle_since(7), Instant{90});
}

TEST(HuntOrder, ByDistribution) {
  Random random{1};
  Core core({}, random);
  config::LineGroupView group;
  group.id = 9, group.members = {1, 2, 3, 4};
  group.distribution = Distribution::circular;
  EXPECT_THAT(hunt_order(core, group), ElementsAre(1, 2, 3, 4));
  core.hunted.got_call(9, 2);
  EXPECT_THAT(hunt_order(core, group), ElementsAre(3, 4, 1, 2));
  core.hunted.got_call(9, 4);
  EXPECT_THAT(hunt_order(core, group), ElementsAre(1, 2, 3, 4));
  core.hunted.got_call(9, 77);  // has left the group
  EXPECT_THAT(hunt_order(core, group), ElementsAre(1, 2, 3, 4));
  group.distribution = Distribution::longest_idle_time;
  for (const auto& [line, at] : {std::pair<config::EntityId, int64_t>{1, 30}, {2, 10}}) {
    core.hunted.line_busy(line);
    core.hunted.line_idle(line, Instant{at});
  }
  core.hunted.line_busy(3);
  EXPECT_THAT(hunt_order(core, group), ElementsAre(4, 2, 1, 3));
  group.distribution = Distribution::top_down;
  EXPECT_THAT(hunt_order(core, group), ElementsAre(1, 2, 3, 4));
}

}  // namespace
}  // namespace carillon::call::test
