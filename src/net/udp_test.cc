#include "net/udp.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <set>
#include <string>

namespace carillon::net {
namespace {

Address at(const char* text) { return *Address::parse(text); }

bool readable(int fd, int ms = 2000) {
  pollfd p{fd, POLLIN, 0};
  return poll(&p, 1, ms) == 1;
}

UdpSocket open(const char* address, uint16_t listener = 0) {
  auto s = UdpSocket::open({.bind = at(address)}, listener);
  EXPECT_TRUE(s) << (s ? "" : s.error().text);
  return std::move(*s);
}

sip::Transmit transmit(const UdpSocket& from, const Address& to, const std::string& bytes) {
  sip::Transmit t;
  t.flow.local = from.bound(), t.flow.remote = to;
  t.packet = sip::Packet(bytes);
  return t;
}

const UnsentFn kNobody = [](const sip::Flow& f) { ADD_FAILURE() << "unsent to " << f.remote.text(); };

// Sends `count` datagrams from a to b in batches and gives what arrived.
std::multiset<std::string> echo(const char* server_address, const char* client_address, size_t count) {
  const UdpSocket server = open(server_address, 3), client = open(client_address);
  Address to = server.bound();
  if (to.is_any()) to = Address::parse_ip(to.is_v4() ? "127.0.0.9" : "::1", to.port).value();
  std::vector<sip::Transmit> out;
  for (size_t i = 0; i < count; i++) out.push_back(transmit(client, to, "datagram " + std::to_string(i)));
  UdpSender sender, answers;
  UdpReceiver receiver, back;
  std::multiset<std::string> got;
  for (const auto& t : out) sender.add(client, t, kNobody);
  sender.flush(client, kNobody);
  while (got.size() < count && readable(server.fd())) {
    std::vector<sip::Transmit> reply;
    for (const Datagram& d : receiver.receive(server)) {
      EXPECT_EQ(d.flow.listener, 3);
      EXPECT_EQ(d.flow.local, to);
      EXPECT_EQ(d.flow.remote, client.bound());
      reply.push_back({d.flow, sip::Packet({d.bytes.data(), d.bytes.size()})});
    }
    for (const auto& t : reply) answers.add(server, t, kNobody);
    answers.flush(server, kNobody);
    while (readable(client.fd(), 50)) {
      for (const Datagram& d : back.receive(client)) {
        EXPECT_EQ(d.flow.remote, to);  // from the address that was asked
        got.insert({d.bytes.data(), d.bytes.size()});
      }
    }
  }
  return got;
}

TEST(Udp, BatchesThereAndBack) {
  const auto got = echo("127.0.0.1:0", "127.0.0.1:0", 500);
  EXPECT_EQ(got.size(), 500u);
  EXPECT_EQ(got.count("datagram 499"), 1u);
}

TEST(Udp, AnswersLeaveFromTheAddressThatWasAsked) { EXPECT_EQ(echo("0.0.0.0:0", "127.0.0.1:0", 70).size(), 70u); }

TEST(Udp, Ipv6) {
  if (!UdpSocket::open({.bind = at("[::1]:0")}, 0)) GTEST_SKIP() << "no IPv6 on this machine";
  EXPECT_EQ(echo("[::1]:0", "[::1]:0", 70).size(), 70u);
  EXPECT_EQ(echo("[::]:0", "[::1]:0", 70).size(), 70u);
}

TEST(Udp, LargestDatagram) {
  const UdpSocket a = open("127.0.0.1:0"), b = open("127.0.0.1:0");
  const sip::Transmit big = transmit(a, b.bound(), std::string(65507, 'x')),
                      over = transmit(a, b.bound(), std::string(65508, 'x'));
  UdpSender sender;
  int unsent = 0;
  const UnsentFn count = [&](const sip::Flow&) { unsent++; };
  sender.add(a, over, count), sender.add(a, big, count);
  sender.flush(a, count);
  EXPECT_EQ(unsent, 1);
  ASSERT_TRUE(readable(b.fd()));
  UdpReceiver receiver;
  const auto got = receiver.receive(b);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].bytes.size(), 65507u);
}

TEST(Udp, ARefusingPeerIsReportedAndOthersAreServed) {
  const UdpSocket a = open("127.0.0.1:0"), b = open("127.0.0.1:0");
  Address nobody;
  {
    const UdpSocket gone = open("127.0.0.1:0");
    nobody = gone.bound();
  }
  UdpSender sender;
  std::set<Address> unsent;
  const UnsentFn note = [&](const sip::Flow& f) { unsent.insert(f.remote); };
  std::vector<sip::Transmit> out;
  for (int i = 0; i < 20; i++) out.push_back(transmit(a, i % 2 == 0 ? nobody : b.bound(), "x"));
  for (int round = 0; round < 5; round++) {
    for (const auto& t : out) sender.add(a, t, note);
    sender.flush(a, note);
  }
  for (int i = 0; i < 100 && unsent.empty(); i++) readable(a.fd(), 10), drain_errors(a, note);
  EXPECT_EQ(unsent, std::set<Address>{nobody});
  size_t got = 0;
  UdpReceiver receiver;
  while (readable(b.fd(), 100)) got += receiver.receive(b).size();
  EXPECT_EQ(got, 50u);
}

TEST(Udp, WhatCannotBeOpenedSaysWhy) {
  const UdpSocket first = open("127.0.0.1:0");
  const auto second = UdpSocket::open({.bind = first.bound()}, 0);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text.find(first.bound().text()), std::string::npos);
  EXPECT_NE(second.error().text.find("in use"), std::string::npos);
}

TEST(Udp, SharedPortsAreShared) {
  auto first = UdpSocket::open({.bind = at("127.0.0.1:0"), .share = true}, 0);
  ASSERT_TRUE(first);
  EXPECT_TRUE(UdpSocket::open({.bind = first->bound(), .share = true}, 0));
}

}  // namespace
}  // namespace carillon::net
