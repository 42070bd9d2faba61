#include "registrar/test_registrar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/limits.h"

namespace carillon::registrar {
namespace {

using namespace test;  // NOLINT: the world of these tests
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST_F(RegistrarTest, ANewBindingIsPostedAndWaits) {
  const Outcome o = apply({.headers = "Expires: 300\r\nUser-Agent: Test 1\r\n"});
  EXPECT_EQ(o.status, 200);
  EXPECT_TRUE(o.wait);
  EXPECT_FALSE(o.refused);
  EXPECT_EQ(headers,
            "Contact: <sip:1001@10.0.0.5:5060>;expires=300\r\nExpires: 300\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n");
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].kind, state::PostKind::put_binding);
  EXPECT_EQ(posts[0].token, 0u);
  EXPECT_EQ(posts[0].expires, kStart + seconds(300));
  const auto stored = Binding::from_blob(posts[0].blob);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->id, posts[0].key);
  EXPECT_EQ(stored->user_agent, "Test 1");
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].kind, BindingChange::Kind::put);
  EXPECT_EQ(posts[0].key >> 24 & 0xff, 3u);
  EXPECT_EQ(posts[0].key >> 32, 1'700'000'000u);
  EXPECT_NE(registrar.find(posts[0].key), nullptr);
}

TEST_F(RegistrarTest, APureRefreshIsAnsweredAtOnce) {
  done({.contact = "<sip:1001@10.0.0.5>;expires=300;q=0.5"});
  const BindingId id = posts[0].key;
  now = now + seconds(100);
  const Outcome o = apply({.call_id = "another", .cseq = 1, .contact = "<sip:1001@10.0.0.5>;q=0.5;expires=600"});
  EXPECT_EQ(o.status, 200);
  EXPECT_FALSE(o.wait);
  EXPECT_THAT(headers, HasSubstr("Contact: <sip:1001@10.0.0.5>;q=0.5;expires=600\r\n"));
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].kind, state::PostKind::refresh_binding);
  EXPECT_EQ(posts[0].key, id);
  EXPECT_EQ(posts[0].expires, now + seconds(600));
  EXPECT_TRUE(posts[0].blob.empty());
  EXPECT_EQ(registrar.find(id)->call_id, "another");
  EXPECT_EQ(registrar.size(), 1u);
}

TEST_F(RegistrarTest, ARefreshBeforeTheRecordIsDurableWaitsToo) {
  apply({});
  const auto mark = registrar.mark();
  EXPECT_TRUE(apply({.cseq = 2}).wait);
  EXPECT_EQ(posts.at(0).kind, state::PostKind::put_binding);
  registrar.durable_until(mark);
  EXPECT_TRUE(apply({.cseq = 3}).wait) << "the second record is not known to be durable";
  registrar.durable_until(registrar.mark());
  EXPECT_FALSE(apply({.cseq = 4}).wait);
}

TEST_F(RegistrarTest, AnotherFlowPathOrParameterIsWrittenBeforeTheAnswer) {
  done({});
  flow = udp_from("10.0.0.5:5062");
  EXPECT_TRUE(done({.cseq = 2}).wait);
  EXPECT_NE(registrar.by_flow(flow, "1001"), nullptr);
  EXPECT_EQ(registrar.by_flow(udp_from(kTrusted), "1001"), nullptr);
  EXPECT_TRUE(done({.cseq = 3, .headers = "Supported: path\r\nPath: <sip:p1;lr>\r\n"}).wait);
  EXPECT_THAT(headers, HasSubstr("Path: <sip:p1;lr>\r\n"));
  EXPECT_FALSE(done({.cseq = 4, .headers = "Supported: path\r\nPath: <sip:p1;lr>\r\n"}).wait);
  EXPECT_TRUE(done({.cseq = 5,
                    .contact = "<sip:1001@10.0.0.5:5060>;audio",
                    .headers = "Supported: path\r\nPath: <sip:p1;lr>\r\n"})
                  .wait);
  EXPECT_EQ(registrar.size(), 1u);
}

