#include "sip/message/writer.h"

#include <gtest/gtest.h>

#include "sip/message/message.h"

namespace carillon::sip {
namespace {

TEST(Writer, WhatItWritesIsReadBack) {
  std::string text;
  Writer w(text);
  w.request_line("INVITE", "sip:b@example.com");
  w.header(HeaderId::via, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx");
  w.name_addr(HeaderId::from, "Ann \"A\"", "sip:a@example.com", "tag=1");
  w.name_addr(HeaderId::to, "", "sip:b@example.com", "");
  w.header(HeaderId::call_id, "c@x").cseq(7, "INVITE").number(HeaderId::max_forwards, 70);
  w.begin(HeaderId::reason).text("SIP;cause=").number(200).text(";text=").quoted("a\"b").end();
  w.header("X-Own", "v").body("application/sdp", "v=0\r\n");
  Message m;
  const ParseFault fault = m.parse({text.data(), text.size()}, Framing::stream);
  ASSERT_EQ(fault.kind, ParseFault::Kind::none) << fault.reason;
  EXPECT_EQ(check_headers(m).kind, ParseFault::Kind::none);
  EXPECT_EQ(decoded_display(m.from()), "Ann \"A\"");
  EXPECT_EQ(m.from_tag(), "1");
  EXPECT_EQ(m.value(HeaderId::reason), "SIP;cause=200;text=\"a\\\"b\"");
  EXPECT_EQ(m.find("x-own")->value, "v");
  EXPECT_EQ(m.body(), "v=0\r\n");
}

TEST(Writer, NothingEndsALine) {
  const View evil("a\r\nEvil: 1\n\0\x7f<>\" b", 18);
  std::string text;
  Writer w(text);
  w.request_line(evil, evil).status_line(200, evil).header(HeaderId::subject, evil);
  w.header(evil, evil).cseq(1, evil).name_addr(HeaderId::to, evil, evil, evil);
  w.begin(HeaderId::via).text(evil).quoted(evil).address(evil, evil).end();
  size_t lines = 0;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '\n') {
      lines++;
      ASSERT_TRUE(i > 0 && text[i - 1] == '\r');
    } else if (text[i] == '\r') {
      ASSERT_EQ(text[i + 1], '\n');
    } else {
      ASSERT_FALSE(static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f);
    }
  }
  EXPECT_EQ(lines, 7u);
}

TEST(Reasons, FallBackToTheirClass) {
  EXPECT_EQ(reason_of(486), "Busy Here");
  EXPECT_EQ(reason_of(499), "Bad Request");
  EXPECT_EQ(reason_of(100), "Trying");
  EXPECT_EQ(reason_of(699), "Busy Everywhere");
  EXPECT_EQ(reason_of(999), "");
}

}  // namespace
}  // namespace carillon::sip
