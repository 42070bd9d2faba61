// What outlives a kill, and the ways to a phone that has moved.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "call/test_world.h"

namespace carillon::call::test {
namespace {

using testing::HasSubstr;

constexpr const char* kHeldAnswer =
    "v=0\r\no=phone 9 10 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP "
    "0\r\na=recvonly\r\n";

TEST_F(TwoPhones, SurvivesARestart) {
  talk();
  alice.say("INVITE", {}, kHeld);
  bob.answer(*w.heard(2), 200, {}, kHeldAnswer);
  w.heard(2), w.heard(1);
  alice.ack(alice.cseq);
  const uint32_t before = w.heard(2)->message.cseq().number;
  for (const int who : {1, 2}) {
    if (who == 2) talk();
    w.restart();
    ASSERT_TRUE(w.restore_all());
    EXPECT_EQ(w.engine->calls(), 1u);
    Side& first = who == 1 ? alice : bob;
    Side& second = who == 1 ? bob : alice;
    first.say("BYE");
    GotPtr bye = w.heard(second.host);
    ASSERT_TRUE(bye->request("BYE")) << bye->text;
    EXPECT_EQ(bye->value("Call-ID"), second.call_id);
    if (who == 1) {
      EXPECT_GT(bye->message.cseq().number, before);
    }
    second.answer(*bye, 200);
    EXPECT_EQ(w.heard(first.host)->status(), 200);
    EXPECT_EQ(w.engine->calls(), 0u);
  }
  EXPECT_EQ(w.cdrs.size(), 2u);
  EXPECT_EQ(w.cdrs[0].calling_number, "1001");
}

// Before legs said whose INVITE made them, the caller's came in and the callee's went out.
TEST_F(TwoPhones, RecordsOfTheFirstVersionAreRead) {
  talk();
  for (auto& [id, blob] : w.records) {
    blob.erase(1, sizeof(uint32_t));  // that nobody is parked, an empty text
    size_t at = 1;
    for (int texts = 0; texts < 5; texts++) {  // the CDR, two numbers and two names
      uint32_t size = 0;
      std::memcpy(&size, blob.data() + at, sizeof size);
      at += sizeof size + size;
    }
    at += sizeof(config::EntityId) + 1;  // the line, and whether the caller is anonymous
    ASSERT_EQ(blob[at], 2);
    blob.erase(at, 1);  // how many legs
    blob[0] = 1;
  }
  w.restart();
  ASSERT_TRUE(w.restore_all());
  hang_up();
  EXPECT_EQ(w.cdrs.size(), 1u);
}

// Before anybody was parked.
TEST_F(TwoPhones, RecordsOfTheSecondVersionAreRead) {
  talk();
  for (auto& [id, blob] : w.records) {
    blob.erase(1, sizeof(uint32_t));
    blob[0] = 2;
  }
  w.restart();
  ASSERT_TRUE(w.restore_all());
  hang_up();
  EXPECT_EQ(w.cdrs.size(), 1u);
}

TEST_F(TwoPhones, HoldAfterARestart) {
  talk();
  w.restart();
  ASSERT_TRUE(w.restore_all());
  bob.say("INVITE", {}, kHeldAnswer);
  GotPtr re = w.heard(1);
  ASSERT_TRUE(re->request("INVITE"));
  // Well past the version that the record knows: she may have been shown more (RFC 3264 §8).
  EXPECT_THAT(re->body(), HasSubstr(" 19 IN IP4 192.0.2.1"));
  alice.answer(*re, 200, {}, kOffer);
  w.heard(1);
  EXPECT_EQ(w.heard(2)->status(), 200);
  bob.ack(bob.cseq);
  hang_up();
}

// RFC 3261 §12.2.1.1: our CSeq rises through any number of lives, none of which changed the record otherwise.
TEST_F(TwoPhones, CSeqRisesFromLifeToLife) {
  talk();
  uint32_t last = 0;
  for (int life = 0; life < 3; life++) {
    w.restart();
    ASSERT_TRUE(w.restore_all());
    w.commit();
    alice.say("INFO", "Content-Type: text/plain\r\n", "x");
    GotPtr info = w.heard(2);
    ASSERT_TRUE(info->request("INFO"));
    EXPECT_GT(info->message.cseq().number, last) << life;
    last = info->message.cseq().number;
    bob.answer(*info, 200);
    EXPECT_EQ(w.heard(1)->status(), 200);
  }
  hang_up();
}

TEST_F(TwoPhones, ManyRequestsOfOneLifeAreRemembered) {
  talk();
  uint32_t last = 0;
  for (int i = 0; i < 2100; i++) {
    alice.say("INFO", "Content-Type: text/plain\r\n", "x");
    GotPtr info = w.heard(2);
    ASSERT_TRUE(info->request("INFO"));
    last = info->message.cseq().number;
    bob.answer(*info, 200);
    w.heard(1);
  }
  w.restart();
  ASSERT_TRUE(w.restore_all());
  w.commit();
  alice.say("BYE");
  GotPtr bye = w.heard(2);
  EXPECT_GT(bye->message.cseq().number, last);
  bob.answer(*bye, 200);
  EXPECT_EQ(w.heard(1)->status(), 200);
}

// A NAT has moved bob's phone, and it has registered again: what we send in the dialog goes there.
TEST_F(TwoPhones, RequestsFollowAPhoneThatHasRegisteredElsewhere) {
  talk();
  w.move(2, "1002", 9);
  alice.say("INFO", "Content-Type: text/plain\r\n", "x");
  GotPtr info = w.heard(9);
  ASSERT_TRUE(info->request("INFO")) << "went to the old place";
  EXPECT_TRUE(w.quiet(2));
  bob.answer(*info, 200);
  EXPECT_EQ(w.heard(1)->status(), 200);
  w.move(1, "1001", 8);
  bob.host = 9, alice.host = 8;
  bob.say("BYE");
  GotPtr bye = w.heard(8);
  ASSERT_TRUE(bye->request("BYE"));
  alice.answer(*bye, 200);
  EXPECT_EQ(w.heard(9)->status(), 200);
}

// Another phone with the same number is not the party of the dialog.
TEST_F(TwoPhones, RequestsDoNotGoToAnotherContactOfThePhone) {
  w.bind(2, "1002", "", 0, 7);
  w.bind(2, "1002", "", 0, 6);
  talk();
  w.sent[6].clear(), w.sent[7].clear();
  w.forget(w.flow(2));
  alice.say("INFO", "Content-Type: text/plain\r\n", "x");
  GotPtr info = w.heard(2);
  ASSERT_TRUE(info->request("INFO"));
  bob.answer(*info, 200);
  w.heard(1);
  hang_up();
}

// A BYE that went to where the phone was a moment ago is sent once more to where it is.
TEST_F(TwoPhones, ByeIsSentAgainToTheNewPlace) {
  talk();
  alice.say("BYE");
  ASSERT_TRUE(w.heard(2)->request("BYE"));
  w.move(2, "1002", 9);
  w.pass(seconds(33));
  GotPtr bye = w.heard(9);
  ASSERT_TRUE(bye->request("BYE"));
  bob.answer(*bye, 200);
  w.sent[2].clear();
}

TEST_F(TwoPhones, BrokenRecordsAreRefused) {
  talk();
  ASSERT_EQ(w.records.size(), 1u);
  const std::string good = w.records.begin()->second;
  w.restart();
  Context c{w.now, w.snapshot, *w.stack, *w.registrar, *w.identifier, w.out, w.posts};
  for (size_t n = 0; n < good.size(); n++) EXPECT_FALSE(w.engine->restore(c, 1, good.substr(0, n))) << n;
  EXPECT_FALSE(w.engine->restore(c, 1, good + "x"));
  EXPECT_EQ(w.engine->calls(), 0u);
  EXPECT_EQ(w.engine->leftovers(), 0u);
}

}  // namespace
}  // namespace carillon::call::test
