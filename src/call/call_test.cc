// The plain call, its failures, and what is shown to whom.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/test_world.h"

namespace carillon::call::test {
namespace {

using state::Cdr;
using testing::HasSubstr;
using testing::Not;

TEST_F(TwoPhones, TalkAndHangUp) {
  alice.invite("1002", kOffer);
  EXPECT_EQ(w.next(1)->status(), 100);
  GotPtr i = ring();
  EXPECT_EQ(i->message.request_uri(), "sip:1002@10.0.0.2:5060");
  EXPECT_EQ(i->value("Max-Forwards"), "69");
  bob.answer(*i, 180);
  GotPtr ringing = w.heard(1);
  EXPECT_EQ(ringing->status(), 180);
  EXPECT_THAT(ringing->text, HasSubstr("P-Asserted-Identity: "));
  w.pass(seconds(1));
  bob.answer(*i, 200, {}, kAnswer);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  GotPtr answer = w.heard(1);
  ASSERT_EQ(answer->status(), 200);
  EXPECT_EQ(answer->value("To").substr(answer->value("To").find("tag=")),
            ringing->value("To").substr(ringing->value("To").find("tag=")));
  EXPECT_THAT(answer->body(), HasSubstr("m=audio 5000 RTP/AVP 0"));
  alice.take(*answer);
  alice.ack(alice.invite_cseq);
  EXPECT_EQ(w.records.size(), 1u);
  w.pass(seconds(10));
  EXPECT_TRUE(w.quiet(1) && w.quiet(2));
  hang_up();
  ASSERT_EQ(w.cdrs.size(), 1u);
  const Cdr& c = w.cdrs[0];
  EXPECT_EQ(c.disposition, Cdr::Disposition::answered);
  EXPECT_EQ(c.ended_by, Cdr::EndedBy::caller);
  EXPECT_EQ(c.sip_code, 200);
  EXPECT_EQ(c.cause, 16);
  EXPECT_EQ(c.calling_number, "1001");
  EXPECT_EQ(c.calling_name, "Name 1");
  EXPECT_EQ(c.calling_device, "SEP1");
  EXPECT_EQ(c.dialled, "1002");
  EXPECT_EQ(c.called_number, "1002");
  EXPECT_EQ(c.called_device, "SEP2");
  EXPECT_EQ(c.calling_media, "10.0.0.1:4000");
  EXPECT_EQ(c.called_media, "10.0.0.2:5000");
  EXPECT_EQ(c.codec, "PCMU");
  EXPECT_EQ((c.end - c.answer).seconds(), 10);
  EXPECT_TRUE(w.records.empty());
}

TEST_F(TwoPhones, NothingOfOneLegCrosses) {
  talk();
  EXPECT_THAT(invite->text, Not(HasSubstr(alice.call_id)));
  EXPECT_THAT(invite->text, Not(HasSubstr("pope")));
  EXPECT_THAT(invite->text, Not(HasSubstr("my phone")));
  EXPECT_THAT(invite->value("From"), HasSubstr("\"Name 1\" <sip:1001@192.0.2.1>"));
  EXPECT_THAT(invite->value("Remote-Party-ID"), HasSubstr("\"Name 1\" <sip:1001@192.0.2.1>;party=calling"));
  EXPECT_THAT(invite->value("Contact"), HasSubstr("sip:1001@192.0.2.1"));
  // The caller's address occurs only where its media is: in c=.
  std::string text = invite->text;
  const size_t at = text.find("c=IN IP4 10.0.0.1");
  ASSERT_NE(at, std::string::npos);
  text.erase(at, 17);
  EXPECT_EQ(text.find("10.0.0.1"), std::string::npos) << text;
  text = ok->text;
  text.erase(text.find("c=IN IP4 10.0.0.2"), 17);
  EXPECT_EQ(text.find("10.0.0.2"), std::string::npos) << text;
  EXPECT_THAT(ok->text, HasSubstr("party=called"));
  EXPECT_THAT(ok->value("Supported"), HasSubstr("replaces"));  // else phones do not transfer by Replaces
  hang_up();
}

TEST_F(TwoPhones, CalleeHangsUp) {
  talk();
  bob.say("BYE", "Reason: Q.850;cause=31\r\n");
  GotPtr bye = w.heard(1);
  ASSERT_TRUE(bye->request("BYE"));
  EXPECT_THAT(bye->value("Reason"), HasSubstr("cause=31"));
  EXPECT_EQ(w.heard(2)->status(), 200);
  alice.answer(*bye, 200);
  EXPECT_EQ(w.cdrs.at(0).ended_by, Cdr::EndedBy::callee);
  EXPECT_EQ(w.cdrs.at(0).cause, 31);
}

TEST_F(TwoPhones, UnknownNumber) {
  alice.invite("7777", kOffer);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 404);
  EXPECT_THAT(g->value("Reason"), HasSubstr("cause=1;"));
  alice.ack_failure(*g);
  EXPECT_EQ(w.cdrs.at(0).cause, 1);
  EXPECT_EQ(w.cdrs.at(0).sip_code, 404);
  EXPECT_EQ(w.cdrs.at(0).disposition, Cdr::Disposition::failed);
}

TEST_F(TwoPhones, NobodyRegistered) {
  config::LineView line;
  line.id = 50;
  line.number = "1050";
  w.builder.put(line);
  w.publish();
  alice.invite("1050", kOffer);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 480);
  alice.ack_failure(*g);
  EXPECT_EQ(w.cdrs.at(0).cause, 20);
}

