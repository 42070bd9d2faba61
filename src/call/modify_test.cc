// Inside a call: hold, re-INVITE, UPDATE, glare, session timers, what is passed through, and what survives a restart.

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/test_world.h"

namespace carillon::call::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kHeldAnswer =
    "v=0\r\no=phone 9 10 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP "
    "0\r\na=recvonly\r\n";
constexpr const char* kAllowUpdate = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n";

TEST_F(TwoPhones, HoldAndResume) {
  talk();
  alice.say("INVITE", {}, kHeld);
  EXPECT_EQ(w.next(1)->status(), 100);
  GotPtr re = w.heard(2);
  ASSERT_TRUE(re->request("INVITE"));
  EXPECT_THAT(re->body(), HasSubstr("a=sendonly"));
  EXPECT_THAT(re->body(), HasSubstr(" 2 IN IP4 192.0.2.1"));  // the version of our o= has risen
  bob.answer(*re, 200, {}, kHeldAnswer);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 200);
  EXPECT_THAT(g->body(), HasSubstr("a=recvonly"));
  alice.ack(alice.cseq);
  alice.say("INVITE", {}, kOffer);
  re = w.heard(2);
  bob.answer(*re, 200, {}, kAnswer);
  EXPECT_EQ(w.heard(1)->status(), 200);
  alice.ack(alice.cseq);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  hang_up();
}

TEST_F(TwoPhones, CalleeHolds) {
  talk();
  bob.say("INVITE", {}, kHeldAnswer);
  GotPtr re = w.heard(1);
  ASSERT_TRUE(re->request("INVITE"));
  alice.answer(*re, 200, {}, kOffer);
  EXPECT_TRUE(w.heard(1)->request("ACK"));
  EXPECT_EQ(w.heard(2)->status(), 200);
  bob.ack(bob.cseq);
  hang_up();
}

TEST_F(TwoPhones, GlareBetweenThePhones) {
  talk();
  alice.say("INVITE", {}, kHeld);
  GotPtr to_bob = w.heard(2);
  bob.say("INVITE", {}, kHeldAnswer);  // crosses ours
  EXPECT_EQ(w.heard(2)->status(), 491);
  bob.ack(bob.cseq);
  bob.answer(*to_bob, 491);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  EXPECT_EQ(w.heard(1)->status(), 491);
  alice.ack(alice.cseq);
  // A second one of the same side while the first is under way.
  alice.say("INVITE", {}, kHeld);
  to_bob = w.heard(2);
  alice.say("INVITE", {}, kOffer);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 500);
  EXPECT_NE(g->value("Retry-After"), "");
  bob.answer(*to_bob, 488);
  EXPECT_EQ(w.heard(1)->status(), 488);
  w.heard(2);
  hang_up();
}

TEST_F(TwoPhones, ReinviteToADeadPartyEndsTheCall) {
  talk();
  alice.say("INVITE", {}, kHeld);
  bob.answer(*w.heard(2), 481);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  EXPECT_EQ(w.heard(1)->status(), 500);
  GotPtr bye = w.heard(1);
  ASSERT_TRUE(bye->request("BYE"));
  alice.answer(*bye, 200);
  EXPECT_TRUE(w.heard(2)->request("BYE"));
}

TEST_F(TwoPhones, CancelledReinvite) {
  talk();
  alice.say("INVITE", {}, kHeld);
  GotPtr re = w.heard(2);
  bob.answer(*re, 180);
  alice.w.from(1, alice.request("CANCEL", alice.target, alice.cseq,
                                "z9hG4bKh1" + alice.call_id.substr(0, 6) + std::to_string(alice.branch)) +
                      Side::tail({}, {}));
  EXPECT_EQ(w.heard(1)->status(), 200);
  EXPECT_EQ(w.heard(1)->status(), 487);
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  bob.answer(*re, 487);
  w.heard(2);
  hang_up();
}

