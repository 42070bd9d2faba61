#include "text/moment.h"

#include <gtest/gtest.h>

#include "text/json.h"

namespace carillon {
namespace {

constexpr Instant kNow{1'795'000'000'000'000};

std::string said(std::string_view text) {
  const auto at = parse_moment(text, kNow);
  return at ? json::time_text(*at) : "nothing";
}

TEST(Moment, DatesAndTimes) {
  EXPECT_EQ(said("2026-11-22"), "2026-11-22T00:00:00.000Z");
  EXPECT_EQ(said("2026-11-22T13:05"), "2026-11-22T13:05:00.000Z");
  EXPECT_EQ(said("2026-11-22 13:05:06"), "2026-11-22T13:05:06.000Z");
  EXPECT_EQ(said("2026-11-22T13:05:06.789Z"), "2026-11-22T13:05:06.789Z");
  EXPECT_EQ(said("2026-11-22T13:05:06.789123456z"), "2026-11-22T13:05:06.789Z");
  EXPECT_EQ(said("2026-11-22T00:30+01:00"), "2026-11-21T23:30:00.000Z");
  EXPECT_EQ(said("2026-11-22T23:30:00-0130"), "2026-11-23T01:00:00.000Z");
  EXPECT_EQ(said("2024-02-29"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(said("2000-03-01"), "2000-03-01T00:00:00.000Z");
  EXPECT_EQ(said("9999-12-31T23:59:59"), "9999-12-31T23:59:59.000Z");
  EXPECT_EQ(parse_moment("1970-01-01", kNow)->us, 0);
}

TEST(Moment, EveryMomentComesBack) {
  for (int64_t day = 0; day < 200'000; day += 97) {
    const Instant at{day * 86'400'000'000 + 3'723'004'000};
    const auto back = parse_moment(json::time_text(at), kNow);
    ASSERT_TRUE(back) << json::time_text(at);
    ASSERT_EQ(back->us, at.us) << json::time_text(at);
  }
}

TEST(Moment, SecondsAndAges) {
  EXPECT_EQ(said("1795000000"), json::time_text(kNow));
  EXPECT_EQ(parse_moment("0", kNow)->us, 0);
  EXPECT_EQ(parse_moment("90s", kNow)->us, (kNow - seconds(90)).us);
  EXPECT_EQ(parse_moment("15m", kNow)->us, (kNow - seconds(900)).us);
  EXPECT_EQ(parse_moment("2h", kNow)->us, (kNow - seconds(7200)).us);
  EXPECT_EQ(parse_moment("7d", kNow)->us, (kNow - seconds(604'800)).us);
  EXPECT_EQ(parse_moment("1w", kNow)->us, (kNow - seconds(604'800)).us);
  EXPECT_EQ(parse_moment("4000000000w", kNow)->us, 0);
}

TEST(Moment, WhatIsNone) {
  for (const char* bad : {"",
                          "yesterday",
                          "s",
                          "-1s",
                          "1y",
                          "2026-13-01",
                          "2026-02-29",
                          "1900-01-01",
                          "2026-11-31",
                          "2026-11-22T",
                          "2026-11-22T1:05",
                          "2026-11-22T24:00",
                          "2026-11-22T13:60",
                          "2026-11-22T13:05:61",
                          "2026-11-22T13:05:06.",
                          "2026-11-22T13:05:06Zx",
                          "2026-11-22T13:05+1",
                          "2026-11-22x",
                          "2026-1-2",
                          "99999999999999",
                          "9999-12-31T23:59:59-00:01",
                          "1e9",
                          "5 m"}) {
    EXPECT_FALSE(parse_moment(bad, kNow)) << bad;
  }
}

}  // namespace
}  // namespace carillon
