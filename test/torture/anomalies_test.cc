// No anomaly stops the server: each is answered or dropped at once, and a good request after it is
// served.
#include "anomalies.h"

#include <gtest/gtest.h>

#include <map>

#include "server.h"
#include "sip/message/message.h"

namespace carillon::torture {
namespace {

bool may_be_answered(const std::string& text) { return !text.starts_with("ACK ") && !text.starts_with("SIP/2.0 "); }

// Is the datagram one that a strict reader takes?
bool is_good(std::string text) {
  sip::Message m;
  if (m.parse(text, sip::Framing::datagram).kind != sip::ParseFault::Kind::none) return false;
  return check_headers(m).kind == sip::ParseFault::Kind::none;
}

void expect_sound(const Reply& r) {
  for (const std::string& a : r.answers) {
    EXPECT_EQ(unsound(a, a.starts_with("SIP/2.0 4") || a.starts_with("SIP/2.0 505")), "") << a;
  }
  for (const std::string& q : r.requests) EXPECT_EQ(unsound(q, false), "") << q;
}

// Every `step`-th case, beginning with `first`. Returns how often each status was answered (0:
// nothing), and under 1 how often a phone was called.
std::map<int, size_t> run(bool digest, size_t first, size_t step) {
  Server server(digest);
  std::map<int, size_t> seen;
  for (size_t i = first; i < anomalous_count(); i += step) {
    const Anomalous c = anomalous(i);
    SCOPED_TRACE(c.name);
    const Reply r = server.send(c.text, i / step % 4 == 3 ? Way::tcp : Way::udp);
    seen[r.status()]++;
    for (const std::string& q : r.requests) seen[1] += q.starts_with("INVITE ");
    EXPECT_LT(r.took, seconds(1));
    EXPECT_LE(r.answers.size(), 2u);
    if (!may_be_answered(c.text)) {
      EXPECT_EQ(r.line(), "nothing");
    } else if (is_good(c.text)) {
      EXPECT_NE(r.status(), 0);
    }
    expect_sound(r);
    if (i / step % 50 == 0) expect_sound(server.pass(seconds(70)));
    EXPECT_TRUE(server.serves());
    if (testing::Test::HasFailure()) return seen;  // one is enough to read
  }
  expect_sound(server.pass(seconds(600)));
  EXPECT_EQ(server.leftovers(), 0u);
  return seen;
}

TEST(Anomalies, ThereAreManyAndTheyDiffer) {
  EXPECT_GE(anomalous_count(), 45270u);
  EXPECT_EQ(anomalous(17).text, anomalous(17).text);
  EXPECT_NE(anomalous(17).text, anomalous(18).text);
}

TEST(Anomalies, NoneStopsTheServer) {
  auto seen = run(false, 0, 1);
  // They get to every part of the server: calls are made, phones registered, requests refused.
  for (const int status : {0, 1, 100, 200, 400, 401, 404, 405, 416, 420, 481, 505}) {
    EXPECT_GT(seen[status], 5u) << status;
  }
}

TEST(Anomalies, NoneStopsTheServerThatAsksForDigests) {
  auto seen = run(true, 2, 5);
  for (const int status : {0, 400, 401, 481}) EXPECT_GT(seen[status], 5u) << status;
}

}  // namespace
}  // namespace carillon::torture
