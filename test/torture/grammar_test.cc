// What the grammar allows is taken, what it does not is refused.
#include "grammar.h"

#include <gtest/gtest.h>

#include "server.h"
#include "sip/message/message.h"

namespace carillon::torture {
namespace {

using sip::HeaderId;

std::string fault_of(std::string text) {
  sip::Message m;
  sip::ParseFault fault = m.parse(text, sip::Framing::datagram);
  if (fault.kind == sip::ParseFault::Kind::none) fault = check_headers(m);
  return fault.kind == sip::ParseFault::Kind::none ? "" : std::string(fault.reason);
}

bool is_mandatory(HeaderId id) {
  return id == HeaderId::via || id == HeaderId::from || id == HeaderId::to || id == HeaderId::call_id ||
         id == HeaderId::cseq || id == HeaderId::max_forwards;
}

// Identity and credentials may stand several times; so may lists: one of each here.
std::string random_lines(Grammar& g, int count, bool with_contact = true) {
  std::string out;
  uint64_t used[2] = {};
  for (int i = 0; i < count; i++) {
    const uint32_t n = 1 + g.below(static_cast<uint32_t>(HeaderId::count) - 1);
    if (is_mandatory(static_cast<HeaderId>(n)) || (used[n / 64] & uint64_t{1} << n % 64) != 0) continue;
    if (!with_contact && static_cast<HeaderId>(n) == HeaderId::contact) continue;
    used[n / 64] |= uint64_t{1} << n % 64;
    out += g.line(static_cast<HeaderId>(n));
  }
  return out + g.unknown_line();
}

TEST(Grammar, WhatItAllowsIsTaken) {
  int failures = 0;
  for (uint32_t n = 1; n < static_cast<uint32_t>(HeaderId::count); n++) {
    const auto id = static_cast<HeaderId>(n);
    Grammar g(n);
    for (int i = 0; i < 300 && failures < 20; i++) {
      const std::string text = g.request("", is_mandatory(id) ? "" : g.line(id));
      const std::string fault = fault_of(text);
      failures += !fault.empty();
      EXPECT_EQ(fault, "") << text;
    }
  }
}

TEST(Grammar, SoAreManyHeadersTogether) {
  int failures = 0;
  for (uint64_t seed = 0; seed < 10000 && failures < 10; seed++) {
    Grammar g(seed);
    const std::string text = g.request("", random_lines(g, 8));
    const std::string fault = fault_of(text);
    failures += !fault.empty();
    EXPECT_EQ(fault, "") << "seed " << seed << "\n" << text;
  }
}

std::string without(std::string_view name, const std::string& text) {
  const size_t at = text.find("\r\n" + std::string(name) + ":");
  if (at == text.npos) return text;
  return text.substr(0, at) + text.substr(text.find("\r\n", at + 2));
}

// One wrong header among good ones.
std::string with_wrong(Grammar& g, HeaderId id, const std::string& value) {
  const std::string good =
      "OPTIONS sip:test.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:17060;branch=z9hG4bKw;rport\r\nMax-Forwards: "
      "70\r\n"
      "From: <sip:1001@test.example>;tag=1\r\nTo: <sip:1001@test.example>\r\nCall-ID: w\r\nCSeq: 1 OPTIONS\r\n";
  std::string name(sip::info_of(id).name);
  return without(name, good) + name + ": " + value + "\r\n" + g.unknown_line() + "\r\n";
}

TEST(Grammar, WhatItDoesNotAllowIsRefused) {
  int failures = 0;
  Server server(false);
  for (uint32_t n = 1; n < static_cast<uint32_t>(HeaderId::count); n++) {
    const auto id = static_cast<HeaderId>(n);
    Grammar g(n);
    for (int i = 0; i < 100 && failures < 20; i++) {
      const std::string wrong = g.wrong(id);
      // Headers for which no wrong value is known here; and free text may be empty.
      if (wrong.empty() && (sip::info_of(id).list || g.wrong(id).empty())) continue;
      const std::string text = with_wrong(g, id, wrong);
      const Reply r = server.send(text, Way::udp);
      // Of a Via nothing of which can be read, there is nobody to answer.
      failures += r.status() != 400;
      EXPECT_EQ(r.status(), 400) << r.line() << "\n" << text;
      for (const std::string& a : r.answers) EXPECT_EQ(unsound(a, true), "") << a;
    }
  }
  EXPECT_TRUE(server.serves());
}

TEST(Grammar, TheServerAnswersNoGoodRequestWith400) {
  Server server(false);
  for (uint64_t seed = 0; seed < 2000; seed++) {
    Grammar g(seed + 1000000);
    const std::string text = g.request("sip:1002@test.example", random_lines(g, 5));
    const Reply r = server.send(text, Way::udp);
    EXPECT_TRUE(r.status() != 400 && r.status() != 0 && r.status() < 500) << r.line() << "\n" << text;
    for (const std::string& a : r.answers) EXPECT_EQ(unsound(a, false), "") << a;
    for (const std::string& q : r.requests) EXPECT_EQ(unsound(q, false), "") << q;
    if (HasFailure()) break;
    if (seed % 50 == 0) server.pass(seconds(70));
  }
  EXPECT_TRUE(server.serves());
  server.pass(seconds(600));
  EXPECT_EQ(server.leftovers(), 0u);
}

// Whatever else is in them; a Contact of ours is needed for a call (RFC 3261 §8.1.1.8).
std::string known_request(Grammar& g, std::string_view method) {
  const bool calls = method != "REGISTER";
  const std::string contact = calls ? "Contact: <sip:1001@127.0.0.1:17060>\r\n" : g.line(HeaderId::contact);
  return g.known_request(method, contact + random_lines(g, 6, false));
}

// What is well-formed may be refused for what it says, but no good SIP leads to bad: neither to
// answers nor to calls.
TEST(Grammar, KnownPhonesAreServedWhateverTheirHeaders) {
  Server server(false);
  int seen[7] = {};
  size_t calls = 0;
  for (uint64_t seed = 0; seed < 4000 && !HasFailure(); seed++) {
    Grammar g(seed + 2000000);
    const char* const methods[] = {"REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE", "MESSAGE"};
    const std::string text = known_request(g, methods[seed % 5]);
    const Reply r = server.send(text, Way::udp);
    SCOPED_TRACE(r.line() + "\n" + text);
    // RFC 3323 §5.1: privacy for the session that is critical cannot be had here, and the answer to that is 500.
    const bool critical = r.status() == 500 && text.find("critical") != std::string::npos;
    EXPECT_TRUE((r.status() != 0 && r.status() < 500) || critical);
    if (r.status() == 400) {
      EXPECT_NE(r.answers.back().find("Warning: 399"), std::string::npos);  // says why
    }
    seen[r.status() / 100]++;
    calls += r.requests.size();
    for (const std::string& a : r.answers) EXPECT_EQ(unsound(a, false), "") << a;
    for (const std::string& q : r.requests) EXPECT_EQ(unsound(q, false), "") << q;
    if (seed % 20 == 0) server.pass(seconds(70));
    EXPECT_TRUE(seed % 100 != 0 || server.serves());
  }
  EXPECT_GT(seen[2], 200);
  EXPECT_GT(calls, 200u);
  server.pass(seconds(4000));
  EXPECT_EQ(server.leftovers(), 0u);
}

}  // namespace
}  // namespace carillon::torture