TEST_F(TwoPhones, BusyAndDeclined) {
  struct {
    int from_phone, to_caller, cause;
    Cdr::Disposition disposition;
  } const cases[] = {{486, 486, 17, Cdr::Disposition::busy},   {603, 603, 21, Cdr::Disposition::failed},
                     {401, 480, 21, Cdr::Disposition::failed}, {302, 480, 41, Cdr::Disposition::failed},
                     {488, 488, 31, Cdr::Disposition::failed}, {500, 500, 41, Cdr::Disposition::failed},
                     {420, 500, 127, Cdr::Disposition::failed}};
  for (const auto& c : cases) {
    alice.invite("1002", kOffer);
    GotPtr i = ring();
    bob.answer(*i, c.from_phone);
    EXPECT_TRUE(w.heard(2)->request("ACK"));
    GotPtr g = w.heard(1);
    EXPECT_EQ(g->status(), c.to_caller) << c.from_phone;
    alice.ack_failure(*g);
    EXPECT_EQ(w.cdrs.back().cause, c.cause) << c.from_phone;
    EXPECT_EQ(w.cdrs.back().disposition, c.disposition) << c.from_phone;
  }
  EXPECT_EQ(w.engine->counters().failed, std::size(cases));
}

TEST_F(TwoPhones, BodiesAndRequestsThatCannotBe) {
  alice.invite("1002", "hello", "Content-Type: text/plain\r\n");
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 415);
  EXPECT_EQ(g->value("Accept"), "application/sdp");
  alice.ack_failure(*g);
  alice.invite("1002", "not sdp at all\r\n");
  g = w.heard(1);
  EXPECT_EQ(g->status(), 400);
  alice.ack_failure(*g);
  alice.invite("1002", kOffer, "Supported: timer\r\nSession-Expires: 30\r\n");
  g = w.heard(1);
  EXPECT_EQ(g->status(), 422);
  EXPECT_EQ(g->value("Min-SE"), "90");
  alice.ack_failure(*g);
  alice.invite("1002", kOffer, "X-Carillon-Hops: 13\r\n");
  g = w.heard(1);
  EXPECT_EQ(g->status(), 482);
  alice.ack_failure(*g);
  EXPECT_EQ(w.cdrs.size(), 4u);
}

TEST_F(TwoPhones, LoopTokenCounts) {
  alice.invite("1002", kOffer, "X-Carillon-Hops: 3\r\n");
  GotPtr i = ring();
  EXPECT_EQ(i->value("X-Carillon-Hops"), "4");
  bob.answer(*i, 486);
  alice.ack_failure(*w.heard(1));
}

TEST_F(TwoPhones, RFC3261_13_3_1_TheCallersInviteExpires) {
  alice.invite("1002", kOffer, "Expires: 20\r\n");
  GotPtr i = ring();
  bob.answer(*i, 180);
  EXPECT_EQ(w.heard(1)->status(), 180);
  w.pass(seconds(21));
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 487);
  alice.ack_failure(*g);
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  bob.answer(*i, 487);
  EXPECT_EQ(w.cdrs.at(0).disposition, Cdr::Disposition::no_answer);
}

TEST_F(TwoPhones, NoAnswer) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 180);
  EXPECT_EQ(w.heard(1)->status(), 180);
  w.pass(seconds(182));
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 480);
  EXPECT_THAT(g->value("Reason"), HasSubstr("cause=19"));
  alice.ack_failure(*g);
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  bob.answer(*i, 487);
  EXPECT_EQ(w.cdrs.at(0).disposition, Cdr::Disposition::no_answer);
  EXPECT_EQ(w.cdrs.at(0).cause, 19);
  EXPECT_NE(w.cdrs.at(0).ringing.us, 0);
}