TEST_F(RegistrarTest, OrderOfCallIdAndCseq) {
  done({.cseq = 5});
  EXPECT_EQ(apply({.cseq = 4}).status, 500);
  EXPECT_EQ(reason, "Out Of Order");
  EXPECT_TRUE(posts.empty());
  const Outcome again = apply({.cseq = 5, .headers = "Expires: 3000\r\n"});
  EXPECT_EQ(again.status, 200);
  EXPECT_FALSE(again.wait);
  EXPECT_TRUE(posts.empty()) << "the same request again changes nothing";
  EXPECT_THAT(headers, HasSubstr("expires=120\r\n"));
  EXPECT_EQ(apply({.call_id = "c2", .cseq = 1}).status, 200);
  EXPECT_EQ(apply({.call_id = "c2", .cseq = 1, .contact = "*", .headers = "Expires: 0\r\n"}).status, 200);
  EXPECT_EQ(registrar.size(), 1u);
  EXPECT_EQ(apply({.call_id = "c2", .cseq = 0, .contact = "*", .headers = "Expires: 0\r\n"}).status, 500);
}

TEST_F(RegistrarTest, AllOrNothing) {
  done({.cseq = 5, .contact = "<sip:1001@10.0.0.5>"});
  done({.call_id = "other", .cseq = 1, .contact = "<sip:1001@10.0.0.6>"});
  EXPECT_EQ(
      apply({.cseq = 4, .contact = "<sip:1001@10.0.0.7>, <sip:1001@10.0.0.6>;expires=0, <sip:1001@10.0.0.5>"}).status,
      500);
  EXPECT_TRUE(posts.empty());
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ(apply({.cseq = 6, .contact = "<sip:1001@10.0.0.7>, <sip:1001@10.0.0.8>;expires=3"}).status, 423);
  EXPECT_EQ(apply({.cseq = 6, .contact = "<sip:1001@10.0.0.7>, <tel:+1>"}).status, 403);
  EXPECT_EQ(apply({.cseq = 6, .contact = "<sip:1001@10.0.0.7>, <sip:1001@10.0.0.7;x=y>"}).status, 400);
  EXPECT_EQ(registrar.size(), 2u);
}

TEST_F(RegistrarTest, SeveralContactsEachWithItsExpiry) {
  apply({.contact = "<sip:1001@10.0.0.5>;expires=100;q=0.1, \"D\" <sip:1001@10.0.0.6>;q=0.9",
         .headers = "Expires: 200\r\n"});
  EXPECT_EQ(posts.size(), 2u);
  EXPECT_EQ(contacts(1), (std::vector<std::string>{"sip:1001@10.0.0.6", "sip:1001@10.0.0.5"})) << "best q first";
  EXPECT_THAT(
      headers,
      HasSubstr(
          "Contact: <sip:1001@10.0.0.6>;q=0.9;expires=200\r\nContact: <sip:1001@10.0.0.5>;q=0.1;expires=100\r\n"));
  EXPECT_THAT(headers, Not(HasSubstr("\r\nExpires:")));
}

TEST_F(RegistrarTest, NewestFirstAmongEquals) {
  done({.contact = "<sip:1001@10.0.0.5>"});
  now = now + seconds(1);
  done({.cseq = 2, .contact = "<sip:1001@10.0.0.6>"});
  now = now + seconds(1);
  done({.cseq = 3, .contact = "<sip:1001@10.0.0.7>"});
  EXPECT_EQ(contacts(1), (std::vector<std::string>{"sip:1001@10.0.0.7", "sip:1001@10.0.0.6", "sip:1001@10.0.0.5"}));
}

TEST_F(RegistrarTest, ExpiryBounds) {
  apply({});
  EXPECT_THAT(headers, HasSubstr("expires=120\r\n")) << "none asked for: the keepalive interval";
  apply({.cseq = 2, .headers = "Expires: 99999\r\n"});
  EXPECT_THAT(headers, HasSubstr("expires=3600\r\n"));
  apply({.cseq = 3, .headers = "Expires: 99999999999999999999\r\n"});
  EXPECT_THAT(headers, HasSubstr("expires=3600\r\n"));
  apply({.cseq = 4, .contact = "<sip:1001@10.0.0.5:5060>;expires=soon"});
  EXPECT_THAT(headers, HasSubstr("expires=3600\r\n"));
  const Outcome o = apply({.cseq = 5, .headers = "Expires: 59\r\n"});
  EXPECT_EQ(o.status, 423);
  EXPECT_TRUE(o.refused);
  EXPECT_EQ(o.refusal, RefusalReason::interval_too_brief);
  EXPECT_THAT(headers, HasSubstr("Min-Expires: 60\r\n"));
  EXPECT_EQ(apply({.cseq = 6, .headers = "Expires: 60\r\n"}).status, 200);
}

