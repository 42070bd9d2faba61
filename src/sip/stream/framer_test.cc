#include "sip/stream/framer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon::sip {
namespace {

std::string message(const std::string& length, const std::string& body) {
  return "MESSAGE sip:a SIP/2.0\r\nVia: SIP/2.0/TCP h\r\nFrom: <sip:a>\r\nTo: <sip:a>\r\nCall-ID: c\r\n"
         "CSeq: 1 MESSAGE\r\n" +
         length + "\r\n" + body;
}

// What comes out: messages as they are, "ping", "error: reason".
void drain(Framer& framer, std::vector<std::string>& out) {
  for (int i = 0; i < 1000; i++) {
    const Framed f = framer.next();
    if (f.kind == Framed::Kind::need_more) return;
    if (f.kind == Framed::Kind::keepalive_ping) out.push_back("ping");
    if (f.kind == Framed::Kind::message) out.push_back(std::string(f.bytes.data(), f.bytes.size()));
    if (f.kind == Framed::Kind::error) {
      out.push_back("error: " + std::string(f.fault.reason));
      return;
    }
  }
  FAIL() << "no end";
}

std::vector<std::string> whole(const std::string& bytes) {
  Framer framer;
  std::vector<std::string> out;
  framer.feed(bytes);
  drain(framer, out);
  return out;
}

// Fed in two pieces cut at every place, and byte by byte.
void expect_same_however_cut(const std::string& bytes) {
  const auto expected = whole(bytes);
  for (size_t cut = 0; cut <= bytes.size(); cut++) {
    Framer framer;
    std::vector<std::string> out;
    framer.feed(View(bytes).substr(0, cut));
    drain(framer, out);
    if (out.empty() || !out.back().starts_with("error")) {
      framer.feed(View(bytes).substr(cut));
      drain(framer, out);
    }
    ASSERT_EQ(out, expected) << cut;
  }
  Framer framer;
  std::vector<std::string> out;
  for (const char c : bytes) {
    framer.feed(View(&c, 1));
    drain(framer, out);
    if (!out.empty() && out.back().starts_with("error")) break;
  }
  EXPECT_EQ(out, expected);
}

const std::string kOne = message("Content-Length: 3\r\n", "abc");
const std::string kTwo = message("l :\r\n 0004\r\n", "\r\n\r\n");
const std::string kThree = message("X: y\r\nL:0\r\n", "");

TEST(Framer, SplitsAStream) {
  const auto out = whole("\r\n" + kOne + "\r\n\r\n" + kTwo + "\r\n" + kThree + "\r\n\r\n\r\n\r\nMESS");
  EXPECT_EQ(out, (std::vector<std::string>{kOne, "ping", kTwo, kThree, "ping", "ping"}));
}

TEST(Framer, GivesTheSameHoweverItIsCut) {
  expect_same_however_cut("\r\n" + kOne + "\r\n\r\n" + kTwo + "\r\n" + kThree + "\r\n\r\n\r\n" + kOne);
  expect_same_however_cut(kOne + message("Content-Length: x\r\n", "abc"));
  expect_same_however_cut(kOne + "\n" + kOne);
}

TEST(Framer, RefusesLyingLengths) {
  const auto error = [](const std::string& length) { return whole(message(length, "abc")); };
  const auto is = [](const char* reason) { return std::vector<std::string>{std::string("error: ") + reason}; };
  EXPECT_EQ(error(""), is("Missing Content-Length"));
  EXPECT_EQ(error("Content-Length: 3\r\nl: 3\r\n"), is("Repeated Content-Length"));
  EXPECT_EQ(error("Content-Length: -1\r\n"), is("Bad Content-Length"));
  EXPECT_EQ(error("Content-Length:\r\n"), is("Bad Content-Length"));
  EXPECT_EQ(error("Content-Length: 3 3\r\n"), is("Bad Content-Length"));
  EXPECT_EQ(error("Content-Length: 0x3\r\n"), is("Bad Content-Length"));
  EXPECT_EQ(error("Content-Length: 4294967299\r\n"), is("Message Too Large"));
  EXPECT_EQ(error("Content-Length: 18446744073709551619\r\n"), is("Message Too Large"));
  EXPECT_EQ(error("Content-Length: 65536\r\n"), is("Message Too Large"));
}

TEST(Framer, StaysInError) {
  Framer framer;
  framer.feed("\n");
  EXPECT_EQ(framer.next().kind, Framed::Kind::error);
  framer.feed(kOne);
  EXPECT_EQ(framer.next().kind, Framed::Kind::error);
}

// What is wrong with what the framer shows of a message that it refuses for this length.
ParseFault fault_of(const std::string& length) {
  Framer framer;
  framer.feed(message(length, "abc"));
  const Framed f = framer.next();
  EXPECT_EQ(f.kind, Framed::Kind::error);
  Message m;
  return m.parse(f.bytes, Framing::stream);
}

TEST(Framer, ShowsTheHeadersOfWhatItRefuses) { EXPECT_TRUE(fault_of("Content-Length: 5 5\r\n").answerable); }

TEST(Framer, WhatIsTooLargeIsAnswered513) {
  const ParseFault fault = fault_of("Content-Length: 70000\r\n");
  EXPECT_TRUE(fault.answerable);
  EXPECT_EQ(fault.status, 513);
}

TEST(Framer, BoundsStrangersMore) {
  const std::string large = message("Content-Length: 5000\r\n", std::string(5000, 'x'));
  EXPECT_EQ(whole(large).back(), "error: Message Too Large");
  EXPECT_EQ(whole(std::string(limits::kStrangerBytes + 1, 'x')).back(), "error: Message Too Large");
  EXPECT_TRUE(whole(std::string(limits::kStrangerBytes, 'x')).empty());
  Framer framer;
  framer.trust();
  std::vector<std::string> out;
  framer.feed(large);
  drain(framer, out);
  EXPECT_EQ(out, std::vector<std::string>{large});
  EXPECT_EQ(framer.buffered(), 0u);
}

TEST(Framer, NeedsNoMemoryForADeclaredLength) {
  Framer framer;
  framer.trust();
  framer.feed(message("Content-Length: 60000\r\n", ""));
  EXPECT_EQ(framer.next().kind, Framed::Kind::need_more);
  EXPECT_LT(framer.buffered(), 300u);
}

}  // namespace
}  // namespace carillon::sip
