// Where a new connection may go when the old one is gone.

#include <gtest/gtest.h>

#include "sip/reconnect.h"

namespace carillon::sip {
namespace {

Flow from(Transport transport, const char* remote) {
  return {.transport = transport, .remote = *Address::parse(remote), .connection = 7};
}

TEST(Reconnect, RFC3261_18_1_1_GoesToTheContact) {
  const struct {
    const char* next_hop;
    uint16_t tcp, tls;
  } rows[] = {
      {"sip:1001@192.0.2.7:5070;transport=tcp", 5070, 5070},  // over TLS its word for TCP means TLS over TCP
      {"sip:1001@192.0.2.7:5070", 5070, 5070},                // the transport that it was heard by
      {"sip:1001@192.0.2.7", 5060, 5061},
      {"<sip:192.0.2.7:5090;lr>", 5090, 5090},  // a route
      {"<sip:192.0.2.7:5090;transport=TCP;lr>;x=y", 5090, 5090},
      {"sip:1001@pbx;maddr=192.0.2.7", 5060, 5061},
      {"sips:1001@192.0.2.7", 0, 5061},  // never over less than it asks for
      {"sip:1001@192.0.2.7;transport=tls", 0, 5061},
      {"sip:1001@192.0.2.7;transport=udp", 0, 0},
      {"sip:1001@192.0.2.7;transport=ws", 0, 0},
      {"sip:1001@10.0.0.7;transport=tcp", 0, 0},      // a NAT stands between
      {"sip:1001@198.51.100.1;transport=tcp", 0, 0},  // somebody else
      {"sip:1001@phone.example.com;transport=tcp", 0, 0},
      {"sip:1001@192.0.2.7:5070;transport=tcp;ob", 0, 0},  // RFC 5626 §5.3
      {"tel:+49301234", 0, 0},
      {"http://192.0.2.7/", 0, 0},
      {"", 0, 0},
      {"<sip:", 0, 0},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(reconnect_port(row.next_hop, from(Transport::tcp, "192.0.2.7:40000")), row.tcp) << row.next_hop;
    EXPECT_EQ(reconnect_port(row.next_hop, from(Transport::tls, "192.0.2.7:40000")), row.tls) << row.next_hop;
    EXPECT_EQ(reconnect_port(row.next_hop, from(Transport::udp, "192.0.2.7:5060")), 0) << row.next_hop;
  }
}

TEST(Reconnect, IPv6) {
  const Flow flow = from(Transport::tcp, "[2001:db8::7]:40000");
  EXPECT_EQ(reconnect_port("sip:1001@[2001:DB8:0::7]:5070", flow), 5070);
  EXPECT_EQ(reconnect_port("sip:1001@[2001:db8::8]:5070", flow), 0);
}

}  // namespace
}  // namespace carillon::sip
