// The typed readers of single headers.
#include <gtest/gtest.h>

#include "sip/message/contact.h"
#include "sip/message/content_type.h"
#include "sip/message/cseq.h"
#include "sip/message/digest.h"
#include "sip/message/diversion.h"
#include "sip/message/event.h"
#include "sip/message/option_tags.h"
#include "sip/message/privacy.h"
#include "sip/message/reason.h"
#include "sip/message/remote_party_id.h"
#include "sip/message/replaces.h"
#include "sip/message/session_expires.h"

namespace carillon::sip {
namespace {

TEST(Typed, Contact) {
  const auto c = ContactValue::parse(
      "\"A\" <sip:a@b;x>;expires=60;q=0.25;+sip.instance=\"<urn:uuid:1>\";reg-id=2;x");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->expires, 60u);
  EXPECT_EQ(c->q, 250);
  EXPECT_EQ(c->instance, "urn:uuid:1");
  EXPECT_EQ(c->reg_id, 2u);
  EXPECT_EQ(c->address.param("x"), "");
  EXPECT_TRUE(ContactValue::parse("*")->star);
  EXPECT_EQ(ContactValue::parse("<sip:a>;expires=99999999999")->expires, 3600u);
  EXPECT_FALSE(ContactValue::parse("<sip:a>")->expires);
}

TEST(Typed, Numbers) {
  EXPECT_EQ(delta_seconds("4294967295"), 4294967295u);
  for (const char* s : {"", "4294967296", "-1", "+1", "1 ", "0x1"}) {
    EXPECT_FALSE(delta_seconds(s)) << s;
  }
  EXPECT_EQ(qvalue("1"), 1000);
  EXPECT_EQ(qvalue("0."), 0);
  EXPECT_EQ(qvalue("0.001"), 1);
  for (const char* s : {"", "2", "1.001", "0.1234", ".5", "0,5", "01"}) EXPECT_FALSE(qvalue(s)) << s;
}

TEST(Typed, CSeqAndRAck) {
  EXPECT_EQ(CSeq::parse("2147483647 ACK")->number, 2147483647u);
  EXPECT_EQ(CSeq::parse("1 x")->method, Method::other);
  EXPECT_FALSE(CSeq::parse("2147483648 ACK"));
  EXPECT_FALSE(CSeq::parse("36893488147419103232 ACK"));
  EXPECT_FALSE(CSeq::parse("1ACK"));
  EXPECT_FALSE(CSeq::parse("1 A B"));
  EXPECT_EQ(RAck::parse("7 1 INVITE")->rseq, 7u);
}

TEST(Typed, SessionExpires) {
  const auto s = SessionExpires::parse("1800 ;refresher=uas");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->delta, 1800u);
  EXPECT_EQ(s->refresher, Refresher::uas);
}

TEST(Typed, Replaces) {
  const auto r = Replaces::parse("a@b;from-tag=f;to-tag=t;early-only");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->call_id, "a@b");
  EXPECT_EQ(r->to_tag, "t");
  EXPECT_EQ(r->from_tag, "f");
  EXPECT_TRUE(r->early_only);
  EXPECT_EQ(TargetDialog::parse("a;local-tag=l;remote-tag=r")->remote_tag, "r");
}

TEST(Typed, Reason) {
  const auto r = Reason::parse("Q.850;cause=16;text=\"Normal, call\"");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->protocol, "Q.850");
  EXPECT_EQ(r->cause, 16u);
  EXPECT_EQ(r->text, "Normal, call");
}

TEST(Typed, ContentType) {
  const auto t = ContentType::parse("Multipart/Mixed ; boundary=\"a;b\"");
  ASSERT_TRUE(t);
  EXPECT_TRUE(t->is("multipart", "mixed"));
  EXPECT_EQ(t->param("boundary"), "\"a;b\"");
}

TEST(Typed, Digest) {
  const auto c = Credentials::parse(
      "digest username=\"a\", realm=r, nonce=\"n\", uri=\"sip:x\", response=\"0f\", qop=\"auth\", "
      "nc=00000001, cnonce=\"c\", opaque=\"\", algorithm=SHA-256, x=y, userhash=true");
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->is_digest());
  EXPECT_EQ(c->username, "a");
  EXPECT_EQ(c->realm, "r");
  EXPECT_EQ(c->qop, "auth");
  EXPECT_EQ(c->nc, "00000001");
  EXPECT_EQ(c->algorithm, "SHA-256");
  EXPECT_TRUE(c->userhash);
  EXPECT_FALSE(Credentials::parse("Digest opaque=\"\", opaque=\"\""));
  const auto h = Challenge::parse("Digest realm=\"r\", qop=\"auth-int, auth\", stale=true, nonce=n");
  ASSERT_TRUE(h);
  EXPECT_TRUE(h->stale);
  EXPECT_TRUE(h->offers_qop("auth"));
  EXPECT_FALSE(h->offers_qop("x"));
  EXPECT_EQ(h->nonce, "n");
}

TEST(Typed, Identity) {
  const auto d = Diversion::parse("\"B\" <sip:b@c>;reason=\"no-answer\";counter=2;privacy=full");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->reason, "no-answer");
  EXPECT_EQ(d->counter, 2u);
  EXPECT_EQ(d->privacy, "full");
  const auto r = RemotePartyId::parse("<sip:b@c>;party=called;screen=no;privacy=name");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->party, "called");
  EXPECT_EQ(r->screen, "no");
  const auto p = Privacy::parse("id; critical");
  ASSERT_TRUE(p);
  EXPECT_TRUE(p->hides_identity());
  EXPECT_TRUE(p->critical);
  EXPECT_FALSE(Privacy::parse("none")->hides_identity());
}

TEST(Typed, Events) {
  const auto e = EventPackage::parse("dialog.winfo;id=3;x=y");
  ASSERT_TRUE(e);
  EXPECT_EQ(e->type, "dialog.winfo");
  EXPECT_EQ(e->id, "3");
  EXPECT_EQ(e->params, "id=3;x=y");
  const auto s = SubscriptionState::parse("terminated;reason=timeout;retry-after=7");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->state, "terminated");
  EXPECT_EQ(s->reason, "timeout");
  EXPECT_EQ(s->retry_after, 7u);
}

TEST(Typed, OptionTags) {
  std::string text =
      "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a>\r\nTo: <sip:a>\r\n"
      "Call-ID: c\r\nCSeq: 1 OPTIONS\r\nRequire: timer, x\r\nRequire: Replaces, y\r\n\r\n";
  Message m;
  ASSERT_EQ(m.parse({text.data(), text.size()}, Framing::datagram).kind, ParseFault::Kind::none);
  const View known[] = {"timer", "replaces"};
  std::string unknown;
  append_unknown_tags(m, HeaderId::require, known, unknown);
  EXPECT_EQ(unknown, "x, y");
  EXPECT_TRUE(peer_supports(m, "timer"));
  EXPECT_FALSE(peer_supports(m, "path"));
}

}  // namespace
}  // namespace carillon::sip