TEST_F(RegistrarTest, FixedExpiresGivesTheKeepaliveIntervalToAll) {
  directory.sip.fixed_expires = true;
  configure();
  apply({.headers = "Expires: 3600\r\n"});
  EXPECT_THAT(headers, HasSubstr("expires=120\r\n"));
  EXPECT_TRUE(apply({.cseq = 2, .headers = "Expires: 0\r\n"}).wait);
  EXPECT_EQ(registrar.size(), 0u);
}

TEST_F(RegistrarTest, RemovesByZero) {
  done({.contact = "<sip:1001@10.0.0.5>"});
  const BindingId id = posts[0].key;
  const Outcome o = apply({.cseq = 2, .contact = "<sip:1001@10.0.0.5>;expires=0"});
  EXPECT_TRUE(o.wait);
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].kind, state::PostKind::remove_binding);
  EXPECT_EQ(posts[0].key, id);
  EXPECT_THAT(headers, Not(HasSubstr("Contact")));
  EXPECT_EQ(registrar.size(), 0u);
  EXPECT_FALSE(registrar.knows_flow(flow));
  EXPECT_FALSE(apply({.cseq = 3, .contact = "<sip:1001@10.0.0.5>;expires=0"}).wait) << "nothing there to remove";
}

TEST_F(RegistrarTest, StarRemovesThisPhonesContactsOnly) {
  done({.contact = "<sip:a@10.0.0.5>, <sip:b@10.0.0.5>"}, 1, "1002");
  done({.contact = "<sip:c@10.0.0.9>"}, 2, "1002");
  EXPECT_THAT(headers, Not(HasSubstr("10.0.0.5"))) << "other phones of a shared line are never listed";
  for (const char* bad : {"", "Expires: 5\r\n"}) {
    const Outcome o = apply({.cseq = 2, .contact = "*", .headers = bad}, 1, "1002");
    EXPECT_EQ(o.status, 400);
    EXPECT_TRUE(o.refused);
  }
  EXPECT_EQ(apply({.cseq = 2, .contact = "*, <sip:a@10.0.0.5>", .headers = "Expires: 0\r\n"}, 1, "1002").status, 400);
  EXPECT_EQ(registrar.size(), 3u);
  EXPECT_TRUE(apply({.cseq = 2, .contact = "*", .headers = "Expires: 0\r\n"}, 1, "1002").wait);
  EXPECT_EQ(posts.size(), 2u);
  EXPECT_EQ(contacts(2), std::vector<std::string>{"sip:c@10.0.0.9"});
}

TEST_F(RegistrarTest, AQueryListsAndChangesNothing) {
  done({});
  const Outcome o = apply({.cseq = 2, .contact = ""});
  EXPECT_EQ(o.status, 200);
  EXPECT_FALSE(o.wait);
  EXPECT_TRUE(posts.empty());
  EXPECT_THAT(headers, HasSubstr("Contact: <sip:1001@10.0.0.5:5060>;expires=120\r\n"));
}

TEST_F(RegistrarTest, ContactsAreComparedAsUris) {
  done({.contact = "<sip:1001@Phone.example;transport=UDP>"});
  done({.cseq = 2, .contact = "<sip:%31001@phone.EXAMPLE;transport=udp>"});
  EXPECT_EQ(registrar.size(), 1u);
  done({.cseq = 3, .contact = "<sip:1001@phone.example:5060;transport=udp>"});
  EXPECT_EQ(registrar.size(), 2u) << "a port that is written is not one that is left out";
}

