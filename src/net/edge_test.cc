#include "net/edge.h"

#include <gtest/gtest.h>

#include "net/net_test_kit.h"

namespace carillon::net {
namespace {

TEST(Edge, MessagesComeWholeHoweverTheyAreCut) {
  Rig rig;
  const std::string stream = request("1", "body") + request("2") + "\r\n" + request("3", std::string(500, 'x'));
  for (const size_t step : {size_t{1}, size_t{7}, stream.size()}) {
    rig.events.messages.clear();
    Client client(rig.tcp);
    ASSERT_TRUE(client.connected());
    for (size_t at = 0; at < stream.size(); at += step)
      ASSERT_TRUE(client.send(std::string_view(stream).substr(at, step)));
    ASSERT_TRUE(rig.events.wait([&] { return rig.events.messages.size() == 3; })) << step;
    EXPECT_EQ(rig.events.messages[0].bytes, request("1", "body"));
    EXPECT_EQ(rig.events.messages[2].bytes, request("3", std::string(500, 'x')));
    const sip::Flow& flow = rig.events.messages[0].flow;
    EXPECT_EQ(flow.transport, sip::Transport::tcp);
    EXPECT_EQ(flow.listener, 1);
    EXPECT_EQ(flow.local, rig.tcp);
    EXPECT_EQ(flow.remote, client.local());
    EXPECT_NE(flow.connection, 0u);
  }
}

TEST(Edge, AnswersGoBackOverTcpAndTls) {
  Rig rig;
  for (const bool tls : {false, true}) {
    rig.events.messages.clear();
    Client client(tls ? rig.tls : rig.tcp, tls);
    ASSERT_TRUE(client.connected());
    ASSERT_TRUE(client.send(request("1")));
    ASSERT_TRUE(rig.events.wait([&] { return rig.events.messages.size() == 1; }));
    EXPECT_TRUE(rig.edge->send(rig.events.messages[0].flow, "answer"));
    EXPECT_EQ(client.receive(), "answer");
    rig.edge->close(rig.events.messages[0].flow.connection);
    EXPECT_EQ(client.receive(), "<closed>");
  }
}

TEST(Edge, PingsArePonged) {
  Rig rig;
  Client client(rig.tcp);
  ASSERT_TRUE(client.send("\r\n\r\n"));
  EXPECT_EQ(client.receive(), "\r\n");
}

TEST(Edge, ASilentStrangerIsClosedAndAProvenOneStays) {
  EdgeLimits limits;
  limits.stranger = seconds(1);  // room for a busy machine to hear the proven one first
  Rig rig(limits);
  Client silent(rig.tcp), proven(rig.tcp), slow(rig.tls);  // the last never begins its handshake
  ASSERT_TRUE(proven.send(request("1")));
  ASSERT_TRUE(rig.events.wait([&] { return rig.events.messages.size() == 1; }));
  rig.edge->proven(rig.events.messages[0].flow.connection);
  EXPECT_EQ(silent.receive(), "<closed>");
  EXPECT_EQ(slow.receive(), "<closed>");
  EXPECT_EQ(proven.receive(400), "");
  EXPECT_EQ(rig.edge->counters().connections, 1u);
  EXPECT_EQ(rig.edge->counters().strangers, 0u);
  EXPECT_TRUE(rig.events.gone.empty());  // nobody had heard of them
}

TEST(Edge, AStrangerThatTricklesIsClosedAllTheSame) {
  EdgeLimits limits;
  limits.stranger = milliseconds(300);
  Rig rig(limits);
  Client client(rig.tcp);
  const std::string text = request("1");
  std::string got;
  for (size_t i = 0; i < 40 && got.empty(); i++) {
    client.send(text.substr(i, 1));
    got = client.receive(20);
  }
  EXPECT_EQ(got, "<closed>");
}

TEST(Edge, IdleConnectionsAreClosedAndTheirEndIsTold) {
  EdgeLimits limits;
  limits.idle = milliseconds(1500);
  Rig rig(limits);
  Client client(rig.tcp);
  ASSERT_TRUE(client.send(request("1")));
  ASSERT_TRUE(rig.events.wait([&] { return rig.events.messages.size() == 1; }));
  rig.edge->proven(rig.events.messages[0].flow.connection);
  for (int i = 0; i < 5; i++) {  // traffic keeps it alive
    EXPECT_EQ(client.receive(350), "");
    ASSERT_TRUE(client.send("\r\n\r\n"));
    EXPECT_EQ(client.receive(), "\r\n");
  }
  EXPECT_EQ(client.receive(), "<closed>");
  EXPECT_TRUE(rig.events.wait([&] { return rig.events.gone.size() == 1; }));
}

TEST(Edge, LimitsOfConnectionsHold) {
  EdgeLimits limits;
  limits.per_source = 3, limits.connections = 5;
  Rig rig(limits);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 5; i++) clients.push_back(std::make_unique<Client>(rig.tcp));
  EXPECT_EQ(clients[3]->receive(), "<closed>");
  EXPECT_EQ(clients[4]->receive(), "<closed>");
  clients[0].reset();
  for (int i = 0; i < 4000 && rig.edge->counters().connections > 2; i++)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  Client again(rig.tcp);
  ASSERT_TRUE(again.send("\r\n\r\n"));
  EXPECT_EQ(again.receive(), "\r\n");
}

TEST(Edge, WhatAStrangerMaySendIsBounded) {
  Rig rig;
  Client client(rig.tcp);
  client.send("OPTIONS sip:a@b SIP/2.0\r\nX: " + std::string(6000, 'x'));
  EXPECT_EQ(client.receive(), "<closed>");
}

TEST(Edge, ALieAboutTheLengthIsAnsweredAndTheConnectionClosed) {
  EdgeLimits limits;
  limits.linger = milliseconds(100);
  Rig rig(limits);
  Client client(rig.tcp);
  ASSERT_TRUE(client.send("OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"));
  ASSERT_TRUE(rig.events.wait([&] { return rig.events.messages.size() == 1; }));
  rig.edge->send(rig.events.messages[0].flow, "SIP/2.0 400");
  EXPECT_EQ(client.receive(), "SIP/2.0 400");
  EXPECT_EQ(client.receive(), "<closed>");
}

TEST(Edge, AReaderThatDoesNotReadIsDropped) {
  EdgeLimits limits;
  limits.write_queue = 100'000;
  Rig rig(limits);
  Client client(rig.tcp);
  ASSERT_TRUE(client.send(request("1")));
  ASSERT_TRUE(rig.events.wait([&] { return rig.events.messages.size() == 1; }));
  const sip::Flow flow = rig.events.messages[0].flow;
  rig.edge->proven(flow.connection);
  const std::string much(60'000, 'x');
  for (int i = 0; i < 2000 && rig.edge->counters().connections > 0; i++) {
    rig.edge->send(flow, much);
    if (i % 50 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(rig.events.wait([&] { return rig.events.gone.size() == 1; }));
  EXPECT_EQ(rig.edge->counters().overflowed, 1u);
}

TEST(Edge, ResetsAtAnyMomentLeaveNothing) {
  Rig rig;
  const std::string text = request("1", "body");
  for (size_t cut = 0; cut <= text.size(); cut += 9) {
    Client plain(rig.tcp), secure(rig.tls, true), half(rig.tls);
    plain.send(text.substr(0, cut)), secure.send(text.substr(0, cut + 1)), half.send(std::string("\x16\x03\x01", 3));
    plain.reset(), secure.reset(), half.reset();
    if (!rig.events.messages.empty()) rig.edge->send(rig.events.messages.back().flow, "too late");
  }
  for (int i = 0; i < 4000 && rig.edge->counters().connections > 0; i++)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(rig.edge->counters().connections, 0u);
  EXPECT_EQ(rig.edge->counters().strangers, 0u);
}

TEST(Edge, OpensAndReusesConnections) {
  Rig a, b;
  sip::Flow flow;
  flow.transport = sip::Transport::tcp, flow.listener = 1, flow.local = a.tcp, flow.remote = b.tcp;
  a.edge->send(flow, request("1"));
  a.edge->send(flow, request("2"));
  ASSERT_TRUE(b.events.wait([&] { return b.events.messages.size() == 2; }));
  EXPECT_EQ(b.events.messages[0].flow.connection, b.events.messages[1].flow.connection);
  EXPECT_EQ(a.edge->counters().opened, 1u);
  // And back over the same one, by the address that it came from.
  sip::Flow back = b.events.messages[0].flow;
  back.connection = 0;
  b.edge->send(back, request("3"));
  ASSERT_TRUE(a.events.wait([&] { return a.events.messages.size() == 1; }));
  EXPECT_EQ(b.edge->counters().opened, 0u);
}

TEST(Edge, WhatCannotBeReachedIsReported) {
  Rig rig;
  sip::Flow flow;
  flow.transport = sip::Transport::tcp, flow.local = rig.tcp;
  {
    Rig gone;
    flow.remote = gone.tcp;
  }
  rig.edge->send(flow, request("1"));
  ASSERT_TRUE(rig.events.wait([&] { return rig.events.failed.size() == 1; }));
  EXPECT_EQ(rig.events.failed[0].remote, flow.remote);
  EXPECT_EQ(rig.events.failed[0].connection, 0u);
  flow.connection = 4711;  // a connection that never was
  rig.edge->send(flow, request("1"));
  EXPECT_TRUE(rig.events.wait([&] { return rig.events.failed.size() == 2; }));
}

// Somebody listens, and takes nobody: his queue is full, and what is sent to him goes unanswered.
TEST(Edge, AConnectionThatDoesNotComeIsGivenUp) {
  EdgeLimits limits;
  limits.connect = milliseconds(300);
  Rig rig(limits);
  const Fd deaf(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  SockAddr raw;
  const socklen_t size = to_sockaddr(*Address::parse("127.0.0.1:0"), raw);
  ASSERT_EQ(bind(deaf.get(), &raw.any, size), 0);
  ASSERT_EQ(::listen(deaf.get(), 0), 0);
  const Address there = bound_address(deaf.get());
  const socklen_t there_size = to_sockaddr(there, raw);
  std::vector<Fd> waiting;
  for (int i = 0; i < 4; i++) {
    waiting.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    connect(waiting.back().get(), &raw.any, there_size);
  }
  sip::Flow flow;
  flow.transport = sip::Transport::tcp, flow.local = rig.tcp, flow.remote = there;
  rig.edge->send(flow, request("1"));
  ASSERT_TRUE(rig.events.wait([&] { return rig.events.failed.size() == 1; }));
  EXPECT_EQ(rig.events.failed[0].remote, there);
  EXPECT_EQ(rig.edge->counters().connections, 0u);
}

TEST(Edge, PeersByTlsMustBeWhoTheyAre) {
  Rig server;
  sip::Flow flow;
  flow.transport = sip::Transport::tls, flow.remote = server.tls;
  Rig doubting;
  flow.local = doubting.tls;
  doubting.edge->send(flow, request("1"));
  ASSERT_TRUE(doubting.events.wait([&] { return doubting.events.failed.size() == 1; }));
  Rig trusting({}, server.dir.file("cert.pem"));
  flow.local = trusting.tls;
  trusting.edge->send(flow, request("2"));
  ASSERT_TRUE(server.events.wait([&] { return server.events.messages.size() == 1; }));
  EXPECT_EQ(server.events.messages[0].bytes, request("2"));
}

TEST(Edge, ANewCertificateServesNewConnectionsAndOldOnesLiveOn) {
  Rig rig;
  Client before(rig.tls, true);
  EXPECT_EQ(before.common_name(), "first.test");
  rig.dir.make_certificate("second.test");
  ASSERT_TRUE(rig.edge->reload_certificate());
  Client after(rig.tls, true);
  EXPECT_EQ(after.common_name(), "second.test");
  ASSERT_TRUE(before.send("\r\n\r\n"));
  EXPECT_EQ(before.receive(), "\r\n");
  rig.dir.write("key.pem", "rubbish");
  const auto bad = rig.edge->reload_certificate();
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().text.find("key.pem"), std::string::npos);
  EXPECT_EQ(Client(rig.tls, true).common_name(), "second.test");
}

TEST(Edge, OldTlsIsRefused) {
  Rig rig;
  Client client(rig.tls);
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, client.fd());
  EXPECT_NE(SSL_connect(ssl), 1);
  SSL_free(ssl);
  SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "AES128-SHA256:ECDHE-ECDSA-AES128-SHA256");
  Client second(rig.tls);
  ssl = SSL_new(context);
  SSL_set_fd(ssl, second.fd());
  EXPECT_NE(SSL_connect(ssl), 1);  // no AEAD suite offered
  SSL_free(ssl);
  SSL_CTX_free(context);
}

TEST(Edge, AListenerThatCannotOpenSaysWhy) {
  Rig rig;
  Recorder events;
  Edge other({}, events);
  const auto bad = other.listen(sip::Transport::tcp, rig.tcp, 0);
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().text.find(rig.tcp.text()), std::string::npos);
  EXPECT_NE(bad.error().text.find("in use"), std::string::npos);
}

TEST(Certificate, SaysWhoseItIsAndWhenItEnds) {
  const TestDir dir;
  auto pair = make_certificate(
      {.common_name = "pbx.test", .names = {"pbx.test"}, .addresses = {}, .now = {1'800'000'000'000'000}});
  ASSERT_TRUE(pair);
  const auto info = read_certificate(pair->certificate);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->subject, "CN=pbx.test");
  EXPECT_NEAR(static_cast<double>(info->ends.us), 1.8e15 + 825 * 86400e6, 3601e6);
  EXPECT_EQ(info->fingerprint.size(), 64u);
  EXPECT_FALSE(read_certificate("no certificate"));
}

}  // namespace
}  // namespace carillon::net
