#include "sip/scan.h"

#include <gtest/gtest.h>

#include <string>

#include "sip/message/message.h"

namespace carillon::sip {
namespace {

const std::string kFolded =
    "\r\nSIP/2.0 183 x\r\n"
    "v: SIP / 2.0 / UDP\r\n h.example ; x=\"a;branch=no\";\r\n branch\r\n =\r\n z9hG4bK1 ,"
    " SIP/2.0/UDP i;branch=z9hG4bK2\r\n"
    "Via: SIP/2.0/UDP j;branch=z9hG4bK3\r\n"
    "From: \"x <y>;tag=no \\\"\" <sip:a@b;tag=no> ;\r\n\ttag = f1\r\n"
    "To: sip:al%69ce:pw@b ;tag=t1\r\n"
    "X: y\r\n"
    "CSeq: 00012\r\n  INVITE\r\n"
    "Call-ID:\r\n c1@x \r\n"
    "\r\n";

void expect_agreement(const std::string& text) {
  std::string copy = text;
  Message m;
  const ParseFault fault = m.parse({copy.data(), copy.size()}, Framing::datagram);
  ASSERT_EQ(fault.kind, ParseFault::Kind::none) << fault.reason;
  const Scan s = scan(text);
  EXPECT_TRUE(s.sip);
  EXPECT_EQ(s.request, m.is_request());
  EXPECT_EQ(s.method, m.method_name());
  EXPECT_EQ(s.status, m.status());
  EXPECT_EQ(s.branch, m.top_via().branch);
  EXPECT_EQ(s.from_tag, m.from_tag());
  EXPECT_EQ(s.to_tag, m.to_tag());
  EXPECT_EQ(s.to_user, m.to().uri.user);
  EXPECT_EQ(s.call_id, m.call_id());
}

TEST(Scan, AgreesWithMessage) {
  expect_agreement(kFolded);
  EXPECT_EQ(scan(kFolded).branch, "z9hG4bK1");
  EXPECT_EQ(scan(kFolded).to_user, "al%69ce");
  expect_agreement(
      "REGISTER sip:b SIP/2.0\nVia: SIP/2.0/UDP h\nf: <tel:+1>\nt: \"a\" <sip:b>;x;TAG=1\n"
      "i: c\nCSeq: 1 REGISTER\n\n");
}

TEST(Scan, SaysNoToEverythingShorter) {
  for (size_t n = 0; n + 2 < kFolded.size(); n++) {
    const Scan s = scan(std::string_view(kFolded).substr(0, n));
    EXPECT_FALSE(s.sip) << n;
  }
  EXPECT_FALSE(scan("").sip);
  EXPECT_FALSE(scan("GET / HTTP/1.1\r\n\r\n").sip);
}

}  // namespace
}  // namespace carillon::sip
