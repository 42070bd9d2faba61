#include "net/sockaddr.h"

#include <arpa/inet.h>

#include <cstring>

namespace carillon::net {
namespace {

bool is_link_local(const Address& a) { return a.ip[0] == 0xfe && (a.ip[1] & 0xc0) == 0x80; }

}  // namespace

socklen_t to_sockaddr(const Address& address, SockAddr& out) {
  if (address.is_v4()) {
    out.v4 = {};
    out.v4.sin_family = AF_INET;
    out.v4.sin_port = htons(address.port);
    std::memcpy(&out.v4.sin_addr, address.ip.data() + 12, 4);
    return sizeof out.v4;
  }
  out.v6 = {};
  out.v6.sin6_family = AF_INET6;
  out.v6.sin6_port = htons(address.port);
  out.v6.sin6_scope_id = address.scope;
  std::memcpy(&out.v6.sin6_addr, address.ip.data(), 16);
  return sizeof out.v6;
}

Address from_in(const in_addr& ip, uint16_t port) { return Address::v4(ntohl(ip.s_addr), port); }

Address from_in6(const in6_addr& ip, uint16_t port, uint32_t scope) {
  Address a;
  std::memcpy(a.ip.data(), &ip, 16);
  a.port = port;
  if (is_link_local(a)) a.scope = scope;
  return a;
}

Address from_sockaddr(const SockAddr& from) {
  if (from.any.sa_family == AF_INET) return from_in(from.v4.sin_addr, ntohs(from.v4.sin_port));
  if (from.any.sa_family != AF_INET6) return {};
  return from_in6(from.v6.sin6_addr, ntohs(from.v6.sin6_port), from.v6.sin6_scope_id);
}

Address bound_address(int fd) {
  SockAddr raw{};
  socklen_t size = sizeof raw;
  if (getsockname(fd, &raw.any, &size) != 0) return {};
  return from_sockaddr(raw);
}

}  // namespace carillon::net
