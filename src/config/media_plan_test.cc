#include "config/media_plan.h"

#include <gtest/gtest.h>

#include "config/snapshot.h"

namespace carillon::config {
namespace {

RegionView region(EntityId id, uint32_t audio, std::vector<std::pair<EntityId, MediaLimit>> others = {}) {
  RegionView r;
  r.id = id;
  r.name = "R" + std::to_string(id);
  r.inside.audio = audio;
  r.others = std::move(others);
  return r;
}

LocationView location(EntityId id, uint32_t audio, std::vector<LocationView::Link> links = {}) {
  LocationView l;
  l.id = id;
  l.name = "L" + std::to_string(id);
  l.audio = audio;
  l.links = std::move(links);
  return l;
}

TEST(MediaPlan, NothingConfiguredRestrictsNothing) {
  const MediaPlan none;
  EXPECT_EQ(none.between(1, 1), nullptr);
  EXPECT_EQ(none.between(1, 2), nullptr);
  EXPECT_TRUE(none.way(1, 1).empty());
  EXPECT_EQ(none.region_of(0), 1);
  EXPECT_EQ(none.location_of(77), 1);
  // The built-in region alone, and phones of it beside another region.
  const MediaPlan plain({region(1, 0)}, {location(1, 0)}, {{1, "Default", 1, 1}});
  EXPECT_FALSE(plain.has_regions());
  EXPECT_FALSE(plain.has_locations());
  const MediaPlan two({region(1, 0), region(2, 64)}, {}, {});
  EXPECT_EQ(two.between(1, 1), nullptr);
}

TEST(MediaPlan, ARelationshipHoldsBothWaysAndTheStricterWins) {
  const MediaLimit ours{16, 0, true, {"iLBC"}}, theirs{24, 512, false, {"G729"}};
  const MediaPlan plan({region(3, 64, {{1, theirs}}), region(1, 0, {{3, ours}, {2, {0, 0, true, {}}}}), region(2, 64)},
                       {}, {});
  ASSERT_NE(plan.between(3, 1), nullptr);
  EXPECT_EQ(plan.between(3, 1), plan.between(1, 3));
  EXPECT_EQ(plan.between(1, 3)->audio, 16u);
  EXPECT_EQ(plan.between(1, 3)->video, 512);
  EXPECT_FALSE(plan.between(1, 3)->unknown_codecs);
  EXPECT_EQ(plan.between(1, 2), nullptr);  // said to be without limit
  EXPECT_EQ(plan.between(2, 2)->audio, 64u);
  EXPECT_EQ(plan.between(2, 3)->audio, 8u);  // nobody said anything
  EXPECT_EQ(plan.between(2, 3)->video, 384);
}

TEST(MediaPlan, TheLightestWayCounts) {
  // 2 — 1 — 3 with 100, or 2 — 4 — 3 with 90; 5 stands alone.
  const MediaPlan plan({},
                       {location(1, 0), location(2, 160, {{1, 80, 0, 50}, {4, 240, 0, 45}}),
                        location(3, 0, {{1, 0, 0, 50}, {4, 320, 0, 45}}), location(4, 1), location(5, 24)},
                       {{9, "Branch", 0, 2}});
  EXPECT_TRUE(plan.has_locations());
  EXPECT_EQ(plan.location_of(9), 2);
  const auto way = plan.way(2, 3);
  ASSERT_EQ(way.size(), 3u);
  EXPECT_EQ(way[0].place, (Place{2, 2}));
  EXPECT_EQ(way[0].audio, 160u);
  EXPECT_EQ(way[1].place, (Place{3, 4}));
  EXPECT_EQ(way[1].audio, 320u);
  EXPECT_EQ(way[2].place, (Place{2, 4}));
  EXPECT_EQ(plan.way(2, 2).size(), 1u);
  EXPECT_EQ(plan.way(1, 1).size(), 0u);
  EXPECT_EQ(plan.way(5, 1).size(), 1u);  // no way leads there
  EXPECT_EQ(plan.limited().size(), 6u);
  EXPECT_EQ(plan.limit_of({1, 2}).audio, 80u);
}

TEST(MediaPlan, SnapshotsShareThePlanUntilItChanges) {
  SnapshotBuilder builder;
  builder.put(region(1, 0));
  const SnapshotPtr a = builder.build(1);
  builder.put_user("alice");
  const SnapshotPtr b = builder.build(2);
  EXPECT_EQ(&a->media(), &b->media());
  builder.put(region(2, 8));
  const SnapshotPtr c = builder.build(3);
  EXPECT_EQ(c->media().between(2, 2)->audio, 8u);
  EXPECT_EQ(a->media().between(2, 2), nullptr);
  builder.remove_region(2);
  EXPECT_FALSE(builder.build(4)->media().has_regions());
}

}  // namespace
}  // namespace carillon::config
