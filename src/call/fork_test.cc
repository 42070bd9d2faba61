// Shared lines, several contacts, early media, reliable provisional responses.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/test_world.h"

namespace carillon::call::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// 1002 on bob's phone and on carol's.
struct SharedLine : TwoPhones {
  SharedLine() { w.phone(3, "1002"); }
  void ring_both() {
    alice.invite("1002", kOffer);
    b = w.heard(2), c = w.heard(3);
    bob.take_invite(*b), carol.take_invite(*c);
  }
  Side carol{w, 3, "1002"};
  GotPtr b, c;
};

TEST_F(SharedLine, FirstAnswerWins) {
  ring_both();
  EXPECT_NE(b->value("Call-ID"), c->value("Call-ID"));
  bob.answer(*b, 180);
  EXPECT_EQ(w.heard(1)->status(), 180);
  carol.answer(*c, 180);
  EXPECT_TRUE(w.quiet(1));
  carol.answer(*c, 200, {}, kAnswer);
  EXPECT_TRUE(w.heard(3)->request("ACK"));
  ok = w.heard(1);
  EXPECT_EQ(ok->status(), 200);
  GotPtr cancel = w.heard(2);
  ASSERT_TRUE(cancel->request("CANCEL"));
  EXPECT_THAT(cancel->value("Reason"), HasSubstr("cause=200"));
  // bob picks up all the same.
  bob.answer(*b, 200, {}, kAnswer);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  GotPtr bye = w.heard(2);
  ASSERT_TRUE(bye->request("BYE"));
  bob.answer(*bye, 200);
  EXPECT_TRUE(w.quiet(1));
  alice.take(*ok);
  alice.ack(alice.invite_cseq);
  alice.say("BYE");
  carol.answer(*w.heard(3), 200);
  EXPECT_EQ(w.cdrs.at(0).called_device, "SEP3");
  EXPECT_EQ(w.cdrs.size(), 1u);
}

TEST_F(SharedLine, ByeOfALoserDoesNotEndTheCall) {
  ring_both();
  carol.answer(*c, 180);
  w.heard(1);
  bob.answer(*b, 180);
  carol.answer(*c, 200, {}, kAnswer);
  w.heard(3);
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  bob.answer(*b, 200, {}, kAnswer);
  w.heard(2);
  EXPECT_TRUE(w.heard(2)->request("BYE"));
  bob.say("BYE");  // crosses ours
  EXPECT_EQ(w.heard(2)->status(), 200);
  alice.take(*w.heard(1));
  alice.ack(alice.invite_cseq);
  EXPECT_TRUE(w.quiet(1) && w.quiet(3));
  EXPECT_TRUE(w.cdrs.empty());
  alice.say("BYE");
  carol.answer(*w.heard(3), 200);
  EXPECT_EQ(w.cdrs.size(), 1u);
}

TEST_F(SharedLine, BestFailureIsChosen) {
  struct {
    int one, other, shown;
  } const cases[] = {{480, 486, 486}, {486, 404, 486}, {500, 480, 480}, {488, 486, 486}, {503, 500, 503}};
  for (const auto& k : cases) {
    ring_both();
    bob.answer(*b, k.one);
    EXPECT_TRUE(w.quiet(1));
    carol.answer(*c, k.other);
    GotPtr g = w.heard(1);
    EXPECT_EQ(g->status(), k.shown) << k.one << " " << k.other;
    alice.ack_failure(*g);
    w.heard(2), w.heard(3);
  }
}

TEST_F(SharedLine, DeclineEverywhereEndsAll) {
  ring_both();
  bob.answer(*b, 180), carol.answer(*c, 180);
  w.heard(1);
  bob.answer(*b, 603);
  w.heard(2);
  EXPECT_EQ(w.heard(1)->status(), 603);
  EXPECT_TRUE(w.heard(3)->request("CANCEL"));
  carol.answer(*c, 487);
}

TEST_F(SharedLine, CancelReachesAll) {
  ring_both();
  bob.answer(*b, 180), carol.answer(*c, 180);
  alice.cancel();
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  EXPECT_TRUE(w.heard(3)->request("CANCEL"));
  bob.answer(*b, 487), carol.answer(*c, 487);
  EXPECT_EQ(w.engine->calls(), 0u);
}

