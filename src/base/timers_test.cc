#include "base/timers.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "base/random.h"

namespace carillon {
namespace {

constexpr Instant kStart{1700000000000000};
constexpr Duration kSlot{1 << Timers<int>::kShift};

TEST(Timers, FiresNeverEarlyAndSoonAfter) {
  Timers<int> timers;
  Random random(7);
  std::multimap<int64_t, int> expected;
  for (int i = 0; i < 5000; i++) {
    const Instant at = kStart + milliseconds(random.below(200000));
    timers.arm(at, i);
    expected.emplace(at.us, i);
  }
  size_t fired = 0;
  for (Instant now = kStart; timers.size() > 0; now = timers.next()) {
    timers.fire(now, [&](Instant at, int) {
      fired++;
      EXPECT_LE(at, now);
      EXPECT_LE((now - at).us, 2 * kSlot.us);
    });
    ASSERT_LT(now, kStart + seconds(300));
  }
  EXPECT_EQ(fired, expected.size());
  EXPECT_EQ(timers.next(), kNever);
}

TEST(Timers, AHandlerMayArmForNowAndForThePast) {
  Timers<int> timers;
  timers.arm(kStart, 3);
  int fired = 0;
  Instant now = kStart;
  for (int turn = 0; turn < 10 && timers.size() > 0; turn++) {
    now = timers.next();
    timers.fire(now, [&](Instant, int left) {
      fired++;
      if (left > 0) timers.arm(kStart - seconds(5), left - 1);
    });
  }
  EXPECT_EQ(fired, 4);
}

TEST(Timers, AnEarlierDeadlineAfterALaterOneStillFiresFirst) {
  Timers<int> timers;
  timers.arm(kStart + seconds(50), 2);
  timers.arm(kStart + seconds(1), 1);
  std::vector<int> order;
  for (int turn = 0; turn < 5 && timers.size() > 0; turn++) {
    timers.fire(timers.next(), [&](Instant, int token) { order.push_back(token); });
  }
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(Timers, AnEarlierDeadlineThanTheFirstIsNotHeldBack) {
  const Instant start{1'000'000'000};
  for (const bool fired_before : {false, true}) {
    Timers<int> timers;
    if (fired_before) timers.fire(start, [](Instant, int) {});
    timers.arm(start + seconds(32), 1);
    timers.fire(start, [](Instant, int) {});
    timers.arm(start + milliseconds(100), 2);
    EXPECT_LE(timers.next(), start + milliseconds(110));
    std::vector<int> order;
    timers.fire(start + milliseconds(200), [&](Instant, int token) { order.push_back(token); });
    EXPECT_EQ(order, std::vector<int>{2});
  }
}

}  // namespace
}  // namespace carillon
