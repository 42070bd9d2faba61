#include "sip/route_key.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace carillon::sip {
namespace {

TEST(RouteKey, BranchRoundTripsWhateverTheCase) {
  Random random(1);
  for (int i = 0; i < 1000; i++) {
    const BranchKey key{static_cast<uint16_t>(random.below(kMaxShards)), random.below(kMaxBranchIndex),
                        static_cast<uint16_t>(random.below(1024)), random.next64()};
    std::string text;
    append_branch(text, key);
    ASSERT_EQ(text.size(), kBranchSize);
    for (const std::string& form : {text, to_lower(text)}) {
      const auto read = parse_branch(form);
      ASSERT_TRUE(read);
      EXPECT_EQ(read->shard, key.shard);
      EXPECT_EQ(read->index, key.index);
      EXPECT_EQ(read->generation, key.generation);
      EXPECT_EQ(read->random, key.random);
    }
  }
}

TEST(RouteKey, ForeignBranchesAndTagsAreNotOurs) {
  for (const View text : {"", "z9hG4bK", "z9hG4bK776asdhds", "1", "z9hG4bK00000000000000000000_0"}) {
    EXPECT_FALSE(parse_branch(text)) << text;
    EXPECT_FALSE(parse_tag(text)) << text;
  }
  EXPECT_FALSE(parse_tag("00zzzzzzzzzz0000000000000"));
  EXPECT_FALSE(parse_tag("00vvvvvvvvvv0000000000000"));  // more than 48 owner bits
}

TEST(RouteKey, TagCarriesShardAndOwner) {
  std::string tag;
  append_tag(tag, {7, 0x123456789abcull, 42});
  const auto read = parse_tag(tag);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->shard, 7);
  EXPECT_EQ(read->owner, 0x123456789abcull);
  EXPECT_EQ(read->random, 42u);
}

TEST(RouteKey, CallIdsHashHome) {
  Random random(3);
  for (unsigned shards : {1u, 2u, 3u, 16u}) {
    for (unsigned shard = 0; shard < shards; shard++) {
      EXPECT_EQ(shard_of_call_id(mint_call_id(shard, shards, random), shards), shard);
    }
  }
}

TEST(RouteKey, ShardOfMessage) {
  constexpr unsigned kShards = 4;
  Random random(4);
  std::string branch, tag;
  append_branch(branch, {3, 1, 1, 1});
  append_tag(tag, {2, 5, 5});
  const std::string call_id = mint_call_id(1, kShards, random);
  Scan response{.sip = true, .request = false, .method = "INVITE", .status = 200, .branch = branch, .call_id = call_id};
  EXPECT_EQ(shard_of(response, kShards), 3u);
  EXPECT_EQ(shard_of(response, 2), shard_of_call_id(call_id, 2));  // a shard that we do not have
  Scan request{.sip = true, .request = true, .method = "BYE", .branch = branch, .to_tag = tag, .call_id = call_id};
  EXPECT_EQ(shard_of(request, kShards), 2u);
  request.method = "CANCEL";
  EXPECT_EQ(shard_of(request, kShards), 2u);
  request.to_tag = {};
  EXPECT_EQ(shard_of(request, kShards), 1u);
  request.method = "REGISTER", request.to_user = "2001";
  EXPECT_EQ(shard_of(request, kShards), shard_of_user("2001", kShards));
  EXPECT_EQ(shard_of(request, 1), 0u);
}

}  // namespace
}  // namespace carillon::sip