TEST_F(SharedLine, BusyOnlyWhenAllAreBusy) {
  for (const int host : {5, 6}) w.phone(host, "10" + std::to_string(10 + host));
  Side eve{w, 5, "1015"}, frank{w, 6, "1016"};
  ring_both();
  bob.answer(*b, 180), carol.answer(*c, 180);
  eve.invite("1002", kOffer);
  EXPECT_TRUE(w.heard(2)->request("INVITE"));
  EXPECT_TRUE(w.heard(3)->request("INVITE"));
  frank.invite("1002", kOffer);
  EXPECT_EQ(w.heard(6)->status(), 486);
  bob.answer(*b, 486);
  w.heard(2);
  frank.invite("1002", kOffer);  // bob's appearance has room again
  EXPECT_TRUE(w.heard(2)->request("INVITE"));
  EXPECT_TRUE(w.quiet(3));
  frank.cancel(), eve.cancel(), alice.cancel();
}

TEST_F(SharedLine, WhoSharesTheLineCallsTheOthers) {
  bob.invite("1002", kOffer);
  EXPECT_TRUE(w.heard(3)->request("INVITE"));
  w.next(2);
  EXPECT_TRUE(w.quiet(2));
  bob.cancel();
}

TEST_F(SharedLine, EarlyMediaOfOneOnly) {
  ring_both();
  bob.answer(*b, 183, {}, kAnswer);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 183);
  EXPECT_THAT(g->body(), HasSubstr("m=audio 5000"));
  carol.answer(*c, 183, {}, kHeld);
  EXPECT_TRUE(w.quiet(1));
  bob.answer(*b, 183, {}, kAnswer);  // nothing new
  EXPECT_TRUE(w.quiet(1));
  bob.answer(*b, 486);
  carol.answer(*c, 183, {}, kHeld);  // bob is gone: carol's is heard now
  EXPECT_EQ(w.heard(1)->status(), 183);
  carol.answer(*c, 486);
  w.heard(1);
}

TEST_F(TwoPhones, OwnNumberIsBusy) {
  alice.invite("1001", kOffer);
  EXPECT_EQ(w.heard(1)->status(), 486);
}

TEST_F(TwoPhones, AllContactsOfAPhoneRing) {
  w.bind(2, "1002", "", 0, 12);
  alice.invite("1002", kOffer);
  EXPECT_TRUE(w.heard(2)->request("INVITE"));
  EXPECT_TRUE(w.heard(12)->request("INVITE"));
  alice.cancel();
}

TEST_F(TwoPhones, OutboundFlowsAreTriedOneByOne) {
  w.phone(4, "1004");
  w.registrar = std::make_unique<registrar::Registrar>(0, w.random);
  w.bind(1, "1001", "", 0);
  w.bind(4, "1004", "<urn:uuid:x>", 1);
  w.bind(4, "1004", "<urn:uuid:x>", 2, 14);
  alice.invite("1004", kOffer);
  EXPECT_TRUE(w.quiet(4));
  GotPtr i = w.heard(14);
  ASSERT_TRUE(i->request("INVITE"));
  Side newest{w, 14, "1004"};
  newest.take_invite(*i);
  newest.answer(*i, 430);
  GotPtr second = w.heard(4);
  ASSERT_TRUE(second->request("INVITE"));
  EXPECT_TRUE(w.quiet(1));
  Side older{w, 4, "1004"};
  older.take_invite(*second);
  older.answer(*second, 480);
  EXPECT_EQ(w.heard(1)->status(), 480);
}

TEST_F(TwoPhones, QueuedAndForwardedSayNothing) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 181);
  bob.answer(*i, 182);
  bob.answer(*i, 199);
  EXPECT_TRUE(w.quiet(1));
  bob.answer(*i, 486);
  w.heard(1);
}

