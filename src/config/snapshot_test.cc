#include "config/snapshot.h"

#include <gtest/gtest.h>

#include <string>

namespace carillon::config {
namespace {

PhoneView phone(EntityId id, const std::string& name, const std::string& user, std::vector<EntityId> lines) {
  PhoneView p;
  p.id = id;
  p.name = name;
  p.digest_user = user;
  uint8_t index = 1;
  for (const EntityId line : lines) {
    AppearanceView a;
    a.line = line;
    a.index = index++;
    p.lines.push_back(a);
  }
  return p;
}

LineView line(EntityId id, const std::string& number, EntityId partition) {
  LineView l;
  l.id = id;
  l.number = number;
  l.partition = partition;
  return l;
}

TEST(Snapshot, FindsByEveryKey) {
  SnapshotBuilder builder;
  builder.put_user("alice");
  builder.put_user("loner");
  builder.put(line(10, "1001", 1));
  builder.put(phone(5, "SEP000000000001", "alice", {10}), 1, 1);
  const SnapshotPtr s = builder.build(3);
  EXPECT_EQ(s->revision(), 3u);
  bool known = false;
  ASSERT_NE(s->phone_by_digest_user("alice", &known), nullptr);
  EXPECT_TRUE(known);
  EXPECT_EQ(s->phone_by_digest_user("loner", &known), nullptr);
  EXPECT_TRUE(known);
  EXPECT_EQ(s->phone_by_digest_user("nobody", &known), nullptr);
  EXPECT_FALSE(known);
  ASSERT_NE(s->phone_by_name("SEP000000000001"), nullptr);
  EXPECT_EQ(s->phone(5), s->phone_by_name("SEP000000000001"));
  EXPECT_EQ(s->line_by_number("1001", 0)->id, 10);
  EXPECT_EQ(s->line_by_number("1001", 99), nullptr);
  EXPECT_EQ(s->line_of_phone(*s->phone(5), "1001")->id, 10);
  EXPECT_EQ(s->line_of_phone(*s->phone(5), "1002"), nullptr);
}

TEST(Snapshot, SearchSpaceDecidesAmongPartitions) {
  SnapshotBuilder builder;
  builder.put(line(1, "200", 7));
  builder.put(line(2, "200", 8));
  builder.put_search_space(50, {8, 7});
  builder.put_search_space(51, {7});
  const SnapshotPtr s = builder.build(1);
  EXPECT_EQ(s->line_by_number("200", 50)->id, 2);
  EXPECT_EQ(s->line_by_number("200", 51)->id, 1);
  EXPECT_EQ(s->line_by_number("200", 0)->id, 1);
  builder.remove_line(1);
  builder.remove_search_space(51);
  const SnapshotPtr t = builder.build(2);
  EXPECT_EQ(t->line_by_number("200", 51), nullptr);
  EXPECT_EQ(t->line_by_number("200", 0)->id, 2);
  EXPECT_EQ(s->line_by_number("200", 51)->id, 1);
}

TEST(Snapshot, LinesKnowTheirPhonesInWhateverOrderRowsCome) {
  SnapshotBuilder builder;
  builder.put(phone(9, "SEP9", "", {1}), 1, 1);
  builder.put(line(1, "100", 1));
  builder.put(phone(3, "SEP3", "", {1}), 1, 1);
  EXPECT_EQ(builder.build(1)->line(1)->phones, (std::vector<EntityId>{3, 9}));
  builder.put(phone(9, "SEP9", "", {}), 1, 1);
  EXPECT_EQ(builder.build(2)->line(1)->phones, (std::vector<EntityId>{3}));
  builder.remove_line(1);
  builder.put(line(1, "101", 1));
  EXPECT_EQ(builder.build(3)->line(1)->phones, (std::vector<EntityId>{3}));
  builder.remove_phone(3);
  EXPECT_TRUE(builder.build(4)->line(1)->phones.empty());
}

TEST(Snapshot, RenamesAndMovesLeaveNoOldKeys) {
  SnapshotBuilder builder;
  builder.put(line(1, "100", 1));
  builder.put(phone(1, "A", "u", {1}), 1, 1);
  builder.put(phone(2, "B", "", {}), 1, 1);
  const SnapshotPtr before = builder.build(1);
  builder.put(phone(2, "B", "u", {}), 1, 1);  // the user changes hands, the new owner first
  builder.put(phone(1, "C", "", {1}), 1, 1);
  builder.put(line(1, "101", 2));
  const SnapshotPtr after = builder.build(2);
  EXPECT_EQ(after->phone_by_digest_user("u", nullptr)->id, 2);
  EXPECT_EQ(after->phone_by_name("A"), nullptr);
  EXPECT_EQ(after->phone_by_name("C")->id, 1);
  EXPECT_EQ(after->line_by_number("100", 0), nullptr);
  EXPECT_EQ(after->line_by_number("101", 0)->id, 1);
  EXPECT_EQ(before->phone_by_digest_user("u", nullptr)->id, 1);
  EXPECT_EQ(before->line_by_number("100", 0)->id, 1);
}

TEST(Snapshot, RowsAreSharedAndProfilesRenewed) {
  SnapshotBuilder builder;
  SecurityView profile;
  profile.id = 4;
  builder.put(profile);
  for (EntityId i = 1; i <= 2000; i++) builder.put(phone(i, "SEP" + std::to_string(i), "", {}), i % 2 ? 4 : 0, 0);
  const SnapshotPtr a = builder.build(1);
  builder.put(phone(7, "SEP7", "x", {}), 4, 0);
  const SnapshotPtr b = builder.build(2);
  size_t same = 0;
  for (EntityId i = 1; i <= 2000; i++) same += a->phone(i) == b->phone(i) ? 1 : 0;
  EXPECT_EQ(same, 1999u);
  profile.digest = true;
  builder.put(profile);
  const SnapshotPtr c = builder.build(3);
  EXPECT_TRUE(c->phone(7)->security->digest);
  EXPECT_FALSE(b->phone(7)->security->digest);
  EXPECT_FALSE(c->phone(8)->security->digest);
  EXPECT_EQ(b->phone(8), c->phone(8));
}

TEST(CowMap, HoldsAgainstAModelThroughManyVersions) {
  SnapshotBuilder builder;
  std::vector<SnapshotPtr> versions;
  for (EntityId i = 1; i <= 5000; i++) {
    builder.put(line(i, std::to_string(i), 1 + i % 40));
    if (i % 3 == 0) builder.remove_line(i / 3);
    if (i % 100 == 0) versions.push_back(builder.build(static_cast<uint64_t>(i)));
  }
  for (const SnapshotPtr& s : versions) {
    const auto last = static_cast<EntityId>(s->revision());
    size_t expected = 0;
    for (EntityId i = 1; i <= last; i++) {
      const bool there = i > last / 3;
      expected += there ? 1 : 0;
      ASSERT_EQ(s->line(i) != nullptr, there) << i << " in " << last;
      ASSERT_EQ(s->line_by_number(std::to_string(i), 0) != nullptr, there);
    }
    EXPECT_EQ(s->lines(), expected);
    size_t walked = 0;
    s->for_each_line([&](const LineView&) { walked++; });
    EXPECT_EQ(walked, expected);
  }
}

TEST(ParametersView, TrustIsByNetwork) {
  ParametersView p;
  p.trusted_networks.push_back(*Network::parse("127.9.0.0/16"));
  EXPECT_TRUE(p.is_trusted(*Address::parse_ip("127.9.1.1", 5060)));
  EXPECT_FALSE(p.is_trusted(*Address::parse_ip("127.10.1.1", 5060)));
  EXPECT_TRUE(p.is_trusted(*Address::parse_ip("::ffff:127.9.1.1", 5060)));
}

TEST(Snapshot, KnowsWhichLinesAreHunted) {
  SnapshotBuilder builder;
  LineGroupView a, b;
  a.id = 1, a.members = {10, 11};
  b.id = 2, b.members = {11};
  builder.put(a);
  builder.put(b);
  const auto before = builder.build(1);
  a.members = {12};
  builder.put(a);
  const auto after = builder.build(2);
  EXPECT_TRUE(before->is_hunted(10) && before->is_hunted(11));
  EXPECT_FALSE(before->is_hunted(12));
  EXPECT_FALSE(after->is_hunted(10));
  EXPECT_TRUE(after->is_hunted(11) && after->is_hunted(12));
  EXPECT_EQ(before->row<LineGroupView>(1)->members.size(), 2u);
  EXPECT_EQ(after->row<LineGroupView>(1)->members.size(), 1u);
  builder.remove<LineGroupView>(2);
  const auto last = builder.build(3);
  EXPECT_FALSE(last->is_hunted(11));
  EXPECT_EQ(last->row<LineGroupView>(2), nullptr);
}

}  // namespace
}  // namespace carillon::config
