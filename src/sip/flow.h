#pragma once
// Where a message came from and can be answered.

#include <compare>
#include <cstdint>
#include <string_view>

#include "base/address.h"

namespace carillon::sip {

enum class Transport : uint8_t { udp, tcp, tls };
constexpr std::string_view via_name(Transport t) {
  return t == Transport::udp ? "UDP" : t == Transport::tcp ? "TCP" : "TLS";
}
constexpr bool is_stream(Transport t) { return t != Transport::udp; }

// A connection of the edge; 0 is none. Never reused within a process.
using ConnectionId = uint64_t;
constexpr ConnectionId kGoneConnection = UINT64_MAX;  // one of an earlier process: nothing can be sent by it

// For UDP, the pair of addresses; for TCP and TLS also the connection. A flow to send to may have connection 0: then
// the edge uses a connection that it has to `remote` (RFC 3261 §18.1.1) or opens one.
struct Flow {
  Transport transport = Transport::udp;
  uint16_t listener = 0;  // index of the listener that the local address belongs to
  Address local;          // the address it arrived at, and from which answers leave
  Address remote;
  ConnectionId connection = 0;
  auto operator<=>(const Flow&) const = default;
  // Same way to the same peer: the connection for streams, both addresses for UDP.
  bool same_way(const Flow& o) const {
    if (transport != o.transport) return false;
    return is_stream(transport) ? connection != 0 && connection == o.connection
                                : remote == o.remote && local == o.local;
  }
  uint64_t hash() const {
    return (is_stream(transport) ? connection * 0x9e3779b97f4a7c15ull : remote.hash() ^ local.hash() * 31) +
           static_cast<uint64_t>(transport);
  }
};

// What we tell about ourselves on a listener: the host and port for Via and Contact (decisions: advertisedAddress).
struct Listener {
  Transport transport = Transport::udp;
  Address bound;          // may be the any-address
  std::string_view host;  // advertised host, brackets included for IPv6; empty: use the flow's local address
  uint16_t port = 0;      // advertised port; 0: the bound one
};

}  // namespace carillon::sip
