#include "call/cause.h"

#include <gtest/gtest.h>

#include "call/relay.h"
#include "sip/message/message.h"

namespace carillon::call {
namespace {

struct Pair {
  int from, to;
};

// The described system's table, as it is given there (system.md 2.12).
constexpr Pair kOfStatus[] = {
    {400, 41},  {401, 21},  {402, 21},  {403, 21},  {404, 1},  {405, 63},  {406, 79}, {407, 21},  {408, 102},
    {410, 22},  {411, 127}, {413, 127}, {414, 127}, {415, 79}, {416, 127}, {417, 63}, {420, 127}, {421, 127},
    {423, 127}, {424, 21},  {429, 21},  {433, 21},  {480, 18}, {481, 41},  {482, 25}, {483, 25},  {484, 28},
    {485, 1},   {486, 17},  {487, 31},  {488, 31},  {491, 17}, {493, 17},  {500, 41}, {502, 38},  {503, 41},
    {504, 102}, {505, 127}, {513, 127}, {600, 17},  {603, 21}, {604, 1},   {606, 31}};

// RFC 3398 §7.2.4.1.
constexpr Pair kOfCause[] = {{1, 404},  {2, 404},  {3, 404},  {17, 486},  {18, 408},  {19, 480}, {20, 480},
                             {21, 403}, {22, 410}, {27, 502}, {28, 484},  {29, 501},  {31, 480}, {34, 503},
                             {38, 503}, {41, 503}, {42, 503}, {47, 503},  {55, 403},  {57, 403}, {58, 503},
                             {65, 488}, {70, 488}, {79, 501}, {102, 504}, {111, 500}, {127, 500}};

TEST(Cause, EveryRowOfTheStatusTable) {
  for (const Pair& p : kOfStatus) EXPECT_EQ(cause_of_status(p.from), p.to) << p.from;
  EXPECT_EQ(cause_of_status(200), 16);
  EXPECT_EQ(cause_of_status(499), 41);  // no row: temporary failure
  EXPECT_EQ(cause_of_status(699), 21);
}

TEST(Cause, EveryRowOfTheCauseTable) {
  for (const Pair& p : kOfCause) EXPECT_EQ(status_of_cause(p.from), p.to) << p.from;
  EXPECT_EQ(status_of_cause(99), 500);
}

TEST(Cause, WhateverIsInATableHasWords) {
  for (const Pair& p : kOfStatus) EXPECT_NE(text_of_cause(p.to), "") << p.to;
  for (const Pair& p : kOfCause) EXPECT_NE(text_of_cause(p.from), "") << p.from;
  EXPECT_EQ(text_of_cause(0), "");
  EXPECT_EQ(text_of_cause(99), "");
}

TEST(Cause, APhonesCauseDecidesWhereItsStatusIsNotPassed) {
  EXPECT_EQ(status_for_caller(486, 16), 486);
  EXPECT_EQ(status_for_caller(486, 1), 486);  // said clearly enough
  EXPECT_EQ(status_for_caller(500, 17), 500);
  EXPECT_EQ(status_for_caller(502, 17), 486);  // a gateway behind the phone: RFC 6432
  EXPECT_EQ(status_for_caller(502, 0), 500);
  EXPECT_EQ(status_for_caller(302, 22), 410);
  EXPECT_EQ(status_for_caller(401, 0), 480);
  EXPECT_EQ(status_for_caller(401, 16), 480);
}

int cause_in(const std::string& lines) {
  const std::string text =
      "BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n"
      "Call-ID: x\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\n" +
      lines + "Content-Length: 0\r\n\r\n";
  sip::Message m;
  std::string bytes = text;
  EXPECT_TRUE(m.parse(std::span<char>(bytes), sip::Framing::datagram).kind == sip::ParseFault::Kind::none);
  return reason_cause(m);
}

TEST(Cause, ReasonHeadersInAllTheirForms) {
  EXPECT_EQ(cause_in("Reason: Q.850;cause=17\r\n"), 17);
  EXPECT_EQ(cause_in("Reason: q.850 ; cause=19;text=\"No answer; sorry\"\r\n"), 19);
  EXPECT_EQ(cause_in("Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"), 26);
  EXPECT_EQ(cause_in("Reason: SIP;cause=486\r\n"), 17);
  EXPECT_EQ(cause_in("Reason: SIP;cause=486, Q.850;cause=21\r\n"), 21);  // what is said in our terms comes first
  EXPECT_EQ(cause_in("Reason: SIP;cause=603\r\nReason: Q.850;cause=31\r\n"), 31);
  EXPECT_EQ(cause_in("Reason: preemption;cause=1\r\n"), 0);
  EXPECT_EQ(cause_in("Reason: Q.850;cause=200\r\n"), 0);
  EXPECT_EQ(cause_in("Reason: Q.850;cause=99999\r\n"), 0);
  EXPECT_EQ(cause_in("Reason: Q.850\r\n"), 0);
  EXPECT_EQ(cause_in("Reason: SIP;cause=180\r\n"), 0);
  EXPECT_EQ(cause_in(""), 0);
}

TEST(Cause, ReasonHeadersAreWrittenWithWords) {
  std::string out;
  append_reason(out, 17);
  EXPECT_EQ(out, "Reason: Q.850;cause=17;text=\"User busy\"\r\n");
  out.clear();
  append_reason(out, 0);
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace carillon::call
