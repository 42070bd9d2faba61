#include "net/udp.h"

#include <cerrno>
#include <cstring>

namespace carillon::net {
namespace {

bool turn_on(int fd, int level, int option) {
  const int on = 1;
  return setsockopt(fd, level, option, &on, sizeof on) == 0;
}

// The forced form goes beyond net.core.rmem_max when we may; the plain one as far as it lets us.
void set_buffer(int fd, int forced, int plain, int bytes) {
  if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes) != 0)
    setsockopt(fd, SOL_SOCKET, plain, &bytes, sizeof bytes);
}

Fault cannot(const char* what, const Address& address) {
  return {FaultKind::unavailable,
          std::string("cannot ") + what + " UDP " + address.text() + ": " + std::strerror(errno), address.text()};
}

}  // namespace

Result<UdpSocket> UdpSocket::open(const UdpOptions& options, uint16_t listener) {
  UdpSocket s;
  const int family = family_of(options.bind);
  s.fd_.reset(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!s.fd_.valid()) return cannot("open", options.bind);
  const int fd = s.fd_.get();
  if (family == AF_INET6 && !turn_on(fd, IPPROTO_IPV6, IPV6_V6ONLY)) return cannot("open", options.bind);
  if (options.share && !turn_on(fd, SOL_SOCKET, SO_REUSEPORT)) return cannot("share", options.bind);
  set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, options.buffer_bytes);
  set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, options.buffer_bytes);
  s.any_ = options.bind.is_any();
  if (family == AF_INET) {
    turn_on(fd, IPPROTO_IP, IP_RECVERR);
    if (s.any_ && !turn_on(fd, IPPROTO_IP, IP_PKTINFO)) return cannot("open", options.bind);
  } else {
    turn_on(fd, IPPROTO_IPV6, IPV6_RECVERR);
    if (s.any_ && !turn_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO)) return cannot("open", options.bind);
  }
  SockAddr raw;
  const socklen_t size = to_sockaddr(options.bind, raw);
  if (bind(fd, &raw.any, size) != 0) return cannot("listen on", options.bind);
  s.bound_ = bound_address(fd);
  s.listener_ = listener;
  return s;
}

}  // namespace carillon::net
