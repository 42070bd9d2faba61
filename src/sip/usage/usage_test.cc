#include <gtest/gtest.h>

#include "sip/stack_fixture.h"
#include "sip/usage/reliable.h"
#include "sip/usage/session_timer.h"

namespace carillon::sip {
namespace {

Parsed invite(const std::string& headers) { return Parsed(RequestText{.headers = headers}.text()); }
Parsed ok(const std::string& headers, int status = 200) {
  return Parsed(answer_text(Parsed(RequestText{}.text()).message, status, "t", headers));
}

TEST(SessionTimer, RFC4028_9_TooSmallOnlyForThoseWhoUnderstand) {
  const SessionPolicy policy{.interval = 1800, .minimum = 120};
  EXPECT_EQ(too_small(policy, invite("Supported: timer\r\nSession-Expires: 100\r\n").message), 120u);
  EXPECT_FALSE(too_small(policy, invite("Session-Expires: 100\r\n").message));
  EXPECT_FALSE(too_small(policy, invite("Supported: timer\r\nSession-Expires: 120\r\n").message));
  EXPECT_FALSE(too_small(policy, invite("Supported: timer\r\n").message));
}

TEST(SessionTimer, RFC4028_9_Server) {
  struct Case {
    const char* headers;
    uint32_t interval;
    Refreshes refresher;
  };
  for (const Case& c : {Case{"Supported: timer\r\nSession-Expires: 3600;refresher=uac\r\n", 1800, Refreshes::theirs},
                        Case{"Supported: timer\r\nSession-Expires: 600;refresher=uas\r\n", 600, Refreshes::ours},
                        Case{"Supported: timer\r\nSession-Expires: 3600\r\nMin-SE: 2400\r\n", 2400, Refreshes::ours},
                        Case{"Session-Expires: 300\r\n", 300, Refreshes::ours}, Case{"", 1800, Refreshes::ours},
                        Case{"Session-Expires: 300;refresher=uac\r\n", 300, Refreshes::ours},
                        Case{"Supported: timer\r\n", 1800, Refreshes::ours}}) {
    const SessionTimer t = agree_as_server({}, invite(c.headers).message);
    EXPECT_EQ(t.interval, c.interval) << c.headers;
    EXPECT_EQ(t.refresher, c.refresher) << c.headers;
  }
  EXPECT_EQ(agree_as_server({.interval = 0}, invite("Supported: timer\r\n").message).refresher, Refreshes::off);
}

TEST(SessionTimer, RFC4028_7_2_Client) {
  EXPECT_EQ(agree_as_client({}, ok("Session-Expires: 900;refresher=uas\r\n").message).refresher, Refreshes::theirs);
  const SessionTimer ours = agree_as_client({}, ok("Session-Expires: 900;refresher=uac\r\n").message);
  EXPECT_EQ(ours.refresher, Refreshes::ours);
  EXPECT_EQ(ours.interval, 900u);
  EXPECT_EQ(agree_as_client({}, ok("").message).refresher, Refreshes::ours);
  EXPECT_EQ(agree_as_client({.interval = 0}, ok("").message).refresher, Refreshes::off);
}

TEST(SessionTimer, RFC4028_7_3_After422) {
  const auto next = after_422({.interval = 300}, ok("Min-SE: 600\r\n", 422).message);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->interval, 600u);
  EXPECT_FALSE(after_422(*next, ok("Min-SE: 600\r\n", 422).message));  // refused what it asked for
  EXPECT_FALSE(after_422({}, ok("", 422).message));
  EXPECT_FALSE(after_422({}, ok("Min-SE: 4000000000\r\n", 422).message));
}

TEST(SessionTimer, RFC4028_10_Deadlines) {
  constexpr Instant t0{1'000'000'000};
  EXPECT_EQ(SessionTimer{}.deadline(t0), kNever);
  EXPECT_EQ((SessionTimer{Refreshes::ours, 1800, 90}.deadline(t0)), t0 + seconds(900));
  EXPECT_EQ((SessionTimer{Refreshes::theirs, 1800, 90}.deadline(t0)), t0 + seconds(1768));
  EXPECT_EQ((SessionTimer{Refreshes::theirs, 90, 90}.deadline(t0)), t0 + seconds(60));
}

TEST(SessionTimer, RFC4028_Lines) {
  std::string s;
  append_session_request(s, {.interval = 0}, {});
  append_session_answer(s, {});
  EXPECT_EQ(s, "");
  append_session_request(s, {}, {});
  EXPECT_EQ(s, "Session-Expires: 1800\r\n");
  s.clear();
  append_session_request(s, {}, {Refreshes::ours, 600, 300});
  EXPECT_EQ(s, "Session-Expires: 600;refresher=uac\r\nMin-SE: 300\r\n");
  s.clear();
  append_session_answer(s, {Refreshes::theirs, 600, 90});
  EXPECT_EQ(s, "Require: timer\r\nSession-Expires: 600;refresher=uac\r\n");
}

TEST(Reliable, RFC3262_3_OneWaitsAtATime) {
  ReliableSender sender;
  const uint32_t first = sender.next(0xffffffff);
  EXPECT_GT(first, 0u);
  EXPECT_LT(first, 0x80000000u);
  const auto prack = [&](uint32_t rseq, const char* rest) {
    RequestText r{.method = "PRACK", .cseq = 2};
    r.headers = "RAck: " + std::to_string(rseq) + rest + "\r\n";
    return sender.take(Parsed(r.text()).message, 1);
  };
  EXPECT_FALSE(prack(first + 1, " 1 INVITE"));
  EXPECT_FALSE(prack(first, " 2 INVITE"));
  EXPECT_FALSE(prack(first, " 1 BYE"));
  EXPECT_TRUE(sender.waiting());
  EXPECT_TRUE(prack(first, " 1 INVITE"));
  EXPECT_FALSE(prack(first, " 1 INVITE"));  // once
  EXPECT_EQ(sender.next(0), first + 1);
  sender.give_up();
  EXPECT_FALSE(prack(first + 1, " 1 INVITE"));
}

TEST(Reliable, RFC3262_4_InOrderOnly) {
  using enum ReliableReceiver::Verdict;
  ReliableReceiver r;
  const auto take = [&](const char* headers, int status = 183) { return r.take(ok(headers, status).message); };
  EXPECT_EQ(take("RSeq: 5\r\n"), unreliable);
  EXPECT_EQ(take("Require: 100rel\r\nRSeq: 5\r\n", 200), unreliable);
  EXPECT_EQ(take("Require: 100rel\r\n"), repeated);
  EXPECT_EQ(take("Require: 100rel\r\nRSeq: 5\r\n"), fresh);
  EXPECT_EQ(take("Require: 100rel\r\nRSeq: 5\r\n"), repeated);
  EXPECT_EQ(take("Require: 100rel\r\nRSeq: 7\r\n"), repeated);
  EXPECT_EQ(take("Require: 100rel\r\nRSeq: 6\r\n"), fresh);
  EXPECT_EQ(r.last(), 6u);
}

}  // namespace
}  // namespace carillon::sip