TEST_F(TwoPhones, ByeWhileReinviteIsPending) {
  talk();
  alice.say("INVITE", {}, kHeld);
  GotPtr re = w.heard(2);
  bob.say("BYE");
  EXPECT_EQ(w.heard(1)->status(), 487);
  GotPtr bye = w.heard(1);
  ASSERT_TRUE(bye->request("BYE"));
  EXPECT_EQ(w.heard(2)->status(), 200);
  alice.answer(*bye, 200);
  bob.answer(*re, 487);
}

TEST_F(TwoPhones, UpdateIsPassedAsUpdateOrReinvite) {
  talk({}, kAllowUpdate);
  alice.say("UPDATE", {}, kHeld);
  GotPtr up = w.heard(2);
  ASSERT_TRUE(up->request("UPDATE"));
  bob.answer(*up, 200, {}, kHeldAnswer);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 200);
  EXPECT_THAT(g->body(), HasSubstr("recvonly"));
  bob.say("UPDATE", {}, kHeldAnswer);  // alice has not said that she knows UPDATE
  GotPtr re = w.heard(1);
  ASSERT_TRUE(re->request("INVITE"));
  alice.answer(*re, 200, {}, kOffer);
  EXPECT_TRUE(w.heard(1)->request("ACK"));
  EXPECT_EQ(w.heard(2)->status(), 200);
  hang_up();
}

TEST_F(TwoPhones, DelayedOffer) {
  alice.invite("1002", {});
  GotPtr i = ring();
  EXPECT_EQ(i->body(), "");
  bob.answer(*i, 200, {}, kAnswer);
  EXPECT_TRUE(w.quiet(2));
  GotPtr g = w.heard(1);
  ASSERT_EQ(g->status(), 200);
  EXPECT_THAT(g->body(), HasSubstr("m=audio 5000"));
  bob.answer(*i, 200, {}, kAnswer);  // repeated: the answer is not there yet
  EXPECT_TRUE(w.quiet(2));
  alice.take(*g);
  alice.ack(alice.invite_cseq, kOffer);
  GotPtr ack = w.heard(2);
  ASSERT_TRUE(ack->request("ACK"));
  EXPECT_THAT(ack->body(), HasSubstr("m=audio 4000"));
  bob.answer(*i, 200, {}, kAnswer);
  EXPECT_EQ(w.heard(2)->body(), ack->body());
  hang_up();
  EXPECT_EQ(w.cdrs.at(0).calling_media, "10.0.0.1:4000");
  EXPECT_EQ(w.cdrs.at(0).called_media, "10.0.0.2:5000");
}

// SIP Profile: delayed offer. Both have offered, and both are answered.
TEST_F(TwoPhones, ProfileWantsInvitesWithoutDescription) {
  w.profile.delayed_offer = true;
  w.publish();
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  EXPECT_EQ(i->body(), "");
  EXPECT_THAT(i->value("Supported"), Not(HasSubstr("100rel")));
  bob.answer(*i, 183, {}, kAnswer);  // no description counts before the 200
  EXPECT_EQ(w.heard(1)->body(), "");
  bob.answer(*i, 200, {}, kAnswer);
  GotPtr ack = w.heard(2);
  ASSERT_TRUE(ack->request("ACK"));
  EXPECT_THAT(ack->body(), HasSubstr("c=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"));
  GotPtr g = w.heard(1);
  ASSERT_EQ(g->status(), 200);
  EXPECT_THAT(g->body(), HasSubstr("c=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 0\r\n"));
  alice.take(*g);
  alice.ack(alice.invite_cseq);
  hang_up();
  EXPECT_EQ(w.cdrs.at(0).calling_media, "10.0.0.1:4000");
  EXPECT_EQ(w.cdrs.at(0).called_media, "10.0.0.2:5000");
}

TEST_F(TwoPhones, TwoOffersWithNothingInCommon) {
  w.profile.delayed_offer = true;
  w.publish();
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  std::string other = kAnswer;
  other.replace(other.find("AVP 0"), 5, "AVP 9");
  bob.answer(*i, 200, {}, other);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  GotPtr bye = w.heard(2);
  ASSERT_TRUE(bye->request("BYE"));
  bob.answer(*bye, 200);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 488);
  alice.ack_failure(*g);
}

