#pragma once
// Between Address and the kernel's socket addresses.

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/address.h"

namespace carillon::net {

union SockAddr {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

// IPv4 addresses become AF_INET. Returns the length.
socklen_t to_sockaddr(const Address& address, SockAddr& out);
Address from_sockaddr(const SockAddr& from);
inline int family_of(const Address& address) { return address.is_v4() ? AF_INET : AF_INET6; }
Address from_in(const in_addr& ip, uint16_t port);
Address from_in6(const in6_addr& ip, uint16_t port, uint32_t scope);

// The address that a socket is bound to; all zero on error.
Address bound_address(int fd);

}  // namespace carillon::net
