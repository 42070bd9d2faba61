#include "registrar/refusals.h"

#include <gtest/gtest.h>

#include <set>

#include "base/limits.h"

namespace carillon::registrar {
namespace {

constexpr Instant kStart{1'700'000'000'000'000};

Refusal row(uint32_t source, std::string user = "alice") {
  Refusal r;
  r.source = Address::v4(0x0a000000 + source, 5060);
  r.transport = "UDP";
  r.method = "REGISTER";
  r.user = std::move(user);
  r.number = "1001";
  r.reason = RefusalReason::wrong_hash;
  return r;
}

TEST(Refusals, FoldsWhatIsTheSame) {
  Refusals refusals;
  refusals.add(kStart, row(1));
  refusals.add(kStart + seconds(1), row(2));
  Refusal again = row(1);
  again.source.port = 7;
  refusals.add(kStart + seconds(2), again);
  const auto list = refusals.list();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].count, 2u) << "newest first";
  EXPECT_EQ(list[0].first, kStart);
  EXPECT_EQ(list[0].last, kStart + seconds(2));
  EXPECT_EQ(list[0].source.port, 7);
  EXPECT_EQ(refusals.total(), 3u);
  Refusal other = row(1);
  other.reason = RefusalReason::unknown_user;
  refusals.add(kStart, other);
  other.number = "1002";
  refusals.add(kStart, other);
  refusals.add(kStart, row(1, "bob"));
  EXPECT_EQ(refusals.list().size(), 5u);
}

TEST(Refusals, IsBoundedAndForgetsTheLeastRecent) {
  Refusals refusals;
  const auto many = static_cast<uint32_t>(limits::kRefusals);
  for (uint32_t i = 0; i < many; i++) refusals.add(kStart, row(i));
  refusals.add(kStart, row(0));
  for (uint32_t i = 0; i < many / 2; i++) refusals.add(kStart, row(many + i));
  const auto list = refusals.list();
  EXPECT_EQ(list.size(), limits::kRefusals);
  size_t first = 0;
  size_t second = 0;
  for (const auto& r : list) first += r.source == row(0).source, second += r.source == row(1).source;
  EXPECT_EQ(first, 1u) << "was touched again";
  EXPECT_EQ(second, 0u);
  EXPECT_EQ(refusals.total(), many + many / 2 + 1);
}

TEST(Refusals, KeepsStrangersTextsShortAndPrintable) {
  Refusals refusals;
  refusals.add(kStart, row(1, std::string(5000, 'x') + "\x01"));
  refusals.add(kStart, row(1, "a\r\nb"));
  for (const auto& r : refusals.list()) {
    EXPECT_LE(r.user.size(), 68u);
    EXPECT_EQ(r.user.find('\n'), std::string::npos);
  }
}

TEST(Refusals, EveryReasonHasItsWords) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(RefusalReason::not_our_domain); i++) {
    const auto r = static_cast<RefusalReason>(i);
    EXPECT_TRUE(names.insert(text_of(r)).second);
    EXPECT_FALSE(explanation_of(r).empty());
    EXPECT_FALSE(remedy_of(r).empty());
  }
}

}  // namespace
}  // namespace carillon::registrar
