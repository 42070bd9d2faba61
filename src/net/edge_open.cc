// Where connections come from: accepted, or opened for what is to be sent.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

#include "net/edge_impl.h"
#include "net/sockaddr.h"

namespace carillon::net {
namespace {

constexpr int kAcceptsAtOnce = 64;
constexpr Duration kListenersRest = milliseconds(100);  // when descriptors have run out

}  // namespace

void Edge::Impl::accept_all(Listener& listener) {
  for (int i = 0; i < kAcceptsAtOnce; i++) {
    SockAddr raw{};
    socklen_t size = sizeof raw;
    Fd fd(accept4(listener.fd.get(), &raw.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd.valid()) {
      admit(listener, std::move(fd), from_sockaddr(raw));
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      count(&EdgeCounters::refused);
      listen_again = now + kListenersRest;
      for (size_t k = 0; k < listeners.size(); k++)
        watch(listeners[k].fd.get(), uint64_t{kListener} << 56 | k, 0, EPOLL_CTL_MOD);
      return;
    }
    if (errno != EINTR && errno != ECONNABORTED) return;
  }
}

void Edge::Impl::admit(Listener& listener, Fd fd, const Address& remote) {
  size_t& from_there = per_source[remote.ip];
  if (connections.size() >= options.limits.connections || from_there >= options.limits.per_source) {
    if (from_there == 0) per_source.erase(remote.ip);
    return count(&EdgeCounters::refused);
  }
  from_there++;
  sip::Flow flow;
  flow.transport = listener.transport;
  flow.listener = listener.index;
  flow.local = bound_address(fd.get());
  flow.remote = remote;
  Connection& c = add(std::move(fd), flow);
  set_deadline(c, options.limits.stranger);
  {
    const std::lock_guard lock(mutex);
    counters.accepted++;
    counters.strangers++;
  }
  if (listener.transport == sip::Transport::tcp) {
    by_remote[{sip::Transport::tcp, remote}] = c.flow.connection;
    return;
  }
  std::shared_ptr<const TlsContext> context;
  {
    const std::lock_guard lock(mutex);
    context = server_context;
  }
  c.state = Connection::State::handshaking;
  if (!c.stream.accept_tls(*context)) drop(c);
}

Connection& Edge::Impl::add(Fd fd, sip::Flow flow) {
  const int on = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  flow.connection = next_id++;
  auto owned = std::make_unique<Connection>(std::move(fd));
  Connection& c = *owned;
  c.flow = flow;
  connections.emplace(flow.connection, std::move(owned));
  watch(c.stream.fd(), uint64_t{kConnection} << 56 | flow.connection, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_ADD);
  const std::lock_guard lock(mutex);
  counters.connections = connections.size();
  return c;
}

// RFC 3261 §18.1.1: over the connection that the flow names, over one that there is to that address, or over a new one.
void Edge::Impl::send(const SendOrder& order) {
  Connection* c = nullptr;
  if (order.flow.connection != 0) {
    c = find(order.flow.connection);
  } else if (const auto at = by_remote.find({order.flow.transport, order.flow.remote}); at != by_remote.end()) {
    c = find(at->second);
  }
  const bool usable = c != nullptr && c->state != Connection::State::lingering &&
                      (c->state != Connection::State::closing || order.flow.connection != 0);
  if (!usable && order.flow.connection == 0) c = open(order.flow);
  if (c == nullptr || (!usable && order.flow.connection != 0)) return events.unsent(order.flow);
  queue(*c, order.bytes);
}

Connection* Edge::Impl::open(const sip::Flow& flow) {
  if (connections.size() >= options.limits.connections) return count(&EdgeCounters::refused), nullptr;
  Fd fd(socket(family_of(flow.remote), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return nullptr;
  SockAddr raw;
  if (!flow.local.is_any() && flow.local.is_v4() == flow.remote.is_v4()) {
    Address from = flow.local;
    from.port = 0;  // the listener's port is taken
    const socklen_t size = to_sockaddr(from, raw);
    if (bind(fd.get(), &raw.any, size) != 0) return nullptr;
  }
  const socklen_t size = to_sockaddr(flow.remote, raw);
  const bool at_once = connect(fd.get(), &raw.any, size) == 0;
  if (!at_once && errno != EINPROGRESS) return nullptr;
  Connection& c = add(std::move(fd), flow);
  c.outgoing = c.known = c.proven = true;
  c.framer.trust();
  c.state = Connection::State::connecting;
  by_remote[{flow.transport, flow.remote}] = c.flow.connection;
  per_source[flow.remote.ip]++;
  set_deadline(c, options.limits.connect);
  count(&EdgeCounters::opened);
  if (flow.transport == sip::Transport::tls && !c.stream.connect_tls(*client_context, flow.remote)) {
    drop(c);
    return nullptr;
  }
  rewatch(c);
  return &c;
}

}  // namespace carillon::net