TEST_F(TwoPhones, DelayedOfferWithoutAnswerEnds) {
  alice.invite("1002", {});
  GotPtr i = ring();
  bob.answer(*i, 200, {}, kAnswer);
  alice.take(*w.heard(1));
  alice.ack(alice.invite_cseq);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  EXPECT_TRUE(w.heard(2)->request("BYE"));
  EXPECT_TRUE(w.heard(1)->request("BYE"));
}

TEST_F(TwoPhones, DelayedReinvite) {
  talk();
  alice.say("INVITE");
  GotPtr re = w.heard(2);
  EXPECT_EQ(re->body(), "");
  bob.answer(*re, 200, {}, kAnswer);
  GotPtr g = w.heard(1);
  EXPECT_THAT(g->body(), HasSubstr("m=audio 5000"));
  alice.ack(alice.cseq, kOffer);
  EXPECT_THAT(w.heard(2)->body(), HasSubstr("m=audio 4000"));
  hang_up();
}

TEST_F(TwoPhones, AnswerWithoutDescriptionFails) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 200);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  EXPECT_TRUE(w.heard(2)->request("BYE"));
  EXPECT_EQ(w.heard(1)->status(), 500);
}

TEST_F(TwoPhones, InfoMessageAndOptions) {
  talk();
  alice.say("INFO", "Content-Type: application/dtmf-relay\r\n", "Signal=5\r\n");
  GotPtr info = w.heard(2);
  ASSERT_TRUE(info->request("INFO"));
  EXPECT_EQ(info->body(), "Signal=5\r\n");
  EXPECT_EQ(info->value("Content-Type"), "application/dtmf-relay");
  bob.answer(*info, 200);
  EXPECT_EQ(w.heard(1)->status(), 200);
  bob.say("MESSAGE", "Content-Type: text/plain\r\n", "hi");
  GotPtr m = w.heard(1);
  ASSERT_TRUE(m->request("MESSAGE"));
  alice.answer(*m, 202);
  EXPECT_EQ(w.heard(2)->status(), 202);
  alice.say("OPTIONS");
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 200);
  EXPECT_THAT(g->value("Allow"), HasSubstr("UPDATE"));
  alice.say("PUBLISH", "Event: presence\r\n");
  g = w.heard(1);
  EXPECT_EQ(g->status(), 405);
  EXPECT_THAT(g->value("Allow"), Not(HasSubstr("PUBLISH")));
  EXPECT_THAT(g->value("Allow"), HasSubstr("REFER"));
  hang_up();
}

// RFC 3261 §15.1.2.
TEST_F(TwoPhones, OpenRequestsAreAnsweredWhenTheCallEnds) {
  talk();
  alice.say("INFO", "Content-Type: text/plain\r\n", "1");
  alice.say("MESSAGE", "Content-Type: text/plain\r\n", "2");
  w.heard(2), w.heard(2);
  bob.say("BYE");
  std::multiset<std::string> got;
  GotPtr bye;
  for (GotPtr g = w.heard(1); !g->empty(); g = w.heard(1)) {
    if (g->request("BYE")) bye = g;
    got.insert(g->request("BYE") ? "BYE" : std::to_string(g->status()) + " " + g->value("CSeq"));
  }
  EXPECT_EQ(got, (std::multiset<std::string>{"487 2 INFO", "487 3 MESSAGE", "BYE"}));
  EXPECT_EQ(w.heard(2)->status(), 200);
  ASSERT_TRUE(bye);
  alice.answer(*bye, 200);
  w.pass(seconds(40));
  w.sent.clear();
}

TEST_F(TwoPhones, AnInfoThatNobodyAnswersGets504InTime) {
  talk();
  alice.say("INFO", "Content-Type: text/plain\r\n", "1");
  w.pass(seconds(25));
  EXPECT_EQ(w.heard(1)->status(), 504);
  EXPECT_TRUE(w.quiet(1));
  w.pass(seconds(10));
  w.sent[2].clear();
  hang_up();
}