TEST_F(RegistrarTest, ContactsThatCannotBeUsed) {
  const struct {
    const char* contact;
    int status;
  } rows[] = {
      {"<tel:+12125551212>", 403},
      {"<mailto:a@b>", 403},
      {"<sip:1001@10.0.0.5?x=y>", 403},
      {"<sip:1001@10.0.0.5>;q=2", 400},
      {"<sip:1001@10.0.0.5>;q=0.5555", 400},
      {"<sip:>", 400},
      {"<<sip:a@b>", 400},
  };
  for (const auto& row : rows) {
    const Outcome o = apply({.contact = row.contact});
    EXPECT_EQ(o.status, row.status) << row.contact;
    EXPECT_TRUE(o.refused);
    EXPECT_EQ(o.refusal, RefusalReason::bad_contact) << row.contact;
  }
  EXPECT_EQ(apply({.contact = "<sip:" + std::string(limits::kContactBytes, 'a') + "@h>"}).status, 403);
  EXPECT_EQ(apply({.contact = "<sips:1001@10.0.0.5>"}).status, 200);
}

TEST_F(RegistrarTest, Limits) {
  std::string many = "<sip:a0@h>";
  for (size_t i = 1; i < limits::kContactsPerRequest; i++) many += ", <sip:a" + std::to_string(i) + "@h>";
  EXPECT_EQ(apply({.contact = many}).status, 403) << "more than one phone may have";
  EXPECT_EQ(apply({.contact = many + ", <sip:z@h>"}).status, 400);
  EXPECT_EQ(registrar.size(), 0u);
  uint32_t cseq = 1;
  const auto fill = [&](config::EntityId phone, size_t n) {
    for (size_t i = 0; i < n; i++)
      done({.cseq = cseq++, .contact = "<sip:" + std::to_string(i) + "@h" + std::to_string(phone) + ">"}, phone,
           "1002");
  };
  fill(1, limits::kBindingsPerPhone);
  const Outcome o = apply({.cseq = cseq++, .contact = "<sip:one-more@h>"}, 1, "1002");
  EXPECT_EQ(o.status, 403);
  EXPECT_EQ(o.refusal, RefusalReason::too_many_contacts);
  EXPECT_THAT(headers, HasSubstr("Warning: 399 carillon \""));
  EXPECT_EQ(apply({.cseq = cseq++, .contact = "<sip:one-more@h>, <sip:0@h1>;expires=0"}, 1, "1002").status, 200)
      << "one goes, one comes";
  fill(2, limits::kBindingsPerPhone);
  EXPECT_EQ(registrar.of_line(2).size(), limits::kBindingsPerLine);
}

// A phone that connects anew again and again is not refused for what its lost connections left behind.
TEST_F(RegistrarTest, LostConnectionsMakeRoom) {
  uint32_t cseq = 1;
  const auto connect = [&](sip::ConnectionId connection) {
    flow = stream_from(kTrusted, connection);
    return apply({.cseq = cseq++, .contact = "<sip:1002@h:" + std::to_string(connection) + ">"}, 1, "1002").status;
  };
  for (sip::ConnectionId i = 1; i <= limits::kBindingsPerPhone; i++) EXPECT_EQ(connect(i), 200);
  EXPECT_EQ(connect(100), 403);
  registrar.lost(3);
  EXPECT_EQ(connect(101), 200);
  EXPECT_EQ(registrar.of_line(2).size(), limits::kBindingsPerPhone);
  EXPECT_THAT(contacts(2), Not(Contains("sip:1002@h:3")));
  EXPECT_THAT(contacts(2), Contains("sip:1002@h:101"));
  EXPECT_EQ(connect(102), 403);
}

TEST_F(RegistrarTest, StrangersAreNotToldWhy) {
  flow = udp_from(kElsewhere);
  EXPECT_EQ(apply({.contact = "<tel:1>"}).status, 403);
  EXPECT_EQ(headers, "");
  EXPECT_EQ(reason, "");
  EXPECT_EQ(apply({.headers = "Expires: 1\r\n"}).status, 423);
  EXPECT_EQ(headers, "Min-Expires: 60\r\n");
}

