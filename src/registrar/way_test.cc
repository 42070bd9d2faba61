// How a binding is reached when its connection is gone.

#include <gtest/gtest.h>

#include "registrar/test_world.h"
#include "registrar/way.h"

namespace carillon::registrar {
namespace {

Binding over_tcp() {
  Binding b;
  b.number = "1001";
  b.contact = "sip:1001@10.0.0.5:5070;transport=tcp";
  b.flow = test::stream_from("10.0.0.5:40000", 7);
  return b;
}

TEST(Way, ItsConnectionWhileThereIsOne) {
  const Binding b = over_tcp();
  EXPECT_EQ(way_to(b), b.flow);
  EXPECT_EQ(reconnect_port(b), 5070);  // should it turn out to be gone
}

TEST(Way, RFC3261_18_1_1_ANewOneToTheContact) {
  Binding b = over_tcp();
  b.reachable = false;
  ASSERT_TRUE(has_way(b));
  const sip::Flow way = *way_to(b);
  EXPECT_EQ(way.connection, 0u);
  EXPECT_EQ(way.remote, *Address::parse("10.0.0.5:5070"));
  EXPECT_EQ(way.local, b.flow.local);
  EXPECT_EQ(way.transport, sip::Transport::tcp);
}

TEST(Way, RFC3327_ToTheProxyBeforeThePhone) {
  Binding b = over_tcp();
  b.reachable = false;
  b.contact = "sip:1001@192.168.7.7";
  b.path = "<sip:10.0.0.5:5090;lr>, <sip:192.168.7.1;lr>";
  EXPECT_EQ(way_to(b)->remote.port, 5090);
  b.path = "<sip:10.0.0.5;lr;ob>";  // an edge proxy's flow
  EXPECT_FALSE(has_way(b));
}

TEST(Way, RFC5626_5_3_NoneButTheFlow) {
  Binding b = over_tcp();
  b.reg_id = 1;
  EXPECT_EQ(way_to(b), b.flow);
  EXPECT_EQ(reconnect_port(b), 0);
  b.reachable = false;
  EXPECT_FALSE(has_way(b));
  EXPECT_FALSE(way_to(b));
}

TEST(Way, NoneThroughANat) {
  Binding b = over_tcp();
  b.contact = "sip:1001@192.168.1.20:5060;transport=tcp";
  b.reachable = false;
  EXPECT_FALSE(way_to(b));
}

TEST(Way, OverUdpTheAddressItRegisteredFrom) {
  Binding b;
  b.contact = "sip:1001@192.168.1.20";
  b.flow = test::udp_from("10.0.0.5:5062");
  EXPECT_EQ(way_to(b), b.flow);
  EXPECT_EQ(reconnect_port(b), 0);
}

}  // namespace
}  // namespace carillon::registrar
