// Matching, screening and answering, beside the machines.

#include "sip/stack.h"

#include <gtest/gtest.h>

#include "sip/route_key.h"
#include "sip/stack_fixture.h"

namespace carillon::sip {
namespace {

constexpr const char* kCookie = "SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bK";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string tag_of(const std::string& response) { return std::string(Parsed(response).message.to_tag()); }

TEST(StackServer, RFC3581_4_ResponseCarriesReceivedAndRport) {
  StackFixture f;
  const TxnId txn = f.accepted({.method = "OPTIONS"}, udp_flow("203.0.113.9:7777"));
  f.respond(txn, {.status = 200});
  EXPECT_TRUE(
      has(f.sent(), "Via: SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bKone;received=203.0.113.9;rport=7777\r\n"));
  EXPECT_EQ(f.out.transmit[0].flow.remote, *Address::parse("203.0.113.9:7777"));
}

TEST(StackServer, RFC3261_18_2_2_WithoutRportTheSentByPortIsUsed) {
  StackFixture f;
  for (const auto& [via, port] : {std::pair("SIP/2.0/UDP pbx.example:5066;branch=z9hG4bKa", 5066),
                                  std::pair("SIP/2.0/UDP pbx.example;branch=z9hG4bKb;maddr=192.0.2.200", 5060)}) {
    const TxnId txn =
        f.accepted({.method = "OPTIONS", .via = via, .call_id = std::to_string(port)}, udp_flow("203.0.113.9:7777"));
    f.respond(txn, {.status = 200});
    EXPECT_EQ(f.out.transmit[0].flow.remote.text(), "203.0.113.9:" + std::to_string(port));
  }
}

TEST(StackServer, ClaimedReceivedAndRportAreReplaced) {
  StackFixture f;
  const std::string via = std::string(kCookie) + "q;received=10.0.0.1;x=\"a;rport=1\";rport=99";
  const TxnId txn = f.accepted({.method = "OPTIONS", .via = via}, udp_flow());
  f.respond(txn, {.status = 200});
  EXPECT_TRUE(has(f.sent(), "branch=z9hG4bKq;x=\"a;rport=1\";received=198.51.100.7;rport=5062\r\n")) << f.sent();
}

TEST(StackServer, RFC3261_8_2_6_2_ViasKeepTheirOrderAndTheFiveAreCopied) {
  StackFixture f;
  RequestText r{.via = std::string(kCookie) + "t;rport, SIP/2.0/TCP second;branch=z9hG4bK2"};
  r.more_vias = "v: SIP/2.0/UDP third;branch=z9hG4bK3\r\n";
  r.headers += "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nTimestamp: 54\r\nRecord-Route: <sip:p3;lr>\r\n";
  const TxnId txn = f.accepted(r, udp_flow());
  f.respond(txn, {.status = 100});
  EXPECT_TRUE(has(f.sent(), "Timestamp: 54\r\n"));
  EXPECT_FALSE(has(f.sent(), "Record-Route"));
  EXPECT_EQ(tag_of(f.sent()), "");
  f.respond(txn, {.status = 180, .to_tag = "mine", .headers = "Contact: <sip:me@192.0.2.1>\r\n"});
  const std::string ringing = f.sent();
  EXPECT_TRUE(
      has(ringing, ";rport=5062, SIP/2.0/TCP second;branch=z9hG4bK2\r\nVia: SIP/2.0/UDP third;branch=z9hG4bK3\r\n"));
  EXPECT_TRUE(has(ringing,
                  "To: <sip:1002@example.com>;tag=mine\r\nCall-ID: call-1\r\nCSeq: 1 INVITE\r\n"
                  "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nRecord-Route: <sip:p3;lr>\r\nContact:"));
  EXPECT_FALSE(has(ringing, "Timestamp"));
  f.respond(txn, {.status = 404, .reason = "No Such Line"});
  EXPECT_EQ(f.start_line(), "SIP/2.0 404 No Such Line");
  EXPECT_FALSE(has(f.sent(), "Record-Route"));
}

TEST(StackServer, RetransmissionIsAnsweredWithoutTheUser) {
  StackFixture f;
  const RequestText r{.method = "REGISTER"};
  const TxnId txn = f.accepted(r, udp_flow());
  f.receive(r, udp_flow());  // RFC 3261 §17.2.2: nothing yet
  EXPECT_TRUE(f.out.events.empty() && f.out.transmit.empty());
  f.respond(txn, {.status = 200, .body = "x"});
  const std::string first = f.sent();
  f.receive(r, udp_flow());
  EXPECT_TRUE(f.out.events.empty());
  EXPECT_EQ(f.sent(), first);
  EXPECT_EQ(f.stack.counters().received_retransmissions, 2u);
  f.respond(txn, {.status = 500});  // a second final response is none
  EXPECT_TRUE(f.out.transmit.empty());
}

TEST(StackServer, RetransmissionFromAnotherPortOfTheSameHostIsAnsweredThere) {
  StackFixture f;
  const RequestText r{.method = "PUBLISH"};
  const TxnId txn = f.accepted(r, udp_flow());
  f.respond(txn, {.status = 200});
  Flow moved = udp_flow();
  moved.remote.port = 40001;  // its NAT has forgotten the first
  f.receive(r, moved);
  EXPECT_EQ(f.out.transmit.at(0).flow.remote, moved.remote);
  Flow stranger = moved;
  stranger.remote = *Address::parse("203.0.113.66:40001");
  f.receive(r, stranger);
  EXPECT_EQ(f.out.transmit.at(0).flow.remote, moved.remote);
}

TEST(StackServer, RFC3261_17_2_3_BranchSentByAndMethodMakeTheTransaction) {
  StackFixture f;
  const RequestText r{.method = "OPTIONS"};
  f.accepted(r, udp_flow());
  for (RequestText other :
       {RequestText{.method = "INFO"}, RequestText{.method = "OPTIONS", .via = std::string(kCookie) + "two;rport"},
        RequestText{.method = "OPTIONS", .via = "SIP/2.0/UDP other:5062;branch=z9hG4bKone"},
        RequestText{.method = "OPTIONS", .via = "SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKone"}}) {
    other.call_id = "another";
    f.receive(other, udp_flow());
    EXPECT_EQ(f.count(EventKind::request), 1u) << other.method << other.via;
  }
}

TEST(StackServer, RFC2543_PeersWithoutTheCookieMatchByTheirFields) {
  StackFixture f;
  const RequestText r{.via = "SIP/2.0/UDP 198.51.100.7:5062;branch=1"};
  const TxnId txn = f.accepted(r, udp_flow());
  f.receive(r, udp_flow());
  EXPECT_TRUE(f.out.events.empty());
  f.respond(txn, {.status = 486});
  RequestText ack = r;
  ack.method = "ACK", ack.to_tag = tag_of(f.sent());
  f.receive(ack, udp_flow());
  EXPECT_TRUE(f.out.events.empty());
  f.pass(milliseconds(5100));  // Timer I
  EXPECT_EQ(f.stack.transactions(), 0u);
  RequestText next = r;
  next.cseq = 2, next.call_id = "call-2";
  f.receive(next, udp_flow());
  EXPECT_EQ(f.count(EventKind::request), 1u);
}

TEST(StackServer, RFC3261_8_2_2_2_MergedRequest) {
  StackFixture f;
  f.accepted({}, udp_flow());
  f.receive({.via = std::string(kCookie) + "other;rport"}, udp_flow("198.51.100.8:5060"));
  EXPECT_EQ(f.start_line(), "SIP/2.0 482 Merged Request");
  EXPECT_TRUE(f.out.events.empty());
  EXPECT_EQ(f.stack.counters().merged, 1u);
}

TEST(StackServer, Screening) {
  struct Case {
    RequestText request;
    const char* answer;
  };
  const std::string none = "Max-Forwards: 0\r\n";
  const std::string require = "Max-Forwards: 9\r\nRequire: 100rel, frobnicate\r\nRequire: x\r\n";
  for (const Case& c : {Case{{.headers = none}, "SIP/2.0 483"}, Case{{.method = "OPTIONS", .headers = none}, ""},
                        Case{{.method = "REGISTER", .headers = none}, ""}, Case{{.method = "BYE", .headers = none}, ""},
                        Case{{.uri = "http://example.com/"}, "SIP/2.0 416"}, Case{{.uri = "tel:+15551234"}, ""},
                        Case{{.headers = require}, "SIP/2.0 420"},
                        Case{{.headers = "Require: 100rel, timer, path, outbound\r\n"}, ""}}) {
    StackFixture f;
    f.receive(c.request, udp_flow());
    EXPECT_EQ(f.start_line().substr(0, 11), c.answer) << c.request.text();
    EXPECT_EQ(f.out.events.size(), *c.answer == 0 ? 1u : 0u);
    EXPECT_EQ(f.stack.transactions(), 0u);
    EXPECT_EQ(has(f.sent(), "Unsupported: frobnicate, x\r\n"), has(c.request.headers, "frob"));
  }
}

TEST(StackServer, RFC3261_8_2_7_StatelessAnswersRepeatTheirTag) {
  StackFixture f;
  const RequestText r{.headers = "Max-Forwards: 0\r\n"};
  f.receive(r, udp_flow());
  const std::string first = f.sent();
  f.receive(r, udp_flow());
  EXPECT_EQ(f.sent(), first);
  RequestText ack = r;
  ack.method = "ACK", ack.to_tag = tag_of(first);
  f.receive(ack, udp_flow());  // its ACK goes no further
  EXPECT_TRUE(f.out.events.empty() && f.out.transmit.empty());
  ack.to_tag = "of-somebody";
  f.receive(ack, udp_flow());
  EXPECT_EQ(f.count(EventKind::ack), 1u);
}

TEST(StackServer, RFC3261_9_2_CancelWithoutTransaction) {
  StackFixture f;
  f.receive({.method = "CANCEL"}, udp_flow());
  EXPECT_EQ(f.start_line(), "SIP/2.0 481 Call/Transaction Does Not Exist");
  f.accepted({}, udp_flow());
  f.receive({.method = "CANCEL"}, udp_flow("203.0.113.66:5062"));  // another host may not cancel
  EXPECT_EQ(f.start_line().substr(0, 11), "SIP/2.0 481");
  EXPECT_TRUE(f.out.events.empty());
}

TEST(StackServer, RFC3261_9_2_CancelIsReportedOnceAndAnsweredAlways) {
  StackFixture f;
  const TxnId txn = f.accepted({}, udp_flow());
  for (int i = 0; i < 3; i++) {
    f.receive({.method = "CANCEL"}, udp_flow());
    EXPECT_EQ(f.start_line(), "SIP/2.0 200 OK");
    EXPECT_EQ(f.count(EventKind::cancelled), i == 0 ? 1u : 0u);
  }
  const std::string tag = tag_of(f.sent());
  f.respond(txn, {.status = 487});
  EXPECT_EQ(tag_of(f.sent()), tag);
  f.receive({.method = "CANCEL"}, udp_flow());
  EXPECT_EQ(f.start_line(), "SIP/2.0 200 OK");
  EXPECT_TRUE(f.out.events.empty());
}

TEST(StackServer, RFC3261_9_2_ACancelRepeatedAfterItsInviteHasEndedIsAnsweredAlike) {
  StackFixture f;
  const TxnId txn = f.accepted({}, udp_flow());
  f.receive({.method = "CANCEL"}, udp_flow());
  const std::string first = f.sent();
  f.respond(txn, {.status = 487});
  f.receive({.method = "ACK", .to_tag = tag_of(first)}, udp_flow());
  f.pass(seconds(25));
  EXPECT_EQ(f.stack.transactions(), 1u);
  f.receive({.method = "CANCEL"}, udp_flow());
  EXPECT_EQ(f.sent(), first);
  EXPECT_TRUE(f.out.events.empty());
  f.pass(seconds(8));
  EXPECT_EQ(f.stack.transactions(), 0u);
  f.receive({.method = "CANCEL"}, udp_flow());
  EXPECT_EQ(f.start_line().substr(0, 11), "SIP/2.0 481");
}

TEST(StackServer, RFC3261_13_3_1_4_SuccessIsResentUntilAckedEvenOverTcp) {
  StackFixture f;
  const RequestText r{.via = "SIP/2.0/TCP 198.51.100.7:5062;branch=z9hG4bKtcp"};
  const TxnId txn = f.accepted(r, tcp_flow(3));
  f.respond(txn, {.status = 200, .to_tag = "mine"});
  f.pass(milliseconds(3600));  // at 0.5, 1.5 and 3.5 s
  EXPECT_EQ(f.out.transmit.size(), 3u);
  RequestText ack = r;
  ack.method = "ACK", ack.via = "SIP/2.0/TCP 198.51.100.7:5062;branch=z9hG4bKnew", ack.to_tag = "mine";
  f.receive(ack, tcp_flow(3));
  ASSERT_EQ(f.count(EventKind::ack), 1u);
  EXPECT_EQ(f.out.events[0].txn, txn);
  f.stack.acked(txn);
  f.pass(seconds(40));
  EXPECT_TRUE(f.out.transmit.empty() && f.out.events.empty());
  EXPECT_EQ(f.stack.transactions(), 0u);
}

TEST(StackServer, RFC3262_3_ReliableProvisionalUntilPracked) {
  StackFixture f;
  const TxnId txn = f.accepted({}, udp_flow());
  f.respond(txn, {.status = 183, .headers = "RSeq: 1\r\n"}, 1);
  f.pass(milliseconds(1600));
  EXPECT_EQ(f.out.transmit.size(), 2u);
  f.stack.pracked(txn);
  f.pass(seconds(100));
  EXPECT_TRUE(f.out.transmit.empty() && f.out.events.empty());
  f.respond(txn, {.status = 200});
  EXPECT_EQ(f.out.transmit.size(), 1u);
}

TEST(StackServer, RFC3261_18_2_2_AnswerFindsAnotherConnection) {
  StackFixture f;
  const RequestText r{.method = "OPTIONS", .via = "SIP/2.0/TCP 198.51.100.7:5070;branch=z9hG4bKtcp"};
  const TxnId txn = f.accepted(r, tcp_flow(3));
  f.stack.lost(f.now, 3, f.out);
  f.respond(txn, {.status = 200});
  EXPECT_EQ(f.out.transmit[0].flow.connection, 0u);
  EXPECT_EQ(f.out.transmit[0].flow.remote.text(), "198.51.100.7:5070");
  EXPECT_EQ(f.stack.transactions(), 0u);  // Timer J is zero over TCP
}

TEST(StackServer, FaultsAreAnsweredButNotForAck) {
  StackFixture f;
  const ParseFault fault{ParseFault::Kind::bad, 400, "Bad Contact", true};
  for (const char* method : {"INVITE", "ACK"}) {
    const Parsed p(RequestText{.method = method}.text());
    f.out.clear();
    f.stack.refuse(udp_flow(), p.message, fault, f.out);
    EXPECT_EQ(f.start_line(), *method == 'A' ? "" : "SIP/2.0 400 Bad Contact");
  }
}

TEST(StackClient, RFC3261_17_1_3_OnlyTheAnswerToOurBranchAndMethodMatches) {
  StackFixture f;
  const TxnId txn = f.request("OPTIONS", udp_flow());
  const std::string sent = f.sent();
  EXPECT_TRUE(has(sent, "OPTIONS sip:1002@198.51.100.7 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK00"));
  EXPECT_TRUE(has(sent, ";rport\r\nMax-Forwards: 70\r\n"));
  std::string text = answer_text(Parsed(sent).message, 200, "x");
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string s = text;
    return s.replace(s.find(from), from.size(), to);
  };
  const size_t branch = text.find("z9hG4bK");
  const std::string wrong_random = text.substr(branch + 20, 3);
  f.receive_text(changed(wrong_random, wrong_random == "000" ? "111" : "000"), udp_flow());
  EXPECT_TRUE(f.out.events.empty());
  f.receive_text(changed("5 OPTIONS", "5 INFO"), udp_flow());
  EXPECT_TRUE(f.out.events.empty());
  f.receive_text(changed("From:", "Via: SIP/2.0/UDP 9.9.9.9;branch=z9hG4bKx\r\nFrom:"),
                 udp_flow());  // RFC 3261 §8.1.3.3
  EXPECT_TRUE(f.out.events.empty());
  EXPECT_EQ(f.stack.counters().stray_responses, 3u);
  f.receive_text(text, udp_flow());
  ASSERT_EQ(f.count(EventKind::response), 1u);
  EXPECT_EQ(f.out.events[0].txn, txn);
  EXPECT_EQ(f.out.events[0].user, 7u);
  f.pass(seconds(6));
  f.receive_text(text, udp_flow());  // the transaction is gone, and its place may be taken by another
  EXPECT_TRUE(f.out.events.empty());
}

TEST(StackClient, RFC3261_17_1_1_3_AckToFailure) {
  StackFixture f;
  f.request("INVITE", udp_flow());
  const std::string invite = f.sent();
  f.answer(invite, 486, udp_flow(), "theirs");
  const Parsed ack(f.sent()), original(invite);
  EXPECT_EQ(ack.message.method(), Method::ack);
  EXPECT_EQ(ack.message.top_via().text, original.message.top_via().text);
  EXPECT_EQ(ack.message.to_tag(), "theirs");
  EXPECT_EQ(ack.message.value(HeaderId::cseq), "5 ACK");
  EXPECT_EQ(ack.message.value(HeaderId::route), original.message.value(HeaderId::route));
  EXPECT_EQ(ack.message.request_uri(), original.message.request_uri());
  EXPECT_EQ(ack.message.from_tag(), "ours");
}

TEST(StackClient, RFC3261_9_1_CancelWaitsForAProvisional) {
  StackFixture f;
  const TxnId txn = f.request("INVITE", udp_flow());
  const std::string invite = f.sent();
  f.out.clear();
  f.stack.cancel(f.now, txn, "Reason: SIP;cause=200\r\n", f.out);
  EXPECT_TRUE(f.out.transmit.empty());
  f.answer(invite, 180, udp_flow());
  ASSERT_EQ(f.out.transmit.size(), 1u);
  const std::string cancel = f.sent();
  const Parsed parsed(cancel);
  EXPECT_EQ(parsed.message.method(), Method::cancel);
  EXPECT_EQ(parsed.message.value(HeaderId::reason), "SIP;cause=200");
  EXPECT_EQ(parsed.message.top_via().text, Parsed(invite).message.top_via().text);
  EXPECT_EQ(parsed.message.to_tag(), "");
  f.stack.cancel(f.now, txn, {}, f.out);  // once is enough
  EXPECT_EQ(f.out.transmit.size(), 1u);
  f.answer(cancel, 200, udp_flow());
  EXPECT_TRUE(f.out.events.empty());
  f.answer(invite, 487, udp_flow());
  EXPECT_EQ(f.count(EventKind::response), 1u);
  EXPECT_EQ(f.start_line().substr(0, 4), "ACK ");
  f.pass(seconds(33));
  EXPECT_EQ(f.stack.transactions(), 0u);
}

TEST(StackClient, RFC3261_9_1_ACancelThatWaitedIsGuardedToo) {
  StackFixture f;
  const TxnId txn = f.request("INVITE", udp_flow());
  const std::string invite = f.sent();
  f.stack.cancel(f.now, txn, {}, f.out);
  f.answer(invite, 180, udp_flow());
  f.answer(invite, 183, udp_flow());
  EXPECT_TRUE(f.out.transmit.empty());
  f.pass(milliseconds(32100));
  EXPECT_EQ(f.count(EventKind::timeout), 1u);
  EXPECT_EQ(f.stack.transactions(), 0u);
}

TEST(StackClient, RFC3261_9_1_NoCancelAfterAFinalResponse) {
  StackFixture f;
  const TxnId txn = f.request("INVITE", udp_flow());
  const std::string invite = f.sent();
  f.stack.cancel(f.now, txn, {}, f.out);
  f.answer(invite, 200, udp_flow());
  f.answer(invite, 180, udp_flow());  // overtaken by the 200
  EXPECT_TRUE(f.out.transmit.empty() && f.out.events.empty());
}

TEST(StackClient, RFC3261_17_1_1_2_IntervalsDouble) {
  StackFixture f;
  f.request("INVITE", udp_flow());
  f.pass(seconds(33));
  EXPECT_EQ(f.out.transmit.size(), 6u);  // at 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s: seven INVITEs in all
  f.request("OPTIONS", udp_flow());
  f.pass(seconds(33));
  EXPECT_EQ(f.out.transmit.size(), 10u);  // RFC 3261 §17.1.2.2: eleven requests in all
}

TEST(StackClient, OverTcpNothingIsResent) {
  StackFixture f;
  const TxnId txn = f.request("INVITE", tcp_flow(5));
  EXPECT_FALSE(has(f.sent(), "rport"));
  f.pass(seconds(31));
  EXPECT_TRUE(f.out.transmit.empty());
  f.stack.lost(f.now, 5, f.out);
  ASSERT_EQ(f.count(EventKind::unreachable), 1u);
  EXPECT_EQ(f.out.events[0].txn, txn);
  EXPECT_EQ(f.stack.transactions(), 0u);
}

// The connection is gone before an answer, or it never was there: once more, by a new one.
TEST(StackClient, RFC3261_18_1_1_GoesOverANewConnection) {
  for (const bool lost : {true, false}) {
    StackFixture f;
    const TxnId txn = f.request("INVITE", Target{.flow = tcp_flow(5), .reconnect_port = 5070});
    const std::string invite = f.sent();
    f.out.clear();
    lost ? f.stack.lost(f.now, 5, f.out) : f.stack.unsent(f.now, tcp_flow(5), f.out);
    ASSERT_EQ(f.out.transmit.size(), 1u);
    EXPECT_TRUE(f.out.events.empty());
    EXPECT_EQ(f.sent(), invite);  // the peer may have had it: a repetition
    const Flow anew = f.out.transmit[0].flow;
    EXPECT_EQ(anew, tcp_flow(0, "198.51.100.7:5070"));
    f.answer(invite, 180, tcp_flow(12, "198.51.100.7:5070"));
    EXPECT_EQ(f.stack.flow_of(txn).connection, 12u);
    EXPECT_EQ(f.count(EventKind::response), 1u);
  }
}

TEST(StackClient, ANewConnectionIsTriedOnce) {
  StackFixture f;
  f.request("OPTIONS", Target{.flow = tcp_flow(5), .reconnect_port = 5070});
  f.stack.lost(f.now, 5, f.out);
  f.out.clear();
  f.stack.unsent(f.now, tcp_flow(0, "198.51.100.7:5070"), f.out);
  EXPECT_EQ(f.count(EventKind::unreachable), 1u);
  EXPECT_TRUE(f.out.transmit.empty());
  EXPECT_EQ(f.stack.transactions(), 0u);
}

// What has been answered provisionally is not asked again: the peer has it, and answers by a new connection; and by one
// it is told that nobody waits any more.
TEST(StackClient, RFC3261_18_2_2_WhoRingsAnswersOverANewConnection) {
  for (const bool cancels : {false, true}) {
    StackFixture f;
    const TxnId txn = f.request("INVITE", Target{.flow = tcp_flow(5), .reconnect_port = 5070});
    const std::string invite = f.sent();
    f.answer(invite, 180, tcp_flow(5));
    f.out.clear();
    f.stack.lost(f.now, 5, f.out);
    EXPECT_TRUE(f.out.transmit.empty());
    EXPECT_TRUE(f.out.events.empty());
    if (cancels) {
      f.stack.cancel(f.now, txn, {}, f.out);
      ASSERT_EQ(f.start_line().substr(0, 7), "CANCEL ");
      EXPECT_EQ(f.out.transmit[0].flow, tcp_flow(0, "198.51.100.7:5070"));
    }
    f.answer(invite, cancels ? 487 : 200, tcp_flow(13, "198.51.100.7:40007"));
    EXPECT_EQ(f.count(EventKind::response), 1u);
    if (!cancels) {
      EXPECT_EQ(f.stack.flow_of(txn).connection, 13u);
    }
  }
}

// Where nobody can be reached anew the ringing is over.
TEST(StackClient, WhoCannotBeReachedAnewRingsNoMore) {
  StackFixture f;
  f.request("INVITE", tcp_flow(5));
  f.answer(f.sent(), 180, tcp_flow(5));
  f.stack.lost(f.now, 5, f.out);
  EXPECT_EQ(f.count(EventKind::unreachable), 1u);
}

TEST(StackClient, AnswerTellsTheConnection) {
  StackFixture f;
  const TxnId txn = f.request("INVITE", tcp_flow(0, "198.51.100.7:5060"));
  const std::string invite = f.sent();
  f.answer(invite, 180, tcp_flow(12, "198.51.100.7:5060"));
  EXPECT_EQ(f.stack.flow_of(txn).connection, 12u);
  f.stack.lost(f.now, 12, f.out);
  EXPECT_EQ(f.count(EventKind::unreachable), 1u);
}

TEST(StackClient, RFC3261_13_2_2_4_AckToSuccessHasABranchOfItsOwn) {
  StackFixture f;
  const auto transmit = f.stack.ack({.method = "ACK", .request_uri = "sip:a@b", .target = {.flow = udp_flow()}});
  const auto again = f.stack.ack({.method = "ACK", .request_uri = "sip:a@b", .target = {.flow = udp_flow()}});
  EXPECT_EQ(transmit.flow, udp_flow());
  EXPECT_EQ(transmit.packet.view().substr(0, 18), "ACK sip:a@b SIP/2.");
  EXPECT_NE(transmit.packet.view(), again.packet.view());
  EXPECT_EQ(f.stack.transactions(), 0u);
}

TEST(StackHost, AdvertisedAddressIsShown) {
  StackOptions o = plain_options();
  o.listeners[0].host = "pbx.example.com", o.listeners[0].port = 5099;
  EXPECT_EQ(shown_host(o, udp_flow()), "pbx.example.com:5099");
  EXPECT_EQ(shown_host(o, tcp_flow(1)), "192.0.2.1");
  StackFixture f(o);
  f.request("OPTIONS", udp_flow());
  EXPECT_TRUE(has(f.sent(), "Via: SIP/2.0/UDP pbx.example.com:5099;branch="));
}

TEST(StackMint, TagsAndCallIdsAreOurs) {
  StackOptions o = plain_options();
  o.shard = 2, o.shards = 3;
  StackFixture f(o);
  const auto tag = parse_tag(f.stack.mint_tag(0x1234));
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->shard, 2);
  EXPECT_EQ(tag->owner, 0x1234u);
  EXPECT_EQ(shard_of_call_id(f.stack.mint_call_id(), 3), 2u);
}

}  // namespace
}  // namespace carillon::sip
