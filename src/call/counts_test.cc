#include "call/counts.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace carillon::call {
namespace {

TEST(AppearanceCounts, EachAppearanceForItself) {
  AppearanceCounts counts;
  for (int64_t phone = 1; phone <= 5000; phone++) counts.add(phone, phone % 7);  // longer lists than one
  counts.add(17, 3);
  EXPECT_EQ(counts.of(17, 3), 2u);
  EXPECT_EQ(counts.of(17, 4), 0u);
  EXPECT_EQ(counts.of(3, 17), 0u);
  EXPECT_EQ(counts.total(), 5001u);
  counts.remove(17, 3);
  for (int64_t phone = 1; phone <= 5000; phone++) counts.remove(phone, phone % 7);
  EXPECT_EQ(counts.of(17, 3), 0u);
  EXPECT_EQ(counts.total(), 0u);
}

TEST(AppearanceCounts, TakesNoMoreThanTheLimit) {
  AppearanceCounts counts;
  EXPECT_FALSE(counts.take(1, 1, 0));
  EXPECT_TRUE(counts.take(1, 1, 2));
  EXPECT_TRUE(counts.take(1, 1, 2));
  EXPECT_FALSE(counts.take(1, 1, 2));
  counts.add(1, 1);
  EXPECT_EQ(counts.of(1, 1), 3u);
}

// As shards do: many threads, the same few appearances, made anew by whoever comes first.
TEST(AppearanceCounts, ThreadsNeverTakeMoreThanThereAre) {
  constexpr int kThreads = 4, kRounds = 20000;
  constexpr uint32_t kLimit = 3;
  AppearanceCounts counts;
  std::atomic<uint32_t> most{0};
  std::atomic<int> held[8] = {};
  std::vector<std::thread> threads;
  for (int n = 0; n < kThreads; n++) {
    threads.emplace_back([&, n] {
      for (int i = 0; i < kRounds; i++) {
        const int phone = (i + n) % 8;
        if (!counts.take(phone + 1, 9, kLimit)) continue;
        const auto now = static_cast<uint32_t>(++held[phone]);
        for (uint32_t seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        held[phone]--;
        counts.remove(phone + 1, 9);
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_LE(most, kLimit);
  EXPECT_EQ(counts.total(), 0u);
}

TEST(OwnCounts, SaysWhatIsLeftOver) {
  AppearanceCounts all;
  OwnCounts one(&all), other(&all);
  one.add(1, 1);
  other.add(1, 1);
  EXPECT_EQ(one.of(1, 1), 2u);
  EXPECT_FALSE(other.take(1, 1, 2));
  one.remove(1, 1);
  EXPECT_EQ(one.size(), 0u);
  EXPECT_EQ(other.size(), 1u);
}

}  // namespace
}  // namespace carillon::call