// Whoever looks for a call finds both of its sides, answered or not.
TEST_F(TwoPhones, AnUnansweredCallNamesWhoRang) {
  w.phone(3, "1002");
  Side other{w, 3, "1002"};
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  other.take_invite(*w.heard(3));
  bob.answer(*i, 180);
  EXPECT_EQ(w.heard(1)->status(), 180);
  std::vector<CallInfo> live;
  w.engine->for_each([&](const CallInfo& c) { live.push_back(c); });
  ASSERT_EQ(live.size(), 1u);
  EXPECT_EQ(live[0].called_call_id, bob.call_id);
  EXPECT_EQ(live[0].called_device, "SEP2");
  alice.cancel();
  ASSERT_EQ(w.cdrs.size(), 1u);
  EXPECT_EQ(w.cdrs[0].called_call_id, bob.call_id);
  EXPECT_EQ(w.cdrs[0].called_device, "SEP2");
  EXPECT_EQ(w.cdrs[0].called_address, "10.0.0.2:5060");
  w.pass(seconds(70));
  w.sent.clear();
}

TEST_F(TwoPhones, ARefusedCallNamesWhoRefused) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 486);
  ASSERT_EQ(w.cdrs.size(), 1u);
  EXPECT_EQ(w.cdrs[0].called_call_id, bob.call_id);
  EXPECT_EQ(w.cdrs[0].called_device, "SEP2");
  w.pass(seconds(70));
  w.sent.clear();
}

TEST_F(TwoPhones, PhoneThatNeverSaysAnything) {
  alice.invite("1002", kOffer);
  ring();
  w.pass(seconds(33));
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 408);
  alice.ack_failure(*g);
  EXPECT_EQ(w.cdrs.at(0).cause, 102);
}

TEST_F(TwoPhones, CallerCancels) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 180);
  w.heard(1);
  alice.cancel();
  EXPECT_EQ(w.heard(1)->status(), 200);
  GotPtr g = w.heard(1);
  EXPECT_EQ(g->status(), 487);
  alice.ack_failure(*g);
  GotPtr cancel = w.heard(2);
  ASSERT_TRUE(cancel->request("CANCEL"));
  EXPECT_THAT(cancel->value("Reason"), HasSubstr("Q.850;cause=16"));
  bob.answer(*cancel, 200);
  bob.answer(*i, 487);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  EXPECT_EQ(w.cdrs.at(0).disposition, Cdr::Disposition::cancelled);
  EXPECT_EQ(w.cdrs.at(0).ended_by, Cdr::EndedBy::caller);
  EXPECT_EQ(w.engine->calls(), 0u);
}

TEST_F(TwoPhones, CancelBeforeThePhoneHasSaidAnything) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  alice.cancel();
  EXPECT_EQ(w.heard(1)->status(), 200);
  EXPECT_EQ(w.heard(1)->status(), 487);
  EXPECT_TRUE(w.quiet(2));  // RFC 3261 §9.1: the CANCEL waits for a provisional
  bob.answer(*i, 180);
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  EXPECT_TRUE(w.quiet(1));
  bob.answer(*i, 487);
}

TEST_F(TwoPhones, AnswerCrossesCancel) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 180);
  w.heard(1);
  alice.cancel();
  EXPECT_EQ(w.heard(1)->status(), 200);
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  bob.answer(*i, 200, {}, kAnswer);
  EXPECT_TRUE(w.heard(2)->request("ACK"));
  GotPtr bye = w.heard(2);
  ASSERT_TRUE(bye->request("BYE"));
  bob.answer(*bye, 200);
  EXPECT_EQ(w.heard(1)->status(), 487);
  EXPECT_EQ(w.cdrs.size(), 1u);
  EXPECT_EQ(w.engine->calls(), 0u);
}

TEST_F(TwoPhones, CancelCrossesAnswer) {
  talk();
  alice.cancel();  // the 200 is out: only the CANCEL is answered
  EXPECT_EQ(w.heard(1)->status(), 200);
  EXPECT_TRUE(w.quiet(2));
  hang_up();
}

TEST_F(TwoPhones, ByeWaitsForTheStore) {
  w.store_is_quick = false;
  talk();
  alice.say("BYE");
  GotPtr bye = w.heard(2);
  ASSERT_TRUE(bye->request("BYE"));  // the other leg's is sent at once
  bob.answer(*bye, 200);
  EXPECT_TRUE(w.quiet(1));
  w.commit();
  EXPECT_EQ(w.heard(1)->status(), 200);
  EXPECT_EQ(w.engine->calls(), 0u);
}

TEST_F(TwoPhones, StoreThatNeverAnswers) {
  w.store_is_quick = false;
  talk();
  alice.say("BYE");
  bob.answer(*w.heard(2), 200);
  w.pass(seconds(6));
  EXPECT_EQ(w.heard(1)->status(), 503);
}

