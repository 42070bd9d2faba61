#include "admin/ladder.h"

#include <gtest/gtest.h>

namespace carillon::admin {
namespace {

json::object message(std::string_view time, bool in, std::string_view remote, std::string_view text) {
  return {{"time", "2026-11-22T13:05:" + std::string(time) + "Z"},
          {"direction", in ? "in" : "out"},
          {"transport", "UDP"},
          {"local", "192.0.2.10:5060"},
          {"remote", std::string(remote)},
          {"text", std::string(text)}};
}

const std::string kInvite =
    "INVITE sip:1002@pbx SIP/2.0\r\nFrom: \"A\" <sip:1001@pbx>;tag=a\r\nCSeq: 1 INVITE\r\n"
    "c: application/sdp\r\n\r\nv=0\r\n";

json::array call() {
  return {message("06.001", true, "192.0.2.1:5060", kInvite),
          message("06.002", false, "192.0.2.1:5060", "SIP/2.0 100 Trying\r\nCSeq: 1 INVITE\r\n\r\n"),
          message("06.003", false, "192.0.2.2:5062",
                  "INVITE sip:1002@192.0.2.2:5062 SIP/2.0\r\nFrom: <sip:1001@pbx>\r\n"
                  "CSeq: 101 INVITE\r\nContent-Type: application/sdp\r\n\r\n"),
          message("06.503", false, "192.0.2.2:5062",
                  "INVITE sip:1002@192.0.2.2:5062 SIP/2.0\r\nFrom: <sip:1001@pbx>\r\n"
                  "CSeq: 101 INVITE\r\nContent-Type: application/sdp\r\n\r\n"),
          message("06.510", true, "192.0.2.2:5062", "SIP/2.0 200 OK\r\nCSeq: 101 INVITE\r\n\r\n"),
          message("09.000", true, "192.0.2.1:5060", "BYE sip:1002@pbx SIP/2.0\r\nCSeq: 2 BYE\r\n\r\n")};
}

constexpr std::string_view kGolden =
    R"(                       1001                              carillon                              1002
                  192.0.2.1:5060                      192.0.2.10:5060                     192.0.2.2:5062
13:05:06.001             │────────── INVITE 1 SDP ──────────>│                                   │
13:05:06.002             │<───── 100 Trying (INVITE 1) ──────│                                   │
13:05:06.003             │                                   │───────── INVITE 101 SDP ─────────>│
13:05:06.503             │                                   │────── INVITE 101 SDP again ──────>│
13:05:06.510             │                                   │<────── 200 OK (INVITE 101) ───────│
13:05:09.000             │───────────── BYE 2 ──────────────>│                                   │
)";

TEST(Ladder, ACallOfTwo) { EXPECT_EQ(print_ladder(call(), {100, false}), kGolden); }

TEST(Ladder, FollowingPrintsTheHeaderWhenColumnsChange) {
  Ladder ladder({100, false});
  const auto messages = call();
  EXPECT_TRUE(ladder.learn(messages[0].as_object()));
  EXPECT_FALSE(ladder.learn(messages[1].as_object()));
  EXPECT_TRUE(ladder.learn(messages[2].as_object()));
  EXPECT_FALSE(ladder.learn(messages[3].as_object()));
}

TEST(Ladder, WhatTheWireSaysIsHarmless) {
  const auto got =
      print_ladder({message("06.001", true, "192.0.2.1:5060", "INV\x1b[2JITE sip:a SIP/2.0\r\nCSeq: \x07 X\r\n\r\n"),
                    message("06.001", true, "\x1b[31m", ""), json::value(7), json::object{}},
                   {100, false});
  EXPECT_EQ(got.find('\x1b'), std::string::npos);
  EXPECT_EQ(got.find('\x07'), std::string::npos);
}

TEST(Ladder, ManyPartiesAndNarrowScreens) {
  json::array messages;
  for (int i = 0; i < 40; i++)
    messages.push_back(message("06.001", true, "192.0.2." + std::to_string(i) + ":5060", kInvite));
  for (const size_t width : {0u, 20u, 80u, 300u}) EXPECT_FALSE(print_ladder(messages, {width, true}).empty());
}

}  // namespace
}  // namespace carillon::admin
