// Where callers from outside go, and what the simulated flows do not show of sending a call on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/test_world.h"

namespace carillon::call::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Forwarded : TwoPhones {
  Forwarded() { w.phone(3, "1003"), w.phone(4, "1004"); }
  void forward(const std::string& number, const config::ForwardsView& forwards) {
    config::LineView line;
    line.id = w.lines[number];
    line.number = number;
    line.forwards = std::make_shared<const config::ForwardsView>(forwards);
    w.builder.put(line);
    w.publish();
  }
  Side carol{w, 3, "1003"}, dave{w, 4, "1004"};
};

TEST_F(Forwarded, CallersFromInsideAndOutsideGoToNumbersOfTheirOwn) {
  config::ForwardsView f;
  f.busy = {"1003", "1004", 0};
  forward("1002", f);
  alice.invite("1002", kOffer);
  bob.answer(*ring(), 486);
  EXPECT_TRUE(w.heard(3)->request("INVITE"));
  EXPECT_TRUE(w.quiet(4));
  alice.cancel();
}

TEST_F(Forwarded, FromOutside) {
  w.options.callers_from_outside = true;
  w.restart();
  config::ForwardsView f;
  f.busy = {"1003", "1004", 0};
  forward("1002", f);
  alice.invite("1002", kOffer);
  bob.answer(*ring(), 486);
  EXPECT_TRUE(w.quiet(3));
  EXPECT_TRUE(w.heard(4)->request("INVITE"));
  alice.cancel();
}

TEST_F(Forwarded, ProfileWithoutDiversionAndHistory) {
  w.profile.send_diversion = w.profile.send_history_info = false;
  config::ForwardsView f;
  f.all = {"1003", "1003", 0};
  forward("1002", f);
  alice.invite("1002", kOffer);
  const GotPtr got = w.heard(3);
  ASSERT_TRUE(got->request("INVITE"));
  EXPECT_THAT(got->text, Not(HasSubstr("Diversion:")));
  EXPECT_THAT(got->text, Not(HasSubstr("History-Info:")));
  alice.cancel();
}

TEST_F(Forwarded, RedirectionKeepsTheReasonOfThePhoneAndNothingElse) {
  alice.invite("1002", kOffer);
  bob.answer(
      *ring(), 302,
      "Contact: <sip:1003@192.0.2.1>\r\nDiversion: <sip:boss@example.com>;reason=do-not-disturb;privacy=full\r\n");
  const GotPtr got = w.heard(3);
  ASSERT_TRUE(got->request("INVITE")) << got->text;
  EXPECT_THAT(got->value("Diversion"), HasSubstr("sip:1002@"));
  EXPECT_THAT(got->value("Diversion"), HasSubstr("reason=do-not-disturb"));
  EXPECT_THAT(got->text, Not(HasSubstr("boss")));
  alice.cancel();
}

TEST_F(Forwarded, BestContactFirst) {
  alice.invite("1002", kOffer);
  bob.answer(*ring(), 300, "Contact: <sip:1003@192.0.2.1>;q=0.2, <sip:1004@192.0.2.1>;q=0.9, <sip:x@evil.example>\r\n");
  EXPECT_TRUE(w.heard(4)->request("INVITE"));
  EXPECT_TRUE(w.quiet(3));
  alice.cancel();
}

}  // namespace
}  // namespace carillon::call::test
