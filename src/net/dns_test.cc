// The resolver against a real name server: dnsmasq on loopback.
#include "net/dns.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/net_test_kit.h"
#include "net/udp.h"

namespace carillon::net {
namespace {

// dnsmasq with a few records of example.test, for the lifetime of the object.
class NameServer {
 public:
  NameServer() {
    // A port that is free now; dnsmasq binds it a moment later.
    auto probe = UdpSocket::open({.bind = *Address::parse("127.0.0.53:0")}, 0);
    EXPECT_TRUE(probe);
    port_ = probe->bound().port;
    probe = Fault{};  // closed
    const std::string port = "--port=" + std::to_string(port_);
    child_ = fork();
    if (child_ == 0) {
      execlp("dnsmasq", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
             "--no-daemon", "--listen-address=127.0.0.53", "--bind-interfaces", port.c_str(),
             "--pid-file=", "--user=", "--local=/test/", "--address=/phone.example.test/192.0.2.7",
             "--address=/phone.example.test/2001:db8::7", "--local-ttl=120",
             "--srv-host=_sip._udp.example.test,one.example.test,5070,10,60",
             "--srv-host=_sip._udp.example.test,two.example.test,5080,20,5",
             "--naptr-record=example.test,50,40,s,SIP+D2T,,_sip._tcp.example.test", static_cast<char*>(nullptr));
      _exit(127);
    }
  }
  ~NameServer() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  std::string address() const { return "127.0.0.53:" + std::to_string(port_); }
  bool alive() const { return waitpid(child_, nullptr, WNOHANG) == 0; }

 private:
  pid_t child_ = -1;
  uint16_t port_ = 0;
};

struct Asker {
  explicit Asker(const std::string& servers, Duration timeout = seconds(5)) {
    EdgeOptions options;
    options.dns.servers = servers;
    options.dns.timeout = timeout;
    edge = std::make_unique<Edge>(options, events);
    EXPECT_TRUE(edge->start());
  }
  sip::DnsAnswer ask(sip::Lookup::Kind kind, const std::string& name) {
    const uint64_t query = ++last;
    EXPECT_TRUE(edge->lookup(3, {query, kind, name}));
    EXPECT_TRUE(events.wait([&] { return !events.answers.empty() && events.answers.back().query == query; })) << name;
    if (events.answers.empty()) return {};
    EXPECT_EQ(events.answers.back().shard, 3);
    return events.answers.back().answer;
  }
  uint64_t last = 0;
  Recorder events;
  std::unique_ptr<Edge> edge;
};

using Kind = sip::Lookup::Kind;

TEST(Dns, AddressesServicesAndPointers) {
  const NameServer server;
  Asker asker(server.address());
  sip::DnsAnswer a;
  for (int i = 0; i < 200; i++) {  // until it listens
    a = asker.ask(Kind::address, "phone.example.test");
    if (!a.failed) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ASSERT_TRUE(server.alive()) << "dnsmasq (package dnsmasq-base) does not run";
  }
  ASSERT_EQ(a.records.size(), 2u);
  EXPECT_EQ(a.ttl, seconds(120));
  const bool v4_first = a.records[0].address.is_v4();
  EXPECT_EQ(a.records[v4_first ? 0 : 1].address.ip_text(), "192.0.2.7");
  EXPECT_EQ(a.records[v4_first ? 1 : 0].address.ip_text(), "2001:db8::7");

  const auto srv = asker.ask(Kind::srv, "_sip._udp.example.test");
  ASSERT_EQ(srv.records.size(), 2u);
  const auto& one = srv.records[srv.records[0].name == "one.example.test" ? 0 : 1];
  EXPECT_EQ(one.port, 5070);
  EXPECT_EQ(one.priority, 10);
  EXPECT_EQ(one.weight, 60);

  const auto naptr = asker.ask(Kind::naptr, "example.test");
  ASSERT_EQ(naptr.records.size(), 1u);
  EXPECT_EQ(naptr.records[0].service, "SIP+D2T");
  EXPECT_EQ(naptr.records[0].flags, "s");
  EXPECT_EQ(naptr.records[0].name, "_sip._tcp.example.test");
  EXPECT_EQ(naptr.records[0].priority, 50);

  const auto none = asker.ask(Kind::srv, "_sip._udp.nothing.test");
  EXPECT_FALSE(none.failed);
  EXPECT_TRUE(none.records.empty());
}

TEST(Dns, ASilentServerIsAFailureSoon) {
  // Bound, never answering.
  auto silent = UdpSocket::open({.bind = *Address::parse("127.0.0.53:0")}, 0);
  ASSERT_TRUE(silent);
  Asker asker(silent->bound().text(), milliseconds(300));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(asker.ask(Kind::address, "phone.example.test").failed);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15));
}

TEST(Dns, NamesThatAreNoneFailAtOnce) {
  Asker asker("127.0.0.1:1");
  EXPECT_TRUE(asker.ask(Kind::address, "").failed);
  EXPECT_TRUE(asker.ask(Kind::srv, std::string(300, 'a')).failed);
}

}  // namespace
}  // namespace carillon::net
