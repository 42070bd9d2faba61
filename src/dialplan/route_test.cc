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

}  // namespace
}  // namespace carillon::dialplan
