#include "sip/locate/locator.h"

#include <gtest/gtest.h>

#include <map>

#include "base/text.h"
#include "sip/stack_fixture.h"

namespace carillon::sip {
namespace {

constexpr Instant kNow{1'700'000'000'000'000};

// A zone of names, and everything that a URI leads to in it.
class Zone {
 public:
  void address(const std::string& name, const char* ip) {
    DnsRecord r;
    r.address = *Address::parse_ip(ip, 0);
    add(Lookup::Kind::address, name, r);
  }
  void srv(const std::string& name, uint16_t priority, uint16_t weight, uint16_t port, const char* target) {
    add(Lookup::Kind::srv, name, {.priority = priority, .weight = weight, .port = port, .name = target});
  }
  void naptr(const std::string& name, uint16_t order, const char* service, const char* target) {
    add(Lookup::Kind::naptr, name, {.priority = order, .name = target, .service = service, .flags = "s"});
  }
  DnsAnswer ask(Lookup::Kind kind, const std::string& name) {
    asked++;
    const auto at = answers_.find({kind, name});
    return at == answers_.end() ? DnsAnswer{.kind = kind} : at->second;
  }
  // "udp 192.0.2.5:5060, …"
  std::string follow(const std::string& uri, Instant now = kNow) {
    Locator locator(*Uri::parse(uri));
    std::string places;
    for (int i = 0; i < 100; i++) {
      const Locator::Next next = locator.next(now, cache, random);
      if (next.question) {
        locator.answer(now, ask(next.question->kind, next.question->name), cache, random);
      } else if (next.hop) {
        if (!places.empty()) places += ", ";
        places += to_lower(via_name(next.hop->transport)) + " " + next.hop->address.text();
      } else {
        return places;
      }
    }
    return "no end";
  }
  size_t asked = 0;
  LocateCache cache;
  Random random{9};

 private:
  void add(Lookup::Kind kind, const std::string& name, DnsRecord r) {
    DnsAnswer& a = answers_[{kind, name}];
    a.kind = kind;
    a.records.push_back(std::move(r));
  }
  std::map<std::pair<Lookup::Kind, std::string>, DnsAnswer> answers_;
};

TEST(Locator, RFC3263_4_2_NumbersNeedNoDns) {
  Zone z;
  EXPECT_EQ(z.follow("sip:a@192.0.2.5"), "udp 192.0.2.5:5060");
  EXPECT_EQ(z.follow("sip:a@192.0.2.5:5070;transport=tcp"), "tcp 192.0.2.5:5070");
  EXPECT_EQ(z.follow("sips:a@192.0.2.5"), "tls 192.0.2.5:5061");
  EXPECT_EQ(z.follow("sip:a@[2001:db8::5];transport=tls"), "tls [2001:db8::5]:5061");
  EXPECT_EQ(z.follow("sip:a@example.com;maddr=192.0.2.9"), "udp 192.0.2.9:5060");
  EXPECT_EQ(z.asked, 0u);
  EXPECT_EQ(z.follow("tel:+15551234"), "");
}

TEST(Locator, RFC3263_4_2_APortMeansAddressRecords) {
  Zone z;
  z.address("pbx.example", "192.0.2.1");
  z.address("pbx.example", "2001:db8::1");
  z.srv("_sip._udp.pbx.example", 1, 1, 9, "wrong.example");
  EXPECT_EQ(z.follow("sip:a@pbx.example:5070"), "udp 192.0.2.1:5070, udp [2001:db8::1]:5070");
  EXPECT_EQ(z.asked, 1u);
}

TEST(Locator, RFC3263_4_1_NaptrThenSrvThenAddresses) {
  Zone z;
  z.naptr("example.com", 50, "SIP+D2T", "_sip._tcp.example.com");
  z.naptr("example.com", 90, "SIP+D2U", "_sip._udp.example.com");
  z.naptr("example.com", 10, "SIP+D2W", "_sip._ws.example.com");  // not spoken here
  z.srv("_sip._tcp.example.com", 2, 0, 5065, "b.example.com");
  z.srv("_sip._tcp.example.com", 1, 0, 5060, "a.example.com");
  z.srv("_sip._udp.example.com", 1, 0, 5080, "a.example.com");
  z.address("a.example.com", "192.0.2.1");
  z.address("b.example.com", "192.0.2.2");
  EXPECT_EQ(z.follow("sip:x@example.com"), "tcp 192.0.2.1:5060, tcp 192.0.2.2:5065, udp 192.0.2.1:5080");
}

TEST(Locator, RFC3263_4_1_WithoutNaptrSrvIsTriedAndThenTheName) {
  Zone z;
  z.address("one.example", "192.0.2.1");
  EXPECT_EQ(z.follow("sip:x@one.example"), "udp 192.0.2.1:5060");
  z.srv("_sip._tcp.two.example", 1, 0, 5066, "one.example");
  EXPECT_EQ(z.follow("sip:x@two.example."), "tcp 192.0.2.1:5066");
  EXPECT_EQ(z.follow("sip:x@two.example;transport=tcp"), "tcp 192.0.2.1:5066");
  z.srv("_sips._tcp.three.example", 1, 0, 5067, "one.example");
  EXPECT_EQ(z.follow("sips:x@three.example"), "tls 192.0.2.1:5067");
  EXPECT_EQ(z.follow("sip:x@nowhere.example"), "");
}

TEST(Locator, RFC2782_ADotMeansNotOffered) {
  Zone z;
  z.srv("_sip._udp.example.com", 0, 0, 0, ".");
  z.address("example.com", "192.0.2.1");
  EXPECT_EQ(z.follow("sip:x@example.com;transport=udp"), "");
}

TEST(Locator, RFC2782_WeightsShareTheLoad) {
  Zone z;
  z.srv("_sip._udp.example.com", 1, 75, 5060, "192.0.2.1");
  z.srv("_sip._udp.example.com", 1, 25, 5060, "192.0.2.2");
  z.srv("_sip._udp.example.com", 2, 0, 5060, "192.0.2.3");
  std::map<std::string, int> orders;
  for (int i = 0; i < 4000; i++) orders[z.follow("sip:x@example.com;transport=udp")]++;
  ASSERT_EQ(orders.size(), 2u);
  const int heavy = orders["udp 192.0.2.1:5060, udp 192.0.2.2:5060, udp 192.0.2.3:5060"];
  EXPECT_GT(heavy, 2850);
  EXPECT_LT(heavy, 3150);
}

TEST(Locator, AnswersAreKeptForTheirTimeAndDeadPlacesComeLast) {
  Zone z;
  z.address("pbx.example", "192.0.2.1");
  z.address("pbx.example", "192.0.2.2");
  const std::string uri = "sip:a@pbx.example:5060";
  EXPECT_EQ(z.follow(uri), "udp 192.0.2.1:5060, udp 192.0.2.2:5060");
  z.cache.mark_dead(kNow, {Transport::udp, *Address::parse("192.0.2.1:5060")});
  EXPECT_EQ(z.follow(uri), "udp 192.0.2.2:5060, udp 192.0.2.1:5060");
  EXPECT_EQ(z.asked, 1u);
  EXPECT_EQ(z.follow(uri, kNow + seconds(31)), "udp 192.0.2.1:5060, udp 192.0.2.2:5060");
  z.follow(uri, kNow + seconds(301));
  EXPECT_EQ(z.asked, 2u);
}

TEST(Locator, EverythingIsBounded) {
  Zone z;
  for (uint16_t i = 0; i < 500; i++)
    z.srv("_sip._udp.big.example", i, 0, 5060, ("10.0.1." + std::to_string(i % 250)).c_str());
  const std::string places = z.follow("sip:x@big.example;transport=udp");
  EXPECT_EQ(std::count(places.begin(), places.end(), ','), static_cast<ptrdiff_t>(Locator::kHops) - 1);
  z.naptr("loop.example", 1, "SIP+D2U", "_sip._udp.loop.example");
  for (int i = 0; i < 50; i++)
    z.srv("_sip._udp.loop.example", 1, 1, 5060, ("h" + std::to_string(i) + ".example").c_str());
  EXPECT_EQ(z.follow("sip:x@loop.example"), "");
  for (int i = 0; i < 6000; i++) {
    z.cache.keep(kNow, "n" + std::to_string(i), {});
    z.cache.mark_dead(kNow, {Transport::udp, Address::v4(static_cast<uint32_t>(i), 1)});
  }
  EXPECT_LE(z.cache.size(), LocateCache::kAnswers);
}

// The Stack with a located target.
class LocatedRequest : public testing::Test {
 protected:
  TxnId start(View method, const char* uri, View body = {}) {
    return f.request(method, Target{.located = true, .uri = uri}, 7, body);
  }
  void answer(const DnsAnswer& a) {
    ASSERT_EQ(f.out.lookups.size(), 1u);
    const uint64_t query = f.out.lookups[0].query;
    f.out.clear();
    f.stack.located(f.now, query, a, f.out);
  }
  static DnsAnswer two() {
    DnsAnswer a{.kind = Lookup::Kind::address};
    for (const char* ip : {"198.51.100.1", "198.51.100.2"}) {
      DnsRecord r;
      r.address = *Address::parse_ip(ip, 0);
      a.records.push_back(r);
    }
    return a;
  }
  std::string to() { return f.out.transmit.empty() ? "" : f.out.transmit.back().flow.remote.text(); }
  StackFixture f;
};

TEST_F(LocatedRequest, RFC3263_4_3_NextPlaceAfter503WithANewBranch) {
  const TxnId txn = start("INVITE", "sip:x@trunk.example:5060");
  EXPECT_TRUE(f.out.transmit.empty());
  answer(two());
  EXPECT_EQ(to(), "198.51.100.1:5060");
  const std::string first = f.sent();
  f.answer(first, 503, udp_flow());
  ASSERT_EQ(f.out.transmit.size(), 2u);
  EXPECT_TRUE(f.out.events.empty());
  const Parsed invite(f.sent(0)), ack(f.sent(1)), before(first);
  EXPECT_EQ(invite.message.method(), Method::invite);
  EXPECT_EQ(ack.message.method(), Method::ack);
  EXPECT_EQ(ack.message.top_via().branch, before.message.top_via().branch);
  EXPECT_NE(invite.message.top_via().branch, before.message.top_via().branch);
  EXPECT_EQ(f.out.transmit[0].flow.remote.text(), "198.51.100.2:5060");
  EXPECT_EQ(f.stack.flow_of(txn).remote.text(), "198.51.100.2:5060");
  f.answer(f.sent(0), 503, udp_flow());  // nobody is left
  ASSERT_EQ(f.count(EventKind::response), 1u);
  EXPECT_EQ(f.out.transmit.size(), 1u);
  f.pass(seconds(33));
  EXPECT_EQ(f.stack.transactions(), 0u);
}

TEST_F(LocatedRequest, RFC3263_4_3_NextPlaceAfterSilence) {
  start("OPTIONS", "sip:x@trunk.example:5060");
  answer(two());
  f.pass(milliseconds(32100));
  EXPECT_EQ(to(), "198.51.100.2:5060");
  EXPECT_TRUE(f.out.events.empty());
  f.pass(seconds(33));
  EXPECT_EQ(f.count(EventKind::timeout), 1u);
  EXPECT_EQ(f.stack.transactions(), 0u);
}

TEST_F(LocatedRequest, RFC3261_18_1_1_LargeRequestsGoByTcpFirst) {
  const std::string body(1400, 'x');
  start("INVITE", "sip:x@198.51.100.1", body);
  ASSERT_EQ(f.out.transmit.size(), 1u);
  const Flow tried = f.out.transmit[0].flow;
  EXPECT_EQ(tried.transport, Transport::tcp);
  EXPECT_NE(f.sent().find("Via: SIP/2.0/TCP "), std::string::npos);
  f.out.clear();
  f.stack.unsent(f.now, tried, f.out);
  ASSERT_EQ(f.out.transmit.size(), 1u);
  EXPECT_EQ(f.out.transmit[0].flow.transport, Transport::udp);
  EXPECT_NE(f.sent().find("Via: SIP/2.0/UDP "), std::string::npos);
  f.out.clear();
  f.request("INVITE", Target{.flow = udp_flow()}, 7, body);  // a known flow is used as it is
  EXPECT_EQ(f.out.transmit[0].flow.transport, Transport::udp);
}

TEST_F(LocatedRequest, NowhereIsUnreachable) {
  start("OPTIONS", "tel:+1555");
  EXPECT_EQ(f.count(EventKind::unreachable), 1u);
  start("OPTIONS", "sip:x@trunk.example:5060");
  answer({.kind = Lookup::Kind::address, .failed = true});
  EXPECT_EQ(f.count(EventKind::unreachable), 1u);
  EXPECT_EQ(f.stack.transactions(), 0u);
}

TEST_F(LocatedRequest, ASlowDnsDoesNotKeepTheTransaction) {
  const TxnId txn = start("INVITE", "sip:x@trunk.example:5060");
  const Lookup lookup = f.out.lookups.at(0);
  f.pass(seconds(33));
  ASSERT_EQ(f.count(EventKind::timeout), 1u);
  EXPECT_EQ(f.out.events[0].txn, txn);
  EXPECT_EQ(f.stack.transactions(), 0u);
  f.out.clear();
  f.stack.located(f.now, lookup.query, two(), f.out);
  EXPECT_TRUE(f.out.transmit.empty() && f.out.events.empty());
}

TEST_F(LocatedRequest, ALateAnswerOfTheLastPlaceFindsNothing) {
  start("INVITE", "sip:x@trunk.example;transport=udp");
  DnsAnswer srv{.kind = Lookup::Kind::srv};
  srv.records.push_back({.priority = 1, .port = 5060, .name = "198.51.100.1"});
  srv.records.push_back({.priority = 2, .port = 5060, .name = "second.example"});
  answer(srv);
  const std::string invite = f.sent();
  f.answer(invite, 503, udp_flow());
  EXPECT_EQ(f.out.lookups.size(), 1u);  // the second place is being located
  f.answer(invite, 180, udp_flow());
  EXPECT_TRUE(f.out.events.empty());
}

TEST_F(LocatedRequest, ACancelledRequestGoesNowhereElse) {
  const TxnId txn = start("INVITE", "sip:x@trunk.example:5060");
  f.stack.cancel(f.now, txn, {}, f.out);
  answer(two());
  EXPECT_TRUE(f.out.transmit.empty());
  EXPECT_EQ(f.count(EventKind::unreachable), 1u);
  EXPECT_EQ(f.stack.transactions(), 0u);
}

}  // namespace
}  // namespace carillon::sip