TEST_F(TwoPhones, OpenInfosAreBounded) {
  talk();
  for (int i = 0; i < 20; i++) alice.say("INFO", "Content-Type: text/plain\r\n", "1");
  size_t passed = 0;
  for (GotPtr g = w.heard(2); !g->empty(); g = w.heard(2)) passed++;
  EXPECT_EQ(passed, 16u);
  for (int i = 0; i < 4; i++) EXPECT_EQ(w.heard(1)->status(), 503);
  w.pass(seconds(40));
  w.sent.clear();
  hang_up();
}

TEST_F(TwoPhones, OursRefreshesByUpdate) {
  w.profile.refresh_by_update = true;
  w.publish();
  talk(std::string("Supported: timer\r\n") + kAllowUpdate, std::string("Supported: timer\r\n") + kAllowUpdate);
  EXPECT_EQ(ok->value("Session-Expires"), "1800;refresher=uas");
  w.pass(milliseconds(901'200));
  GotPtr a = w.heard(1), b = w.heard(2);
  ASSERT_TRUE(a->request("UPDATE")) << a->text;
  ASSERT_TRUE(b->request("UPDATE"));
  EXPECT_EQ(a->value("Session-Expires"), "1800;refresher=uac");
  EXPECT_EQ(a->body(), "");
  alice.answer(*a, 200, "Session-Expires: 1800;refresher=uac\r\n");
  bob.answer(*b, 491);
  EXPECT_TRUE(w.quiet(2));
  w.pass(seconds(5));
  b = w.heard(2);
  ASSERT_TRUE(b->request("UPDATE"));
  bob.answer(*b, 481);
  GotPtr bye = w.heard(1);
  ASSERT_TRUE(bye->request("BYE"));
  alice.answer(*bye, 200);
  GotPtr last = w.heard(2);
  while (last->request("UPDATE")) last = w.heard(2);  // repetitions of the one that came before
  EXPECT_TRUE(last->request("BYE"));
}

TEST_F(TwoPhones, OursRefreshesByReinvite) {
  talk();
  w.pass(milliseconds(901'200));
  GotPtr a = w.heard(1), b = w.heard(2);
  ASSERT_TRUE(a->request("INVITE")) << a->text;
  ASSERT_TRUE(b->request("INVITE"));
  EXPECT_EQ(a->body(), ok->body());  // unchanged, version included
  EXPECT_EQ(b->body(), invite->body());
  alice.answer(*a, 200, {}, kOffer);
  bob.answer(*b, 200, {}, kAnswer);
  EXPECT_TRUE(w.heard(1)->request("ACK"));
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  hang_up();
}

TEST_F(TwoPhones, TheirsExpires) {
  talk("Supported: timer\r\nSession-Expires: 120;refresher=uac\r\n");
  EXPECT_EQ(ok->value("Session-Expires"), "120;refresher=uac");
  EXPECT_THAT(ok->text, HasSubstr("Require: timer"));
  w.pass(seconds(60));
  alice.say("UPDATE", "Supported: timer\r\nSession-Expires: 120;refresher=uac\r\n");
  EXPECT_EQ(w.heard(1)->status(), 200);
  EXPECT_TRUE(w.quiet(2));
  w.pass(seconds(80));
  EXPECT_TRUE(w.quiet(1));
  w.pass(seconds(10));
  EXPECT_TRUE(w.heard(1)->request("BYE"));
  EXPECT_TRUE(w.heard(2)->request("BYE"));
  EXPECT_EQ(w.cdrs.at(0).cause, 102);
}

TEST_F(TwoPhones, CalleeWantsALongerInterval) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  EXPECT_EQ(i->value("Session-Expires"), "1800");
  bob.answer(*i, 422, "Min-SE: 3600\r\n");
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  GotPtr again = w.heard(2);
  ASSERT_TRUE(again->request("INVITE"));
  EXPECT_EQ(again->value("Session-Expires"), "3600");
  EXPECT_EQ(again->value("Call-ID"), i->value("Call-ID"));
  EXPECT_EQ(again->body(), i->body());
  bob.answer(*again, 486);
  EXPECT_EQ(w.heard(1)->status(), 486);
}

}  // namespace
}  // namespace carillon::call::test
