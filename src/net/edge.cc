#include "net/edge.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "net/edge_impl.h"
#include "net/sockaddr.h"

namespace carillon::net {

Edge::Edge(EdgeOptions options, EdgeEvents& events) : impl_(std::make_unique<Impl>(std::move(options), events)) {}

Edge::~Edge() { stop(); }

Result<Address> Edge::listen(sip::Transport transport, const Address& at, uint16_t listener) {
  const char* name = transport == sip::Transport::tls ? "TLS " : "TCP ";
  const auto cannot = [&](const std::string& why) -> Fault {
    return {FaultKind::unavailable, std::string("cannot listen on ") + name + at.text() + ": " + why, at.text()};
  };
  if (transport == sip::Transport::tls && impl_->server_context == nullptr) {
    if (auto r = reload_certificate(); !r) return cannot(r.error().text);
  }
  const int family = family_of(at);
  Fd fd(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (!fd.valid()) return cannot(std::strerror(errno));
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == AF_INET6) setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  SockAddr raw;
  const socklen_t size = to_sockaddr(at, raw);
  if (bind(fd.get(), &raw.any, size) != 0 || ::listen(fd.get(), 1024) != 0) return cannot(std::strerror(errno));
  const Address bound = bound_address(fd.get());
  impl_->listeners.push_back({std::move(fd), transport, listener, bound});
  return bound;
}

Result<void> Edge::start() {
  if (auto r = impl_->prepare(); !r) return r;
  impl_->running = true;
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
  return {};
}

void Edge::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->mail.post(StopOrder{}, true);
  impl_->thread.join();
}

bool Edge::send(const sip::Flow& flow, std::string_view bytes) {
  return impl_->mail.post(SendOrder{flow, std::string(bytes)});
}
void Edge::proven(sip::ConnectionId connection) { impl_->mail.post(ProvenOrder{connection}); }
void Edge::close(sip::ConnectionId connection) { impl_->mail.post(CloseOrder{connection}); }
bool Edge::lookup(uint16_t shard, const sip::Lookup& lookup) { return impl_->mail.post(LookupOrder{shard, lookup}); }

Result<void> Edge::reload_certificate() {
  auto context = TlsContext::server(impl_->options.certificate_file, impl_->options.key_file);
  if (!context) return context.error();
  const std::lock_guard lock(impl_->mutex);
  impl_->server_context = *context;
  return {};
}

EdgeCounters Edge::counters() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counters;
}

}  // namespace carillon::net
