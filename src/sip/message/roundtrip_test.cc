// parse ∘ print = identity on generated messages, and a generated message is never damaged by its
// order or its folding.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "sip/message/contact.h"
#include "sip/message/message.h"
#include "sip/message/writer.h"
#include "sip/stream/framer.h"

namespace carillon::sip {
namespace {

struct Address {
  std::string display, uri, tag;
};

struct Model {
  std::string method, uri, branch, call_id, body;
  Address from, to;
  uint32_t cseq = 0, max_forwards = 0;
  std::vector<std::pair<std::string, std::string>> extra;  // unknown headers, names unlike each other
};

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  Model model() {
    Model m;
    m.method = random_.chance(0.5) ? std::string(name_of(static_cast<Method>(1 + random_.below(14))))
                                   : word("ABCxyz-.!%*_+`'~", 8);
    m.uri = uri();
    m.branch = "z9hG4bK" + word("abc019-.!%*_+`'~", 20);
    m.call_id = word("abc019-.!%*_+`'~()<>:\\/\"[]?{}", 30);
    m.from = address(), m.to = address();
    m.cseq = random_.next32() & INT32_MAX;
    m.max_forwards = random_.below(256);
    for (uint32_t i = random_.below(8); i > 0; i--) {
      m.extra.emplace_back("X-" + std::to_string(i) + word("abc!~", 5), word("abc ,;\"<>()=\\\t:", 40));
    }
    if (random_.chance(0.5)) m.body = word("abc\r\n\x80:", 200);
    return m;
  }

  std::string print(const Model& m) {
    std::string out;
    Writer w(out);
    w.request_line(m.method, m.uri);
    w.header(HeaderId::via, "SIP/2.0/TCP 192.0.2.1:5060;branch=" + m.branch);
    for (const auto& [name, value] : m.extra) w.header(View(name), value);
    w.name_addr(HeaderId::from, m.from.display, m.from.uri, "tag=" + m.from.tag);
    w.name_addr(HeaderId::to, m.to.display, m.to.uri, m.to.tag.empty() ? "" : "x;tag=" + m.to.tag);
    w.header(HeaderId::call_id, m.call_id).cseq(m.cseq, m.method);
    w.number(HeaderId::max_forwards, m.max_forwards).body("text/plain", m.body);
    return out;
  }

  // The same with blanks and folds after the colons of header names.
  std::string folded(const std::string& text) {
    std::string out;
    size_t line = text.find("\r\n") + 2;
    out += text.substr(0, line);
    while (text.compare(line, 2, "\r\n") != 0) {
      const size_t end = text.find("\r\n", line) + 2;
      const size_t colon = text.find(':', line);
      out += text.substr(line, colon - line);
      out += random_.chance(0.5) ? ":" : random_.chance(0.5) ? " : \r\n " : "\t:\r\n\t  ";
      out += text.substr(colon + 1, end - colon - 1);
      line = end;
    }
    return out + text.substr(line);
  }

 private:
  // One to `most` characters of `alphabet`, no blank at either end.
  std::string word(View alphabet, uint32_t most) {
    std::string out;
    for (uint32_t n = 1 + random_.below(most); n > 0; n--) {
      out += alphabet[random_.below(static_cast<uint32_t>(alphabet.size()))];
    }
    return std::string(trim(out)).empty() ? "z" : std::string(trim(out));
  }
  std::string uri() {
    std::string out = random_.chance(0.5) ? "sip:" : "sips:";
    if (random_.chance(0.8)) out += escape_user(word("ab1+*# %@:\x80;=?/", 12)) + "@";
    constexpr View kHosts[] = {"example.com", "192.0.2.7", "[2001:db8::1]", "h", "a-b.c."};
    out += kHosts[random_.below(5)];
    if (random_.chance(0.5)) out += ":" + std::to_string(1 + random_.below(65535));
    if (random_.chance(0.5)) out += ";" + word("abc[]/:&+$", 6) + "=" + word("abc", 4) + "%41";
    return out;
  }
  Address address() {
    Address a;
    if (random_.chance(0.7)) a.display = word("ab \"\\<>;,\xc3\xbc", 20);
    a.uri = uri();
    a.tag = word("abc019-.!%*_+`'~", 12);
    return a;
  }
  Random random_;
};

void expect_same(const Message& m, const Model& want) {
  EXPECT_EQ(m.method_name(), want.method);
  EXPECT_EQ(m.request_uri(), want.uri);
  EXPECT_EQ(m.top_via().branch, want.branch);
  EXPECT_EQ(m.call_id(), want.call_id);
  EXPECT_EQ(decoded_display(m.from()), want.from.display);
  EXPECT_EQ(m.from().uri.text, want.from.uri);
  EXPECT_EQ(m.from_tag(), want.from.tag);
  EXPECT_EQ(decoded_display(m.to()), want.to.display);
  EXPECT_EQ(m.to().uri.text, want.to.uri);
  EXPECT_EQ(m.to_tag(), want.to.tag);
  EXPECT_EQ(m.cseq().number, want.cseq);
  EXPECT_EQ(m.number(HeaderId::max_forwards), want.max_forwards);
  EXPECT_EQ(m.body(), want.body);
  for (const auto& [name, value] : want.extra) {
    const Header* h = m.find(View(name));
    ASSERT_NE(h, nullptr) << name;
    EXPECT_EQ(h->value, value);
  }
}

TEST(RoundTrip, ParsingUndoesPrinting) {
  Generator generator(20);
  Message m;
  for (int i = 0; i < 3000 && !testing::Test::HasFailure(); i++) {
    const Model want = generator.model();
    const std::string text = generator.print(want);
    SCOPED_TRACE(text);
    for (std::string bytes : {text, generator.folded(text)}) {
      const ParseFault fault = m.parse({bytes.data(), bytes.size()}, Framing::stream);
      ASSERT_EQ(fault.kind, ParseFault::Kind::none) << fault.reason;
      EXPECT_EQ(check_headers(m).kind, ParseFault::Kind::none);
      expect_same(m, want);
    }
  }
}

// Many messages in one stream, cut at random, come out as they went in.
TEST(RoundTrip, AStreamOfMessagesSurvivesAnyCut) {
  Generator generator(21);
  Random random(22);
  for (int round = 0; round < 200 && !testing::Test::HasFailure(); round++) {
    std::vector<std::string> sent, got;
    std::string stream;
    for (uint32_t n = 1 + random.below(5); n > 0; n--) {
      sent.push_back(generator.folded(generator.print(generator.model())));
      stream += sent.back() + (random.chance(0.3) ? "\r\n" : "");
    }
    Framer framer;
    View rest = stream;
    while (!rest.empty()) {
      const size_t n = std::min<size_t>(1 + random.below(300), rest.size());
      framer.feed(rest.substr(0, n));
      rest.remove_prefix(n);
      for (Framed f = framer.next(); f.kind == Framed::Kind::message; f = framer.next()) {
        got.emplace_back(f.bytes.data(), f.bytes.size());
      }
    }
    EXPECT_EQ(got, sent);
  }
}

}  // namespace
}  // namespace carillon::sip
