#include <gtest/gtest.h>

#include <set>

#include "sip/message/contact.h"
#include "sip/message/message.h"
#include "sip/scan.h"
#include "torture.h"

namespace carillon::torture {
namespace {

using namespace sip;  // NOLINT: the tests speak of nothing else

size_t count_values(const Message& m, HeaderId id) {
  size_t n = 0;
  for_each_value(m, id, [&n](View) { return ++n > 0; });
  return n;
}

// A field of a message by name; other names are header names.
std::string field_of(const Message& m, const std::string& name) {
  const auto uri = Uri::parse(m.request_uri()).value_or(Uri());
  if (name == "method") return std::string(m.method_name());
  if (name == "status") return std::to_string(m.status());
  if (name == "reason") return std::string(m.reason());
  if (name == "uri") return std::string(uri.text);
  if (name == "uri_user") return decoded_user(uri);
  if (name == "uri_host") return std::string(uri.host);
  if (name == "uri_port") return std::to_string(uri.port);
  if (name == "to_tag") return std::string(m.to_tag());
  if (name == "from_tag") return std::string(m.from_tag());
  if (name == "to_user") return decoded_user(m.to().uri);
  if (name == "from_user") return decoded_user(m.from().uri);
  if (name == "display") return decoded_display(m.from());
  if (name == "cseq") return std::to_string(m.cseq().number);
  if (name == "call_id") return std::string(m.call_id());
  if (name == "branch") return std::string(m.top_via().branch);
  if (name == "received") return std::string(m.top_via().received);
  if (name == "via_host") return std::string(m.top_via().host);
  if (name == "via_port") return std::to_string(m.top_via().port);
  if (name == "vias") return std::to_string(count_values(m, HeaderId::via));
  if (name == "contacts") return std::to_string(count_values(m, HeaderId::contact));
  if (name == "max_forwards") return std::to_string(m.number(HeaderId::max_forwards).value_or(9999));
  if (name == "body") return std::string(m.body());
  if (name == "contact_uri_params") {
    const auto c = ContactValue::parse(m.value(HeaderId::contact));
    return c ? std::string(c->address.uri.params) : "?";
  }
  const Header* h = m.find(View(name));
  return h == nullptr ? "(absent)" : std::string(h->value);
}

void expect_scanner_agrees(const std::string& text, const Message& m) {
  const Scan s = scan(text);
  EXPECT_TRUE(s.sip);
  EXPECT_EQ(s.method, m.method_name());
  EXPECT_EQ(s.branch, m.top_via().branch);
  EXPECT_EQ(s.from_tag, m.from_tag());
  EXPECT_EQ(s.to_tag, m.to_tag());
  EXPECT_EQ(s.to_user, m.to().uri.user);
  EXPECT_EQ(s.call_id, m.call_id());
}

TEST(Torture, EveryVerdictHolds) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.section + " " + c.name);
    std::string text = c.text;
    Message m;
    ParseFault fault = m.parse({text.data(), text.size()}, Framing::datagram);
    if (fault.kind == ParseFault::Kind::none) fault = check_headers(m);
    if (c.verdict == Verdict::accept) {
      EXPECT_EQ(fault.kind, ParseFault::Kind::none) << fault.reason;
      for (const auto& [name, value] : c.fields) EXPECT_EQ(field_of(m, name), value) << name;
      expect_scanner_agrees(c.text, m);
      continue;
    }
    EXPECT_NE(fault.kind, ParseFault::Kind::none);
    EXPECT_EQ(fault.answerable, c.verdict == Verdict::bad) << fault.reason;
    if (c.verdict == Verdict::bad) {
      EXPECT_EQ(fault.status, c.status) << fault.reason;
    }
  }
}

// The numbered points of the two documents, each at least once.
TEST(Torture, NoPointIsSkipped) {
  std::set<std::string> points;
  for (const Case& c : all_cases()) points.insert(c.section);
  const auto expect = [&points](const std::string& prefix, int last) {
    for (int i = 1; i <= last; i++) {
      EXPECT_TRUE(points.contains(prefix + std::to_string(i))) << prefix << i;
    }
  };
  expect("4475 3.1.1.", 13);
  expect("4475 3.1.2.", 19);
  expect("4475 3.2.", 1);
  expect("4475 3.3.", 15);
  expect("4475 3.4.", 1);
  expect("5118 4.", 10);
  EXPECT_EQ(points.size(), 13u + 19u + 1u + 15u + 1u + 10u);
}

// Any byte of any case may be lost or changed: the reader says something and keeps within its bytes
// (run with sanitizers).
TEST(Torture, DamageIsSurvived) {
  Message m;
  for (const Case& c : all_cases()) {
    const size_t step = c.text.size() > 1500 ? 61 : 1;
    for (size_t i = 0; i < c.text.size(); i += step) {
      for (const char byte : {'\0', '\r', '\n', '"', ';', ',', '<', '\x80'}) {
        std::string text = c.text;
        text[i] = byte;
        std::string copy(text);
        const ParseFault fault = m.parse({copy.data(), copy.size()}, Framing::datagram);
        if (fault.kind != ParseFault::Kind::none) continue;
        check_headers(m);
        expect_scanner_agrees(text, m);
      }
    }
  }
}

}  // namespace
}  // namespace carillon::torture
