// The notifier's machine: each row, and that each can be reached; what is granted and what ends it (RFC 6665 §4.2).

#include "sip/usage/subscription.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace carillon::sip {
namespace {

using State = subscription::State;
using Trigger = subscription::Trigger;
using Action = subscription::Action;

Message read(std::string& text) {
  Message m;
  EXPECT_EQ(m.parse({text.data(), text.size()}, Framing::datagram).kind, ParseFault::Kind::none);
  return m;
}

std::string subscribe(const std::string& extra) {
  return "SUBSCRIBE sip:1002@pbx SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:1@a>;tag=1\r\n"
         "To: <sip:1002@pbx>\r\nCall-ID: c\r\nCSeq: 1 SUBSCRIBE\r\nContact: <sip:1@10.0.0.1>\r\nEvent: dialog\r\n" +
         extra + "Content-Length: 0\r\n\r\n";
}

TEST(SubscriptionMachine, EachRowIsOneArrowAndEachStateIsReached) {
  std::set<std::pair<State, Trigger>> arrows;
  std::set<State> reached = {State::initial};
  for (const subscription::Row& row : subscription::kSubscription) {
    EXPECT_TRUE(arrows.emplace(row.from, row.trigger).second) << to_string(row.from) << to_string(row.trigger);
    Subscription s;
    s.state = row.from;
    EXPECT_EQ(s.take(row.trigger), row.action);
    EXPECT_EQ(s.state, row.to);
    EXPECT_EQ(row.action == Action::notify_last, row.to == State::ending);
    EXPECT_EQ(row.action == Action::forget, row.to == State::ended);
    reached.insert(row.to);
  }
  EXPECT_EQ(reached.size(), 6u);
}

TEST(SubscriptionMachine, WhereThereIsNoRowNothingHappens) {
  Subscription s;
  s.state = State::ending;
  for (const Trigger t : {Trigger::change, Trigger::refresh, Trigger::end, Trigger::unsubscribe}) {
    EXPECT_EQ(s.take(t), Action::nothing);
    EXPECT_EQ(s.state, State::ending);
  }
  EXPECT_FALSE(s.lives());
}

TEST(SubscriptionMachine, ChangesWaitForTheAnswerAndGoOutAsOne) {
  Subscription s;
  EXPECT_EQ(s.take(Trigger::subscribe), Action::notify);
  EXPECT_EQ(s.take(Trigger::change), Action::nothing);
  EXPECT_EQ(s.take(Trigger::change), Action::nothing);
  EXPECT_EQ(s.take(Trigger::answered), Action::notify);
  EXPECT_EQ(s.take(Trigger::answered), Action::nothing);
  EXPECT_EQ(s.state, State::active);
}

TEST(SubscriptionExpiry, BetweenTheBounds) {
  const ExpiryBounds bounds{60, 3600, 600};
  std::string none = subscribe(""), zero = subscribe("Expires: 0\r\n"), brief = subscribe("Expires: 59\r\n"),
              good = subscribe("Expires: 60\r\n"), long_one = subscribe("Expires: 7200\r\n");
  EXPECT_EQ(grant(read(none), bounds).seconds, 600u);
  EXPECT_EQ(grant(read(zero), bounds).seconds, 0u);
  EXPECT_FALSE(grant(read(zero), bounds).too_brief);
  EXPECT_TRUE(grant(read(brief), bounds).too_brief);
  EXPECT_EQ(grant(read(good), bounds).seconds, 60u);
  EXPECT_FALSE(grant(read(good), bounds).too_brief);
  EXPECT_EQ(grant(read(long_one), bounds).seconds, 3600u);
}

TEST(SubscriptionEnd, ByTheAnswerToANotify) {
  for (const int fatal : {404, 405, 408, 480, 481, 489, 501, 604}) {
    EXPECT_EQ(after_notify(fatal), Trigger::failed) << fatal;
  }
  for (const int harmless : {200, 202, 401, 491, 500, 503}) EXPECT_EQ(after_notify(harmless), Trigger::answered);
}

TEST(SubscriptionLines, SayHowItStands) {
  Subscription s;
  const Instant now{1'000'000'000};
  s.expires = now + seconds(90);
  s.state = State::active;
  std::string text;
  append_event_lines(text, "dialog", s, {}, now);
  EXPECT_EQ(text, "Event: dialog\r\nSubscription-State: active;expires=90\r\n");
  s.event_id = "7";
  s.state = State::ending;
  text.clear();
  append_event_lines(text, "presence", s, kNoResource, now);
  EXPECT_EQ(text, "Event: presence;id=7\r\nSubscription-State: terminated;reason=noresource\r\n");
}

}  // namespace
}  // namespace carillon::sip
