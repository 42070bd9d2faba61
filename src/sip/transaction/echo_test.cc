// What answers repeat of requests, above all of those that could not be read.
#include "sip/transaction/echo.h"

#include <gtest/gtest.h>

#include "sip/stack_fixture.h"

namespace carillon::sip {
namespace {

std::string refused(const std::string& lines) {
  Parsed p("INVITE sip:a@h SIP/2.0\r\n" + lines + "\r\n");
  if (p.fault.kind == ParseFault::Kind::none) p.fault = check_headers(p.message);
  EXPECT_EQ(p.fault.kind, ParseFault::Kind::bad);
  EXPECT_TRUE(p.fault.answerable);
  StackFixture f;
  f.stack.refuse(udp_flow(), p.message, p.fault, f.out);
  std::string answer = f.sent();
  // Our own tag differs from run to run of the secret.
  if (const size_t at = answer.find(";tag=00"); at != answer.npos) {
    answer.replace(at, answer.find("\r\n", at) - at, ";tag=OURS");
  }
  return answer;
}

const std::string kVia = "Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\n";
const std::string kEchoedVia = "Via: SIP/2.0/UDP h;branch=z9hG4bKa;received=198.51.100.7\r\n";

TEST(Echo, MissingLinesAreLeftOut) {
  EXPECT_EQ(refused(kVia), "SIP/2.0 400 Missing From\r\n" + kEchoedVia + "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(refused(kVia + "CSeq: 1 INVITE\r\nFrom: <sip:a@h>;tag=1\r\n"),
            "SIP/2.0 400 Missing To\r\n" + kEchoedVia +
                "From: <sip:a@h>;tag=1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(refused(kVia + "To: <sip:b@h>\r\nCall-ID: c\r\n"),
            "SIP/2.0 400 Missing From\r\n" + kEchoedVia +
                "To: <sip:b@h>;tag=OURS\r\nCall-ID: c\r\nContent-Length: 0\r\n\r\n");
}

TEST(Echo, SoAreEmptyOnes) {
  EXPECT_EQ(refused(kVia + "From:\r\nTo:\r\nCall-ID: \r\nCSeq:\r\n"),
            "SIP/2.0 400 Bad From\r\n" + kEchoedVia + "Content-Length: 0\r\n\r\n");
}

TEST(Echo, AMalformedCallIdIsRepeated) {
  const std::string rest = "From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\n";
  EXPECT_EQ(refused(kVia + rest + "Call-ID: a b\r\nCSeq: 1 INVITE\r\n"),
            "SIP/2.0 400 Bad Call-ID\r\n" + kEchoedVia + rest +
                "Call-ID: a b\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
}

// Vias of the answer, one a line.
std::string vias_of(const std::string& lines) {
  const std::string answer =
      refused(lines + "From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n");
  EXPECT_EQ(answer.substr(0, 23), "SIP/2.0 400 Bad Via\r\nVi");
  const size_t begin = answer.find("\r\n") + 2;
  return answer.substr(begin, answer.find("From:") - begin);
}

TEST(Echo, OnlyWellFormedViasAreRepeated) {
  EXPECT_EQ(vias_of("Via: SIP/2.0/UDP h;branch=z9hG4bKa;;x\r\n"), kEchoedVia);
  EXPECT_EQ(vias_of("Via: SIP/2.0/UDP h;branch=z9hG4bKa;;x, SIP/2.0/UDP i\r\nVia: SIP/2.0/UDP j\r\n"), kEchoedVia);
  EXPECT_EQ(vias_of("Via: SIP/2.0/UDP h;branch=z9hG4bKa, SIP/2.0/UDP i, nothing\r\nVia: SIP/2.0/UDP j\r\n"),
            kEchoedVia + "Via: SIP/2.0/UDP i\r\n");
  EXPECT_EQ(vias_of("Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\nVia: SIP/2.0/UDP i;x=\r\nVia: SIP/2.0/UDP j\r\n"),
            kEchoedVia);
}

TEST(Echo, BlanksAroundParametersDoNoHarm) {
  Parsed p(RequestText{.via = "SIP / 2.0 /UDP h : 5070 \t; \tbranch = z9hG4bKa ; rport ;x"}.text());
  ASSERT_EQ(p.fault.kind, ParseFault::Kind::none);
  std::string text;
  append_echo(text, p.message, udp_flow());
  EXPECT_EQ(text.substr(0, text.find("\r\n")),
            "Via: SIP / 2.0 /UDP h : 5070;branch = z9hG4bKa;x;received=198.51.100.7;rport=5062");
}

TEST(Echo, AllViasOfAGoodRequestAreRepeated) {
  Parsed p(
      RequestText{.via = "SIP/2.0/UDP h;branch=z9hG4bKa, SIP/2.0/TCP i", .more_vias = "Via: SIP/2.0/TLS j\r\n"}.text());
  ASSERT_EQ(p.fault.kind, ParseFault::Kind::none);
  std::string text;
  const Echo echo = append_echo(text, p.message, udp_flow());
  EXPECT_EQ(text.substr(0, text.find("From:")),
            "Via: SIP/2.0/UDP h;branch=z9hG4bKa;received=198.51.100.7, SIP/2.0/TCP i\r\nVia: SIP/2.0/TLS j\r\n");
  EXPECT_EQ(echo.size, text.size());
  EXPECT_FALSE(echo.tagged);
}

}  // namespace
}  // namespace carillon::sip
