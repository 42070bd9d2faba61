#include "sip/dialog/dialog.h"

#include <gtest/gtest.h>

#include "sip/stack_fixture.h"

namespace carillon::sip {
namespace {

Dialog served(const std::string& headers, const std::string& from_tag = "theirs") {
  const Parsed p(RequestText{.from_tag = from_tag, .cseq = 10, .headers = headers}.text());
  auto d = Dialog::from_request(p.message, "mine", udp_flow());
  CHECK(d);
  return *d;
}

std::string lines(const Dialog& d, View method, uint32_t cseq) {
  std::string s;
  append_request_lines(s, d, method, cseq, 70);
  return s;
}

TEST(Dialog, RFC3261_12_1_1_FromARequest) {
  const Dialog d = served(
      "Contact: \"A, b\" <sip:1001@198.51.100.7:5062;x=1>;q=0.5\r\n"
      "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nRecord-Route: <sip:p3;lr>\r\n");
  EXPECT_EQ(d.target, "sip:1001@198.51.100.7:5062;x=1");
  EXPECT_EQ(d.routes, (std::vector<std::string>{"<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"}));
  EXPECT_EQ(d.remote_cseq, 10u);
  EXPECT_FALSE(d.secure);
  EXPECT_EQ(request_uri(d), d.target);
  EXPECT_EQ(lines(d, "BYE", 1),
            "Route: <sip:p1;lr>\r\nRoute: <sip:p2;lr>\r\nRoute: <sip:p3;lr>\r\nMax-Forwards: 70\r\n"
            "From: <sip:1002@example.com>;tag=mine\r\nTo: <sip:1001@example.com>;tag=theirs\r\n"
            "Call-ID: call-1\r\nCSeq: 1 BYE\r\n");
}

TEST(Dialog, RFC3261_12_1_1_NeedsAContact) {
  const Parsed p(RequestText{}.text());
  EXPECT_FALSE(Dialog::from_request(p.message, "mine", udp_flow()));
  std::string many = "Contact: <sip:a@b>\r\n";
  for (int i = 0; i < 17; i++) many += "Record-Route: <sip:p" + std::to_string(i) + ";lr>\r\n";
  const Parsed q(RequestText{.headers = many}.text());
  EXPECT_FALSE(Dialog::from_request(q.message, "mine", udp_flow()));
}

TEST(Dialog, RFC3261_12_1_2_FromAResponseRoutesAreReversed) {
  const Parsed sent(RequestText{.from_tag = "mine", .cseq = 5}.text());
  const Parsed ringing(
      answer_text(sent.message, 180, "t1", "Record-Route: <sip:p1;lr>\r\nRecord-Route: <sip:p2;lr>\r\n"));
  auto d = Dialog::from_response(sent.message, ringing.message, udp_flow());
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->early);
  EXPECT_EQ(d->target, "sip:1002@192.0.2.1");
  EXPECT_EQ(d->routes.front(), "<sip:p2;lr>");
  EXPECT_EQ(d->local_cseq, 5u);
  const Parsed other(answer_text(sent.message, 200, "t2"));
  EXPECT_FALSE(d->confirm(other.message));  // another branch of a fork
  const Parsed ok(answer_text(sent.message, 200, "t1", "Contact: <sip:b@c>\r\nRecord-Route: <sip:p9;lr>\r\n"));
  EXPECT_TRUE(d->confirm(ok.message));  // RFC 3261 §13.2.2.4
  EXPECT_FALSE(d->early);
  EXPECT_EQ(d->target, "sip:b@c");
  EXPECT_EQ(d->routes, std::vector<std::string>{"<sip:p9;lr>"});
  for (const int status : {100, 302, 486}) {
    const Parsed none(answer_text(sent.message, status, "t"));
    EXPECT_FALSE(Dialog::from_response(sent.message, none.message, udp_flow())) << status;
  }
}

TEST(Dialog, RFC3261_12_2_1_1_StrictRouter) {
  const Dialog d = served("Contact: <sip:a@b>\r\nRecord-Route: <sip:strict.example;x=1>, <sip:p2;lr>\r\n");
  EXPECT_EQ(request_uri(d), "sip:strict.example;x=1");
  EXPECT_EQ(lines(d, "BYE", 1).substr(0, 41), "Route: <sip:p2;lr>\r\nRoute: <sip:a@b>\r\nMax");
}

TEST(Dialog, RFC3261_12_2_2_CSeqOrder) {
  Dialog d = served("Contact: <sip:a@b>\r\n");
  const auto take = [&](int cseq, const char* method) {
    const Parsed p(RequestText{.method = method, .from_tag = "theirs", .to_tag = "mine", .cseq = cseq}.text());
    EXPECT_TRUE(d.owns(p.message));
    return take_cseq(d, p.message);
  };
  EXPECT_EQ(take(9, "BYE"), 500);
  EXPECT_EQ(take(10, "INFO"), 500);
  EXPECT_EQ(take(10, "ACK"), 0);
  EXPECT_EQ(take(12, "INFO"), 0);  // gaps are fine
  EXPECT_EQ(take(11, "BYE"), 500);
  EXPECT_EQ(d.remote_cseq, 12u);
  d.local_cseq = 0x7fffffff;
  EXPECT_LT(next_cseq(d), 0x7fffffffu);
}

TEST(Dialog, RFC3261_12_2_2_TargetRefresh) {
  Dialog d = served("Contact: <sip:a@b>\r\n");
  const auto refresh = [&](const char* method) {
    const Parsed p(RequestText{.method = method, .headers = "Contact: <sip:new@b>\r\n"}.text());
    return refresh_target(d, p.message);
  };
  EXPECT_FALSE(refresh("INFO"));
  EXPECT_EQ(d.target, "sip:a@b");
  EXPECT_TRUE(refresh("UPDATE"));
  EXPECT_FALSE(refresh("INVITE"));  // the same once more
  EXPECT_EQ(d.target, "sip:new@b");
}

TEST(Dialog, RecordComesBackAndBrokenOnesDoNot) {
  Dialog d = served("Contact: <sip:a@b>\r\nRecord-Route: <sip:p1;lr>\r\n");
  d.early = false, d.secure = true, d.local_cseq = 77, d.flow = tcp_flow(0x1234567890ab, "[2001:db8::1]:5061");
  std::string record;
  append_record(record, d);
  const auto back = read_record(record);
  ASSERT_TRUE(back);
  EXPECT_EQ(lines(*back, "BYE", 78), lines(d, "BYE", 78));
  EXPECT_EQ(back->target, d.target);
  EXPECT_EQ(back->flow, d.flow);
  EXPECT_EQ(back->remote_cseq, 10u);
  EXPECT_TRUE(back->secure && !back->early && back->has_remote_cseq);
  for (size_t cut = 0; cut < record.size(); cut++) EXPECT_FALSE(read_record(record.substr(0, cut))) << cut;
  EXPECT_FALSE(read_record(record + "x"));
  Random random(5);
  for (int i = 0; i < 20000; i++) {
    std::string broken = record;
    broken[random.below(static_cast<uint32_t>(broken.size()))] = static_cast<char>(random.next32());
    if (const auto r = read_record(broken)) {
      EXPECT_LE(r->routes.size(), Dialog::kRoutes);
    }
  }
}

}  // namespace
}  // namespace carillon::sip
