// What a call record says of a park number, read from bytes that nobody vouches for; and who may pick up what.

#include "call/park_record.h"
#include "call/pickup.h"
#include "gtest/gtest.h"
#include "sip/route_key.h"

namespace carillon::call {
namespace {

TEST(ParkRecord, ShardOfItsRange) {
  for (const uint16_t shards : {1, 2, 3, 7})
    EXPECT_EQ(shard_of_parked("80XX 12 8003 n 101 1790000000000000 2", shards), sip::shard_of_user("80XX", shards));
}

TEST(ParkRecord, OtherTextIsNone) {
  for (const char* text : {"", " ", "80XX", "80XX 12 8003 n 101 1790000000000000", "80XX 12 8003 n 101 1 2 3",
                           " 12 8003 n 101 1 2", "80XX 12 8003 n 101  2", "80XX 12 8003 n 101 1 "})
    EXPECT_FALSE(shard_of_parked(text, 3).has_value()) << text;
}

struct Groups {
  config::SnapshotBuilder builder;
  Groups() {
    builder.put(config::PickupGroupView{1, "sales", "8600", 1, {2}});
    builder.put(config::PickupGroupView{2, "desk", "8601", 1, {}});
  }
  static config::LineView line(config::EntityId id, config::EntityId group) {
    config::LineView l;
    l.id = id;
    l.pickup_group = group;
    return l;
  }
};

TEST(Pickup, OwnLineOwnGroupAndThoseBesideIt) {
  Groups g;
  const auto s = g.builder.build(1);
  EXPECT_TRUE(may_pick_up(*s, Groups::line(10, 0), Groups::line(10, 0)));
  EXPECT_FALSE(may_pick_up(*s, Groups::line(10, 0), Groups::line(11, 0)));
  EXPECT_FALSE(may_pick_up(*s, Groups::line(10, 0), Groups::line(11, 1)));
  EXPECT_TRUE(may_pick_up(*s, Groups::line(10, 1), Groups::line(11, 1)));
  EXPECT_TRUE(may_pick_up(*s, Groups::line(10, 1), Groups::line(11, 2)));
  EXPECT_FALSE(may_pick_up(*s, Groups::line(10, 2), Groups::line(11, 1)));
  EXPECT_FALSE(may_pick_up(*s, Groups::line(10, 3), Groups::line(11, 3))) << "a group that is gone";
}

}  // namespace
}  // namespace carillon::call
