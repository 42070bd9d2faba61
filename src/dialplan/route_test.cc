#include "dialplan/route.h"

#include <gtest/gtest.h>

namespace carillon::dialplan {
namespace {

config::LineView line(config::EntityId id, const char* number, config::EntityId partition) {
  config::LineView l;
  l.id = id;
  l.number = number;
  l.partition = partition;
  return l;
}

class RouteTest : public testing::Test {
 protected:
  RouteTest() {
    builder_.put(line(1, "100", 1));
    builder_.put(line(2, "100", 2));
    builder_.put(line(3, "+4930123", 2));
    builder_.put(line(4, "*72", 1));
    builder_.put_search_space(10, {2, 1});
    builder_.put_search_space(11, {1});
    builder_.put_search_space(12, {});
    snapshot_ = builder_.build(1);
  }
  config::EntityId id(config::EntityId space, View digits) {
    std::vector<std::string> why;
    const Decision d = route(*snapshot_, space, digits);
    const Decision e = explain(*snapshot_, space, digits, why);
    EXPECT_EQ(d.kind, e.kind);
    EXPECT_EQ(d.line, e.line);
    EXPECT_FALSE(why.empty());
    EXPECT_EQ(d.line != nullptr, d.kind == Decision::Kind::line);
    return d.line == nullptr ? 0 : d.line->id;
  }
  config::SnapshotBuilder builder_;
  config::SnapshotPtr snapshot_;
};

TEST_F(RouteTest, SearchSpaceOrderDecides) {
  EXPECT_EQ(id(10, "100"), 2);
  EXPECT_EQ(id(11, "100"), 1);
  EXPECT_EQ(id(0, "100"), 1);
  EXPECT_EQ(id(12, "100"), 0);
  EXPECT_EQ(id(99, "100"), 0);
}

TEST_F(RouteTest, ExactMatchOnly) {
  EXPECT_EQ(id(0, "+4930123"), 3);
  EXPECT_EQ(id(11, "+4930123"), 0);
  EXPECT_EQ(id(0, "4930123"), 0);
  EXPECT_EQ(id(0, "10"), 0);
  EXPECT_EQ(id(0, "1000"), 0);
  EXPECT_EQ(id(0, "*72"), 4);
}

TEST_F(RouteTest, WhatIsNotANumberIsInvalid) {
  for (const char* digits : {"", "+", "alice", "10 0", "1+0", "100;x", "\"", "012345678901234567890123456789012"}) {
    EXPECT_EQ(route(*snapshot_, 0, digits).kind, Decision::Kind::invalid) << digits;
  }
  EXPECT_EQ(route(*snapshot_, 0, "5").kind, Decision::Kind::unknown);
}

TEST_F(RouteTest, TheExplanationSaysWhere) {
  std::vector<std::string> why;
  explain(*snapshot_, 10, "*72", why);
  ASSERT_EQ(why.size(), 4u);
  EXPECT_EQ(why[0], "the caller's search space has 2 partitions");
  EXPECT_EQ(why[1], "partition 2: does not have *72");
  EXPECT_EQ(why[2], "partition 1: has *72");
  EXPECT_EQ(why[3], "*72 is a line on 0 phones");
}

// Numbers that are no lines, in the same space.
class NumbersTest : public RouteTest {
 protected:
  NumbersTest() {
    config::HuntPilotView pilot;
    pilot.id = 1;
    pilot.number = "5000";
    pilot.partition = 2;
    builder_.put(pilot);
    builder_.put(config::PickupGroupView{1, "Sales", "100", 3, {}});
    builder_.put(config::CallParkView{1, "80XX", 1});
    builder_.put(config::CallParkView{2, "8100", 1});
    builder_.put(config::DirectedParkView{1, "811X", 1, "21", "", 0});
    builder_.put(line(5, "8005", 2));
    builder_.put(config::FeatureCodeView{1, "*8", config::CodeFunction::group_pickup});
    builder_.put(config::FeatureCodeView{2, "*72", config::CodeFunction::forward_all_set});
    builder_.put(config::FeatureCodeView{3, "#73", config::CodeFunction::forward_all_clear});
    builder_.put_search_space(13, {3, 1});
    snapshot_ = builder_.build(2);
  }
  std::string routed(config::EntityId space, View digits) {
    std::vector<std::string> why;
    const Decision d = route(*snapshot_, space, digits);
    const Decision e = explain(*snapshot_, space, digits, why);
    EXPECT_EQ(d.kind, e.kind);
    return why.back();
  }
};

TEST_F(NumbersTest, EachNumberLeadsToWhatItIs) {
  EXPECT_EQ(routed(0, "5000"), "5000 is a hunt pilot");
  EXPECT_EQ(routed(11, "5000"), "5000 is unknown there");
  EXPECT_EQ(routed(13, "100"), "100 is a call pickup group");
  EXPECT_EQ(routed(11, "100"), "100 is a line on 0 phones");
  EXPECT_EQ(routed(0, "8099"), "8099 lies in 80XX, a range: call park number");
  EXPECT_EQ(routed(0, "8100"), "8100 is a call park number");
  EXPECT_EQ(routed(0, "8115"), "8115 lies in 811X, a range: directed call park number");
  EXPECT_EQ(routed(0, "218115"), "218115 lies in 21811X, a range: retrieval of a directed call park number");
  EXPECT_EQ(routed(0, "809"), "809 is unknown there");
  EXPECT_EQ(routed(0, "80*1"), "80*1 is unknown there");
}

TEST_F(NumbersTest, AnExactNumberWinsOverARange) {
  EXPECT_EQ(routed(0, "8005"), "8005 is a line on 0 phones");
  EXPECT_EQ(routed(11, "8005"), "8005 lies in 80XX, a range: call park number");
}

TEST_F(NumbersTest, CodesTakeWhatIsDialledBehindThem) {
  EXPECT_EQ(routed(0, "*8"), "*8 is the feature code *8 (group-pickup)");
  EXPECT_EQ(routed(12, "*88801"), "*88801 is the feature code *8 (group-pickup) with 8801");
  EXPECT_EQ(routed(11, "*72"), "*72 is a line on 0 phones");  // an older number is not taken away
  EXPECT_EQ(routed(11, "*721002"), "*721002 is the feature code *72 (forward-all-set) with 1002");
  EXPECT_EQ(routed(0, "#73"), "#73 is the feature code #73 (forward-all-clear)");
  EXPECT_EQ(routed(0, "#731"), "#731 is unknown there");
  builder_.remove<config::FeatureCodeView>(1);
  snapshot_ = builder_.build(3);
  EXPECT_EQ(routed(0, "*8"), "*8 is unknown there");
}

TEST_F(NumbersTest, RowsThatGoTakeTheirNumbersAlong) {
  builder_.remove<config::HuntPilotView>(1);
  builder_.remove<config::CallParkView>(1);
  builder_.put(config::PickupGroupView{1, "Sales", "101", 3, {}});
  snapshot_ = builder_.build(3);
  EXPECT_EQ(routed(0, "5000"), "5000 is unknown there");
  EXPECT_EQ(routed(0, "8099"), "8099 is unknown there");
  EXPECT_EQ(routed(13, "101"), "101 is a call pickup group");
  EXPECT_EQ(routed(13, "100"), "100 is a line on 0 phones");
}

TEST_F(NumbersTest, TheLinesSearchSpaceComesFirst) {
  EXPECT_EQ(route(*snapshot_, 11, 10, "100").line->id, 1);
  EXPECT_EQ(route(*snapshot_, 10, 11, "100").line->id, 2);
  EXPECT_EQ(route(*snapshot_, 12, 11, "100").line->id, 1);
  EXPECT_EQ(route(*snapshot_, 0, 10, "100").line->id, 2);
  EXPECT_EQ(route(*snapshot_, 11, 10, "8005").line->id, 5);
  EXPECT_EQ(route(*snapshot_, 11, 10, "5000").kind, Decision::Kind::hunt_pilot);
}

}  // namespace
}  // namespace carillon::dialplan