TEST_F(TwoPhones, ForkBeyondThePhone) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 200, {}, kAnswer);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  bob.answer(*i, 200, {}, kAnswer);  // repeated: the ACK again
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  EXPECT_TRUE(w.quiet(2));
  Side other = bob;
  other.tag = "other";
  other.answer(*i, 200, {}, kAnswer);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  GotPtr bye = w.heard(2);
  ASSERT_TRUE(bye->request("BYE"));
  EXPECT_THAT(bye->value("To"), HasSubstr("tag=other"));
  other.answer(*i, 200, {}, kAnswer);  // repeated: no second BYE
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  EXPECT_TRUE(w.quiet(2));
  other.answer(*bye, 200);
  alice.take(*w.heard(1));
  alice.ack(alice.invite_cseq);
  hang_up();
  bob.answer(*i, 200, {}, kAnswer);  // after the end: it has had its BYE
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  EXPECT_TRUE(w.quiet(2));
  other.tag = "third";
  other.answer(*i, 200, {}, kAnswer);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  bye = w.heard(2);
  ASSERT_TRUE(bye->request("BYE"));
  other.answer(*bye, 200);
}

// --- reliable provisional responses (RFC 3262) ---

struct Reliable100 : TwoPhones {
  Reliable100() {
    w.profile.rel1xx = config::SipProfileView::Rel1xx::sdp;
    w.publish();
  }
};

TEST_F(Reliable100, TerminatedOnEachLeg) {
  alice.invite("1002", kOffer, "Supported: 100rel\r\n");
  GotPtr i = ring();
  EXPECT_TRUE(i->message.lists(sip::HeaderId::supported, "100rel"));
  bob.answer(*i, 183, "Require: 100rel\r\nRSeq: 7\r\n", kAnswer);
  GotPtr prack = w.heard(2);
  ASSERT_TRUE(prack->request("PRACK"));
  EXPECT_EQ(prack->value("RAck"), "7 " + std::to_string(i->message.cseq().number) + " INVITE");
  bob.answer(*prack, 200);
  bob.answer(*i, 183, "Require: 100rel\r\nRSeq: 7\r\n", kAnswer);  // repeated
  EXPECT_TRUE(w.quiet(2));
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 183);
  EXPECT_EQ(g->value("Require"), "100rel");
  const std::string rseq = g->value("RSeq");
  alice.take(*g);
  // The answer waits for the PRACK.
  bob.answer(*i, 200);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  w.pass(milliseconds(600));
  EXPECT_EQ(w.heard(1)->status(), 183);
  alice.say("PRACK", "RAck: " + rseq + " 99 INVITE\r\n");
  EXPECT_EQ(w.heard(1)->status(), 481);
  alice.say("PRACK", "RAck: " + rseq + " " + std::to_string(alice.invite_cseq) + " INVITE\r\n");
  EXPECT_EQ(w.heard(1)->status(), 200);
  GotPtr final = w.heard(1);
  EXPECT_EQ(final->status(), 200);
  EXPECT_EQ(final->value("CSeq"), std::to_string(alice.invite_cseq) + " INVITE");
  EXPECT_EQ(final->body(), "");  // the answer went in the 183
  alice.ack(alice.invite_cseq);
  hang_up();
}

// RFC 3311 §5.1: both offers are settled before the answer, so another may go by UPDATE.
TEST_F(Reliable100, UpdateBeforeTheAnswer) {
  const std::string able = "Supported: 100rel\r\nAllow: INVITE, ACK, BYE, CANCEL, PRACK, UPDATE\r\n";
  alice.invite("1002", kOffer, able);
  GotPtr i = ring();
  bob.answer(*i, 183, "Require: 100rel\r\nRSeq: 7\r\nAllow: INVITE, UPDATE, PRACK\r\n", kAnswer);
  bob.answer(*w.heard(2), 200);
  GotPtr g = w.heard(1);
  alice.take(*g);
  alice.say("UPDATE", {}, kHeld);  // our answer has not been acknowledged yet
  EXPECT_EQ(w.heard(1)->status(), 500);
  alice.say("PRACK", "RAck: " + g->value("RSeq") + " " + std::to_string(alice.invite_cseq) + " INVITE\r\n");
  EXPECT_EQ(w.heard(1)->status(), 200);
  alice.say("UPDATE", {}, kHeld);
  GotPtr update = w.heard(2);
  ASSERT_TRUE(update->request("UPDATE")) << update->text;
  EXPECT_THAT(update->body(), HasSubstr("a=sendonly"));
  EXPECT_EQ(update->value("Session-Expires"), "");
  bob.answer(*update, 200, {}, kAnswer);
  g = w.heard(1);
  EXPECT_EQ(g->status(), 200);
  EXPECT_THAT(g->body(), HasSubstr("m=audio 5000"));
  const std::string told = g->body();
  bob.say("UPDATE", {}, kAnswer);  // and the other way
  update = w.heard(1);
  ASSERT_TRUE(update->request("UPDATE"));
  alice.answer(*update, 200, {}, kOffer);
  EXPECT_EQ(w.heard(2)->status(), 200);
  w.pass(seconds(60));  // the ringing goes on, and has its own deadline
  EXPECT_TRUE(w.quiet(1));
  bob.answer(*i, 200);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  g = w.heard(1);
  ASSERT_EQ(g->status(), 200);
  EXPECT_EQ(g->body(), "");
  alice.ack(alice.invite_cseq);
  hang_up();
  EXPECT_EQ(w.cdrs.at(0).called_media, "10.0.0.2:5000");
}