TEST_F(TwoPhones, ByesCross) {
  w.store_is_quick = false;
  talk();
  alice.say("BYE");
  GotPtr bye = w.heard(2);
  bob.say("BYE");
  bob.answer(*bye, 481);
  w.commit();
  EXPECT_EQ(w.heard(1)->status(), 200);
  EXPECT_EQ(w.heard(2)->status(), 200);
  EXPECT_EQ(w.cdrs.size(), 1u);
}

TEST_F(TwoPhones, ByeInsteadOfCancel) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 180);
  alice.take(*w.heard(1));
  alice.say("BYE");
  GotPtr final = w.heard(1);
  EXPECT_EQ(final->status(), 487);
  alice.ack_failure(*final);
  EXPECT_EQ(w.heard(1)->status(), 200);
  EXPECT_TRUE(w.heard(2)->request("CANCEL"));
  bob.answer(*i, 487);
  EXPECT_EQ(w.cdrs.at(0).disposition, Cdr::Disposition::cancelled);
}

TEST_F(TwoPhones, CalleeHangsUpBeforeTheCallersAck) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 200, {}, kAnswer);
  w.heard(2);
  ok = w.heard(1);
  bob.say("BYE");
  EXPECT_EQ(w.heard(2)->status(), 200);
  EXPECT_TRUE(w.quiet(1));  // RFC 3261 §15: no BYE before the ACK
  alice.take(*ok);
  alice.ack(alice.invite_cseq);
  GotPtr bye = w.heard(1);
  ASSERT_TRUE(bye->request("BYE"));
  alice.answer(*bye, 200);
}

TEST_F(TwoPhones, CallerNeverAcknowledges) {
  alice.invite("1002", kOffer);
  GotPtr i = ring();
  bob.answer(*i, 200, {}, kAnswer);
  w.heard(2);
  w.pass(seconds(33));
  GotPtr last;
  while (!(last = w.heard(1))->empty() && last->status() == 200) {
  }
  ASSERT_TRUE(last->request("BYE"));
  alice.answer(*last, 481);
  GotPtr bye = w.heard(2);
  ASSERT_TRUE(bye->request("BYE"));
  bob.answer(*bye, 200);
}

TEST_F(TwoPhones, ForgedRequestsGet481) {
  talk();
  Side forger = alice;
  forger.local = forger.local.substr(0, forger.local.find("tag=")) + "tag=other";
  forger.say("BYE");
  EXPECT_EQ(w.heard(1)->status(), 481);
  Side stranger = alice;
  stranger.call_id = "another";
  stranger.say("INVITE", {}, kHeld);
  EXPECT_EQ(w.heard(1)->status(), 481);
  // Another place has to prove who it is.
  Side moved = alice;
  moved.host = 9;
  moved.say("BYE");
  EXPECT_EQ(w.heard(9)->status(), 401);
  EXPECT_TRUE(w.quiet(2));
  hang_up();
}

TEST_F(TwoPhones, OldCSeqIsRefused) {
  talk();
  alice.cseq -= 1;
  alice.say("OPTIONS");
  EXPECT_EQ(w.heard(1)->status(), 500);
  hang_up();
}

TEST_F(TwoPhones, AdministratorEndsACall) {
  talk();
  uint64_t id = 0;
  w.engine->for_each([&](const CallInfo& c) {
    id = c.id;
    EXPECT_EQ(c.state, "answered");
    EXPECT_EQ(c.called_device, "SEP2");
  });
  Context c{w.now, w.snapshot, *w.stack, *w.registrar, *w.identifier, w.out, w.posts};
  EXPECT_FALSE(w.engine->release(c, id + 1));
  EXPECT_TRUE(w.engine->release(c, id));
  w.handle();
  GotPtr bye = w.heard(1);
  ASSERT_TRUE(bye->request("BYE"));
  alice.answer(*bye, 200);
  bob.answer(*w.heard(2), 200);
  EXPECT_EQ(w.cdrs.at(0).ended_by, Cdr::EndedBy::system);
}

TEST_F(TwoPhones, DrainingRefusesNewCalls) {
  talk();
  w.engine->drain();
  Side other{w, 1, "1001"};
  other.invite("1002", kOffer);
  EXPECT_EQ(w.heard(1)->status(), 503);
  hang_up();
}

TEST_F(TwoPhones, AnonymousCaller) {
  alice.invite("1002", kOffer, "Privacy: id\r\n");
  GotPtr i = ring();
  EXPECT_THAT(i->text, Not(HasSubstr("1001")));
  EXPECT_THAT(i->value("From"), HasSubstr("anonymous.invalid"));
  bob.answer(*i, 486);
  alice.ack_failure(*w.heard(1));
}

}  // namespace
}  // namespace carillon::call::test
