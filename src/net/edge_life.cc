// What happens to a connection, from its first byte to its end.
#include <sys/epoll.h>
#include <sys/socket.h>

#include "net/edge_impl.h"

namespace carillon::net {
namespace {

constexpr int kReadsAtOnce = 4;             // of one connection, before others have their turn
constexpr std::string_view kPong = "\r\n";  // RFC 5626 §4.4.1

}  // namespace

Connection* Edge::Impl::find(sip::ConnectionId id) {
  const auto at = connections.find(id);
  return at == connections.end() ? nullptr : at->second.get();
}

// Deadlines mostly move away: the timer that is armed looks again when it fires.
void Edge::Impl::set_deadline(Connection& c, Duration from_now) {
  c.deadline = now + from_now;
  if (c.deadline >= c.armed) return;
  c.armed = c.deadline;
  timers.arm(c.deadline, c.flow.connection);
}

void Edge::Impl::rewatch(Connection& c) {
  const bool write = c.state == Connection::State::connecting || c.waiting() > 0 || c.stream.wants_write();
  if (write == c.watching_write) return;
  c.watching_write = write;
  const uint32_t mask = EPOLLIN | EPOLLRDHUP | (write ? EPOLLOUT : 0u);
  watch(c.stream.fd(), uint64_t{kConnection} << 56 | c.flow.connection, mask, EPOLL_CTL_MOD);
}

void Edge::Impl::ready(sip::ConnectionId id, uint32_t mask) {
  Connection* c = find(id);
  if (c == nullptr) return;
  if (c->state == Connection::State::connecting) return connected(*c);
  if (c->state == Connection::State::handshaking) return shake(*c);
  if ((mask & EPOLLOUT) != 0) {
    write(*c);
    c = find(id);
    if (c == nullptr) return;
  }
  if ((mask & ~EPOLLOUT) != 0) read(*c);
}

void Edge::Impl::connected(Connection& c) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(c.stream.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return drop(c);
  c.state = c.stream.secure() ? Connection::State::handshaking : Connection::State::open;
  if (c.stream.secure()) return shake(c);
  set_deadline(c, options.limits.idle);
  write(c);
}

void Edge::Impl::shake(Connection& c) {
  switch (c.stream.handshake()) {
    case Io::again:
      return rewatch(c);
    case Io::closed:
      count(&EdgeCounters::handshake_failures);
      return drop(c);
    case Io::done:
      break;
  }
  c.state = Connection::State::open;
  if (c.outgoing) set_deadline(c, options.limits.idle);
  const sip::ConnectionId id = c.flow.connection;
  write(c);
  if (Connection* still = find(id)) read(*still);  // what came with the last flight
}

void Edge::Impl::read(Connection& c) {
  const bool discard = c.state == Connection::State::closing || c.state == Connection::State::lingering;
  for (int i = 0; i < kReadsAtOnce; i++) {
    size_t got = 0;
    const Io io = c.stream.read(buffer, &got);
    if (io == Io::closed) return drop(c);
    if (io == Io::again) break;
    if (discard) continue;
    if (c.proven) set_deadline(c, options.limits.idle);
    c.framer.feed({buffer.data(), got});
    if (!take_messages(c)) return;
  }
  rewatch(c);
}

// False when the connection is gone or will be.
bool Edge::Impl::take_messages(Connection& c) {
  const sip::ConnectionId id = c.flow.connection;
  for (;;) {
    const sip::Framed framed = c.framer.next();
    switch (framed.kind) {
      case sip::Framed::Kind::need_more:
        return true;
      case sip::Framed::Kind::message:
        c.known = true;
        events.message(c.flow, {framed.bytes.data(), framed.bytes.size()});
        break;
      case sip::Framed::Kind::keepalive_ping:
        queue(c, kPong);
        if (find(id) == nullptr) return false;
        break;
      case sip::Framed::Kind::error:
        if (framed.bytes.empty()) return drop(c), false;
        c.known = true;
        events.message(c.flow, {framed.bytes.data(), framed.bytes.size()});
        c.state = Connection::State::closing;  // the answer, if there is one, has the time of lingering
        set_deadline(c, options.limits.linger);
        return false;
    }
  }
}

void Edge::Impl::queue(Connection& c, std::string_view bytes) {
  if (!c.queue(bytes, c.proven ? options.limits.write_queue : limits::kStrangerBytes)) {
    count(&EdgeCounters::overflowed);
    return drop(c);
  }
  if (c.state != Connection::State::connecting && c.state != Connection::State::handshaking) write(c);
}

void Edge::Impl::write(Connection& c) {
  const Io io = c.flush();
  if (io == Io::closed) return drop(c);
  if (io == Io::done && c.proven && c.state == Connection::State::open) set_deadline(c, options.limits.idle);
  rewatch(c);
}

void Edge::Impl::close_after_writing(Connection& c) {
  if (c.state == Connection::State::connecting || c.state == Connection::State::handshaking) return drop(c);
  if (c.waiting() == 0) {
    c.stream.finish();
    c.state = Connection::State::lingering;
  } else {
    c.state = Connection::State::closing;
  }
  set_deadline(c, options.limits.linger);
}

void Edge::Impl::prove(Connection& c) {
  if (c.proven) return;
  c.proven = true;
  c.framer.trust();
  if (c.state == Connection::State::open) set_deadline(c, options.limits.idle);
  const std::lock_guard lock(mutex);
  counters.strangers--;
}

void Edge::Impl::expire(Connection& c) {
  if (c.state == Connection::State::closing && c.waiting() == 0) return close_after_writing(c);
  if (c.state == Connection::State::open)
    count(c.proven ? &EdgeCounters::idle_closed : &EdgeCounters::strangers_closed);
  drop(c);
}

// The end: nothing of it remains, and who must know is told.
void Edge::Impl::drop(Connection& c) {
  sip::Flow flow = c.flow;
  const bool known = c.known, outgoing = c.outgoing, stranger = !c.proven;
  if (const auto at = by_remote.find({flow.transport, flow.remote});
      at != by_remote.end() && at->second == flow.connection) {
    by_remote.erase(at);
  }
  if (const auto at = per_source.find(flow.remote.ip); at != per_source.end() && --at->second == 0)
    per_source.erase(at);
  connections.erase(flow.connection);
  {
    const std::lock_guard lock(mutex);
    counters.connections = connections.size();
    if (stranger) counters.strangers--;
  }
  if (known) events.lost(flow.connection);
  if (outgoing) {
    flow.connection = 0;
    events.unsent(flow);
  }
}

}  // namespace carillon::net
