#include "sip/message/message.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "base/text.h"

namespace carillon::sip {
namespace {

const std::string kInvite =
    "INVITE sip:2002@example.com;user=phone SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bKabc, SIP/2.0/TCP [2001:db8::1]\r\n"
    "f: \"Ann \\\"A\\\" B\" <sip:1001@example.com>;tag=a1\r\n"
    "To: <sip:2002@example.com>\r\n"
    "i: c1@192.0.2.7\r\n"
    "CSEQ : 0017 INVITE\r\n"
    "Max-Forwards: 70\r\n"
    "Supported: replaces, timer\r\n"
    "Subject: one\r\n"
    " two\r\n"
    "X-Own: ;;,,\r\n"
    "k: 100rel\r\n"
    "Content-Length: 4\r\n"
    "\r\n"
    "v=0\n";

struct Parsed {
  std::string bytes;
  Message message;
  ParseFault fault;
  explicit Parsed(std::string text, Framing framing = Framing::datagram) : bytes(std::move(text)) {
    fault = message.parse({bytes.data(), bytes.size()}, framing);
  }
  bool good() const { return fault.kind == ParseFault::Kind::none; }
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return at == text.npos ? text : text.replace(at, from.size(), to);
}

TEST(Message, ReadsARequest) {
  const Parsed p(kInvite);
  ASSERT_TRUE(p.good()) << p.fault.reason;
  const Message& m = p.message;
  EXPECT_TRUE(m.is_request());
  EXPECT_EQ(m.method(), Method::invite);
  EXPECT_EQ(m.request_uri(), "sip:2002@example.com;user=phone");
  EXPECT_EQ(m.top_via().host, "192.0.2.7");
  EXPECT_EQ(m.top_via().port, 5062);
  EXPECT_EQ(m.top_via().branch, "z9hG4bKabc");
  EXPECT_EQ(m.top_via().rport, "");
  EXPECT_EQ(m.from_tag(), "a1");
  EXPECT_EQ(decoded_display(m.from()), "Ann \"A\" B");
  EXPECT_EQ(m.to_tag(), "");
  EXPECT_EQ(m.call_id(), "c1@192.0.2.7");
  EXPECT_EQ(m.cseq().number, 17u);
  EXPECT_EQ(m.body(), "v=0\n");
  EXPECT_EQ(m.number(HeaderId::max_forwards), 70u);
  EXPECT_EQ(m.value(HeaderId::subject), "one   two");
  EXPECT_TRUE(m.lists(HeaderId::supported, "100rel"));
  EXPECT_TRUE(m.lists(HeaderId::supported, "Timer"));
  EXPECT_FALSE(m.lists(HeaderId::supported, "path"));
  ASSERT_NE(m.find("x-own"), nullptr);
  EXPECT_EQ(m.find("x-own")->value, ";;,,");
  EXPECT_EQ(m.headers().size(), 11u);
}

TEST(Message, ReadsAResponse) {
  const Parsed p(replaced(kInvite, "INVITE sip:2002@example.com;user=phone SIP/2.0", "SIP/2.0 180 Es klingelt"));
  ASSERT_TRUE(p.good()) << p.fault.reason;
  EXPECT_FALSE(p.message.is_request());
  EXPECT_EQ(p.message.status(), 180);
  EXPECT_EQ(p.message.reason(), "Es klingelt");
  EXPECT_EQ(p.message.method(), Method::invite);
}

TEST(Message, CutsADatagramToContentLength) {
  const Parsed p(kInvite + "BYE sip:x SIP/2.0\r\n");
  ASSERT_TRUE(p.good());
  EXPECT_EQ(p.message.body(), "v=0\n");
  EXPECT_EQ(p.message.bytes().size(), kInvite.size());
}

TEST(Message, StreamNeedsAnExactContentLength) {
  EXPECT_TRUE(Parsed(kInvite, Framing::stream).good());
  EXPECT_FALSE(Parsed(kInvite + "x", Framing::stream).good());
  EXPECT_FALSE(Parsed(replaced(kInvite, "Content-Length: 4\r\n", ""), Framing::stream).good());
}

TEST(Message, AcceptsBareLineFeedsOnlyInAllLinesOfADatagram) {
  std::string lf;
  for (const char c : kInvite) {
    if (c != '\r') lf += c;
  }
  EXPECT_TRUE(Parsed(lf).good());
  EXPECT_FALSE(Parsed(lf, Framing::stream).good());
  EXPECT_FALSE(Parsed(replaced(kInvite, "Max-Forwards: 70\r\n", "Max-Forwards: 70\n")).good());
  EXPECT_FALSE(Parsed(replaced(lf, "Max-Forwards: 70\n", "Max-Forwards: 70\r\n")).good());
}

struct Bad {
  std::string from, to;
  int status;
  std::string reason;
};

TEST(Message, SaysWhatIsBad) {
  const Bad cases[] = {
      {"CSEQ : 0017 INVITE", "CSeq: 17 BYE", 400, "CSeq Method Mismatch"},
      {"CSEQ : 0017 INVITE", "CSeq: 2147483648 INVITE", 400, "Bad CSeq"},
      {"CSEQ : 0017 INVITE", "CSeq: 17INVITE", 400, "Bad CSeq"},
      {"CSEQ : 0017 INVITE\r\n", "", 400, "Missing CSeq"},
      {"i: c1@192.0.2.7", "Call-ID: a@b@c", 400, "Bad Call-ID"},
      {"i: c1@192.0.2.7", "Call-ID: x\r\ni: x", 400, "Repeated Call-ID"},
      {"Max-Forwards: 70", "Max-Forwards: 70\r\nMax-Forwards: 70", 400, "Repeated Max-Forwards"},
      {"Content-Length: 4", "Content-Length: 4\r\nl: 4", 400, "Repeated Content-Length"},
      {"Content-Length: 4", "Content-Length: 5", 400, "Content-Length Beyond Message"},
      {"Content-Length: 4", "Content-Length: -4", 400, "Bad Content-Length"},
      {"Content-Length: 4", "Content-Length: 18446744073709551620", 400, "Content-Length Beyond Message"},
      {"SIP/2.0\r\nVia", "SIP/3.0\r\nVia", 505, "Version Not Supported"},
      {"SIP/2.0\r\nVia", "SIP/2.0 \r\nVia", 400, "Bad Request Line"},
      {"tag=a1", "tag=a1;tag=a2", 400, "Bad From"},
      {"tag=a1", "tag=", 400, "Bad From"},
      {"Subject: one", "Subject\x01: one", 400, "Control Byte In Header"},
      {"Subject: one", "Subject one", 400, "Header Without Colon"},
      {"Subject: one", "Subject\r\n : one", 400, "Header Without Colon"},
      {"Subject: one", "Sub ject: one", 400, "Bad Header Name"},
      {"INVITE sip:2002@example.com;user=phone", "INVITE <sip:2002@example.com>", 400, "Bad Request-URI"},
      {"INVITE sip:2002@example.com;user=phone", "INVITE sip:2002@example.com?a=b", 400, "Bad Request-URI"},
      {"INVITE sip:2002", "INVITE sip:" + std::string(9000, '2'), 414, "Request-URI Too Long"},
      {"Subject: one", "Subject: " + std::string(9000, 'x'), 400, "Header Too Long"},
  };
  for (const Bad& c : cases) {
    const Parsed p(replaced(kInvite, c.from, c.to));
    EXPECT_EQ(p.fault.kind, ParseFault::Kind::bad) << c.to;
    EXPECT_EQ(p.fault.status, c.status) << c.to;
    EXPECT_EQ(p.fault.reason, c.reason);
    EXPECT_TRUE(p.fault.answerable) << c.to;
  }
}

TEST(Message, AnswersWhenOnlyViaParametersAreBad) {
  const Parsed p(replaced(kInvite, "rport;branch", "rport;;branch"));
  EXPECT_EQ(p.fault.reason, "Bad Via");
  EXPECT_TRUE(p.fault.answerable);
  EXPECT_EQ(p.message.top_via().text, "SIP/2.0/UDP 192.0.2.7:5062;rport");
  EXPECT_FALSE(Parsed(replaced(kInvite, "UDP 192.0.2.7", "UDP ")).fault.answerable);
}

TEST(Message, NeverAnswersAckAndResponses) {
  std::string ack = replaced(kInvite, "INVITE sip", "ACK sip");
  EXPECT_FALSE(Parsed(ack).fault.answerable);
  EXPECT_FALSE(
      Parsed(replaced(kInvite, "INVITE sip:2002@example.com;user=phone SIP/2.0", "SIP/2.0 99 x")).fault.answerable);
}

TEST(Message, BoundsTheNumberOfHeaders) {
  std::string many;
  for (int i = 0; i < 245; i++) many += "X-H: 1\r\n";
  EXPECT_TRUE(Parsed(replaced(kInvite, "X-Own: ;;,,\r\n", many)).good());
  for (int i = 0; i < 50; i++) many += "X-H: 1\r\n";
  const Parsed p(replaced(kInvite, "X-Own: ;;,,\r\n", many));
  EXPECT_EQ(p.fault.reason, "Too Many Headers");
}

TEST(Message, BoundsItsSize) {
  const std::string head = replaced(kInvite, "Content-Length: 4\r\n\r\nv=0\n", "\r\n");
  EXPECT_TRUE(Parsed(head + std::string(limits::kBodyBytes, 'x')).good());
  const Parsed body(head + std::string(limits::kBodyBytes + 1, 'x'));
  EXPECT_EQ(body.fault.status, 413);
  EXPECT_TRUE(body.fault.answerable);
  const Parsed whole(head + std::string(limits::kMessageBytes, 'x'));
  EXPECT_EQ(whole.fault.status, 513);
  EXPECT_EQ(whole.fault.kind, ParseFault::Kind::bad);
}

TEST(Message, IsReusedWithoutTraces) {
  std::string good = kInvite, other = "hello";
  Message m;
  ASSERT_EQ(m.parse({good.data(), good.size()}, Framing::datagram).kind, ParseFault::Kind::none);
  m.parse({other.data(), other.size()}, Framing::datagram);
  EXPECT_EQ(m.headers().size(), 0u);
  EXPECT_EQ(m.find(HeaderId::via), nullptr);
  EXPECT_TRUE(m.top_via().host.empty());
  EXPECT_TRUE(m.from().uri.text.empty());
  EXPECT_EQ(m.cseq().number, 0u);
  EXPECT_TRUE(m.from_tag().empty());
}

TEST(Message, WhatIsNotSipIsNotAnswered) {
  for (const char* text : {"", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "hello", "\x80\x01\x00"}) {
    EXPECT_EQ(Parsed(text).fault.kind, ParseFault::Kind::not_sip) << text;
  }
}

TEST(Message, EveryPrefixIsRefused) {
  for (size_t n = 0; n < kInvite.size(); n++) {
    EXPECT_FALSE(Parsed(kInvite.substr(0, n)).good()) << n;
  }
}

TEST(Message, KeepsNoControlBytesOfABadMessage) {
  const Parsed p(replaced(kInvite, "c1@192.0.2.7", std::string("c1\rEvil: x\n\0y", 13)));
  EXPECT_FALSE(p.good());
  for (const Header& h : p.message.headers()) {
    EXPECT_EQ(h.value.find_first_of(View("\r\n\0", 3)), View::npos) << h.name;
  }
}

TEST(Message, ControlBytesMayStandInQuotedPairsOnly) {
  const auto good = [](const std::string& line) {
    return Parsed(replaced(kInvite, "Max-Forwards:", line + "\r\nMax-Forwards:")).good();
  };
  EXPECT_TRUE(good("Contact: \"\\\x01\" <sip:a@b>"));
  EXPECT_TRUE(good("Retry-After: 5 (\"\\\x01)"));                        // a quote in a comment opens nothing
  EXPECT_TRUE(good("Replaces: a\"b;to-tag=1;from-tag=2;x=\"\\\x01\""));  // nor does one in a Call-ID
  EXPECT_FALSE(good("Contact: \"\x01\" <sip:a@b>"));
  EXPECT_FALSE(good("Retry-After: 5 (\x01)"));
  EXPECT_FALSE(good("Subject: \\\x01"));
  EXPECT_FALSE(good("Un\x01known: x"));
  EXPECT_FALSE(good("Retry-After: 5;x=\"a\"b\\\x01"));
}

TEST(HeaderTable, FindsEveryNameInEverySpelling) {
  for (size_t i = 1; i < static_cast<size_t>(HeaderId::count); i++) {
    const auto id = static_cast<HeaderId>(i);
    const HeaderInfo& info = info_of(id);
    std::string upper, lower;
    for (const char c : info.name) {
      lower += ascii_lower(c);
      upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    EXPECT_EQ(header_of(info.name), id);
    EXPECT_EQ(header_of(upper), id);
    EXPECT_EQ(header_of(lower), id);
    EXPECT_EQ(header_of(lower + "x"), HeaderId::unknown);
    if (info.compact != 0) {
      EXPECT_EQ(header_of(View(&info.compact, 1)), id);
    }
    std::string damaged = lower;
    damaged[damaged.size() / 2] = '!';
    EXPECT_EQ(header_of(damaged), HeaderId::unknown);
  }
  EXPECT_EQ(header_of(""), HeaderId::unknown);
  EXPECT_EQ(header_of("q"), HeaderId::unknown);
  EXPECT_EQ(header_of("call\rid"), HeaderId::unknown);
}

TEST(Methods, AreFoundByNameAndCase) {
  for (size_t i = 1; i < kMethods; i++) {
    const auto m = static_cast<Method>(i);
    EXPECT_EQ(method_of(name_of(m)), m);
  }
  for (const char* name : {"", "invite", "ACKS", "XYE", "PXXXX", "FETCH", "Register", "INVITEE"}) {
    EXPECT_EQ(method_of(name), Method::other) << name;
  }
}

}  // namespace
}  // namespace carillon::sip