TEST_F(RegistrarTest, PathNeedsThePhonesKnowledge) {
  EXPECT_EQ(apply({.headers = "Path: <sip:p1;lr>\r\n"}).status, 420);
  EXPECT_THAT(headers, HasSubstr("Unsupported: path\r\n"));
  EXPECT_EQ(apply({.headers = "Supported: path\r\nPath: sip:p1\r\n"}).status, 400);
  std::string nine = "Supported: path\r\n";
  for (size_t i = 0; i <= limits::kPathValues; i++) nine += "Path: <sip:p;lr>\r\n";
  EXPECT_EQ(apply({.headers = nine}).status, 400);
  EXPECT_EQ(apply({.headers = "Supported: path\r\nPath: <sip:p1;lr>,<sip:p2;lr>\r\nPath: <sip:p3;lr>\r\n"}).status,
            200);
  EXPECT_EQ(registrar.of_line(1)[0]->path, "<sip:p1;lr>, <sip:p2;lr>, <sip:p3;lr>");
}

constexpr std::string_view kInstance = "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"";

TEST_F(RegistrarTest, OutboundReplacesByInstanceAndRegId) {
  flow = stream_from("10.0.0.5:1111", 11);
  const std::string supported = "Supported: outbound, path\r\n";
  const std::string instance(kInstance);
  apply({.contact = "<sip:1001@10.0.0.5:1111;transport=tcp>;reg-id=1;" + instance, .headers = supported});
  EXPECT_THAT(headers, HasSubstr("Require: outbound\r\n"));
  EXPECT_THAT(headers, HasSubstr("Flow-Timer: 120\r\n"));
  const BindingId id = posts[0].key;
  flow = stream_from("10.0.0.5:2222", 12);
  EXPECT_TRUE(apply({.call_id = "c2",
                     .contact = "<sip:1001@10.0.0.5:2222;transport=tcp>;reg-id=1;" + instance,
                     .headers = supported})
                  .wait);
  ASSERT_EQ(registrar.size(), 1u);
  EXPECT_EQ(posts[0].key, id);
  EXPECT_EQ(registrar.find(id)->flow.connection, 12u);
  EXPECT_EQ(registrar.find(id)->instance, "\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"");
  apply({.call_id = "c3",
         .contact = "<sip:1001@10.0.0.5:2222;transport=tcp>;reg-id=2;" + instance,
         .headers = supported});
  EXPECT_EQ(registrar.size(), 2u) << "a second flow, though the URI is the same";
  const auto two = "<sip:a@h>;reg-id=1;" + instance + ", <sip:b@h>;reg-id=2;" + instance;
  EXPECT_EQ(apply({.call_id = "c4", .contact = two, .headers = supported}).status, 400);
}

TEST_F(RegistrarTest, RegIdWithoutInstanceOrSupportIsIgnored) {
  apply({.contact = "<sip:a@h>;reg-id=1;" + std::string(kInstance)});
  EXPECT_THAT(headers, Not(HasSubstr("Require")));
  EXPECT_EQ(registrar.of_line(1)[0]->reg_id, 0u);
  apply({.cseq = 2, .contact = "<sip:a@h>;reg-id=1", .headers = "Supported: outbound\r\n"});
  EXPECT_THAT(headers, Not(HasSubstr("Require")));
  EXPECT_EQ(apply({.cseq = 3, .contact = "<sip:a@h>;reg-id=0", .headers = "Supported: outbound\r\n"}).status, 400);
}

TEST_F(RegistrarTest, OutboundThroughAProxyThatDoesNotKnowIt) {
  const std::string contact = "<sip:a@h>;reg-id=1;" + std::string(kInstance);
  const std::string via = "Via: SIP/2.0/UDP 10.9.9.9;branch=z9hG4bK2\r\nSupported: outbound, path\r\n";
  EXPECT_EQ(apply({.contact = contact, .headers = via}).status, 439);
  EXPECT_EQ(reason, "First Hop Lacks Outbound Support");
  EXPECT_EQ(apply({.contact = contact, .headers = via + "Path: <sip:p1;lr>\r\n"}).status, 439);
  EXPECT_EQ(apply({.contact = contact, .headers = via + "Path: <sip:p1;lr>, <sip:edge;lr;ob>\r\n"}).status, 200);
}

}  // namespace
}  // namespace carillon::registrar
