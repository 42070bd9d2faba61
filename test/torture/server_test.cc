// Every case of the table sent to a server, as a datagram and over a connection.
#include "server_test.h"

#include <gtest/gtest.h>

#include "server.h"
#include "sip/message/message.h"
#include "torture.h"

namespace carillon::torture {
namespace {

bool is_response(const Case& c) { return c.text.starts_with("SIP/"); }

// Does the framing of a stream see in `c` what a datagram shows: one message, all of it?
bool framed_alike(const Case& c) {
  std::string text = c.text;
  sip::Message m;
  const auto fault = m.parse(text, sip::Framing::stream);
  return fault.kind == sip::ParseFault::Kind::none || c.verdict == Verdict::accept
             ? fault.kind == sip::ParseFault::Kind::none && m.bytes().size() == c.text.size()
             : fault.reason.find("Length") == std::string::npos;
}

// `known`: it came from where a phone has registered, and no digest is wanted.
void expect_verdict(const Case& c, const Reply& r, bool known) {
  if (is_response(c) || c.verdict == Verdict::drop) {
    EXPECT_EQ(r.line(), "nothing");
    return;
  }
  ASSERT_FALSE(r.answers.empty());
  if (c.verdict == Verdict::bad) {
    EXPECT_EQ(r.answers.size(), 1u);
    EXPECT_EQ(r.status(), c.status) << r.line();
  } else if (!c.server.empty()) {
    // Whoever has not said who they are learns nothing else, but for what no identity would change.
    const bool decided = c.server == "416" || c.server == "420";
    const bool challenged = !decided && !known && (r.status() == 401 || r.status() == 407);
    EXPECT_TRUE(std::to_string(r.status()) == c.server || challenged) << r.line() << " for " << c.server;
  } else {
    EXPECT_TRUE(r.status() != 400 && r.status() < 500) << r.line();
  }
}

void expect_sound(const Case& c, const Reply& r) {
  for (const std::string& a : r.answers) EXPECT_EQ(unsound(a, c.verdict == Verdict::bad), "") << a;
  for (const std::string& q : r.requests) EXPECT_EQ(unsound(q, false), "") << q;
}

class TortureServer : public testing::TestWithParam<bool> {};

TEST_P(TortureServer, EveryCaseIsAnsweredAsItShould) {
  Server server(GetParam());
  for (const Case& c : all_cases()) {
    for (const Way way : {Way::udp, Way::tcp}) {
      SCOPED_TRACE(c.section + " " + c.name + (way == Way::udp ? ", UDP" : ", TCP"));
      const Reply r = server.send(c.text, way);
      if (way == Way::udp || framed_alike(c)) expect_verdict(c, r, way == Way::udp && !GetParam());
      expect_sound(c, r);
      EXPECT_LT(r.took, milliseconds(100));
      expect_sound(c, server.pass(seconds(70)));  // longer than Timer H and B
      EXPECT_TRUE(server.serves());
    }
  }
  server.pass(seconds(600));
  EXPECT_EQ(server.leftovers(), 0u);
}

TEST_P(TortureServer, AnAckIsNeverAnswered) {
  Server server(GetParam());
  for (Case& c : all_cases()) {
    if (is_response(c)) continue;
    const std::string method = c.text.substr(0, c.text.find(' '));
    std::string text = "ACK" + c.text.substr(method.size());
    if (const size_t at = text.find(" " + method + "\r\n"); at != text.npos) text.replace(at + 1, method.size(), "ACK");
    for (const Way way : {Way::udp, Way::tcp}) {
      SCOPED_TRACE(c.section + " " + c.name);
      // A second message behind the ACK has its own answer.
      if (way == Way::tcp && !framed_alike(c)) continue;
      EXPECT_EQ(server.send(text, way).line(), "nothing");
    }
  }
  EXPECT_TRUE(server.serves());
}

INSTANTIATE_TEST_SUITE_P(Digest, TortureServer, testing::Bool());

}  // namespace
}  // namespace carillon::torture

// With folders as arguments, the messages in them are sent instead (folder.cc).
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc > 1) return carillon::torture::run_folders(argc - 1, argv + 1);
  return RUN_ALL_TESTS();
}