TEST_F(Reliable100, CallerWithoutItGetsItPlain) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 183, "Require: 100rel\r\nRSeq: 1\r\n", kAnswer);
  bob.answer(*w.heard(2), 200);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->value("RSeq"), "");
  EXPECT_THAT(g->body(), HasSubstr("m=audio 5000"));
  bob.answer(*i, 200);  // without: the answer came in the 183
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  g = w.heard(1);
  EXPECT_EQ(g->status(), 200);
  EXPECT_THAT(g->body(), HasSubstr("m=audio 5000"));
  alice.take(*g);
  alice.ack(alice.invite_cseq);
  hang_up();
}

TEST_F(Reliable100, NoPrackEndsTheCall) {
  alice.invite("1002", kOffer, "Require: 100rel\r\n");
  GotPtr i = ring();
  bob.answer(*i, 180);
  w.pass(seconds(33));
  GotPtr g = w.heard(1);
  while (g->status() == 180) g = w.heard(1);
  EXPECT_EQ(g->status(), 504);
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  bob.answer(*i, 487);
}

TEST_F(TwoPhones, ReliableIsNotOfferedWhenTheProfileSaysNo) {
  alice.invite("1002", kOffer, "Supported: 100rel\r\n");
  GotPtr i = ring();
  EXPECT_FALSE(i->message.lists(sip::HeaderId::supported, "100rel"));
  bob.answer(*i, 180);
  EXPECT_EQ(w.heard(1)->value("RSeq"), "");
  bob.answer(*i, 486);
  w.heard(1);
}

// --- what Basic phones may not have ---

constexpr const char* kVideo =
    "v=0\r\no=p 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\nm=video 4002 "
    "RTP/AVP 96\r\n"
    "a=rtpmap:96 H264/90000\r\n";

TEST_F(TwoPhones, BasicPhonesTalkWithoutVideo) {
  w.phone(7, "1007", config::Product::basic);
  Side basic{w, 7, "1007"};
  alice.invite("1007", kVideo);
  GotPtr i = w.heard(7);
  EXPECT_THAT(i->body(), Not(HasSubstr("m=video")));
  basic.take_invite(*i);
  basic.answer(*i, 200, {}, kAnswer);
  GotPtr g = w.heard(1);
  EXPECT_THAT(g->body(), HasSubstr("m=video 0 RTP/AVP 96\r\n"));
  alice.take(*g);
  alice.ack(alice.invite_cseq);
  alice.say("BYE");
  w.heard(7);
  basic.answer(*w.heard(7), 200);
  alice.invite("1002", kVideo);
  EXPECT_THAT(w.heard(2)->body(), HasSubstr("m=video 4002"));
  alice.cancel();
}

TEST_F(TwoPhones, VideoAloneIsRefusedForABasicPhone) {
  w.phone(7, "1007", config::Product::basic);
  alice.invite("1007",
               "v=0\r\no=p 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=video 4002 RTP/AVP 31\r\n");
  EXPECT_EQ(w.heard(1)->status(), 488);
}

}  // namespace
}  // namespace carillon::call::test
