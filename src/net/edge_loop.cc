#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "net/edge_impl.h"

namespace carillon::net {
namespace {

constexpr size_t kReadBytes = 65536;
constexpr int kEvents = 256;

uint64_t tag_of(uint64_t kind, uint64_t rest) { return kind << 56 | rest; }

Instant clock_now() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
              .count()};
}

}  // namespace

void Edge::Impl::watch(int fd, uint64_t tag, uint32_t mask, int operation) {
  epoll_event event{};
  event.events = mask;
  event.data.u64 = tag;
  epoll_ctl(epoll.get(), operation, fd, &event);
}

Result<void> Edge::Impl::prepare() {
  epoll.reset(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) return Fault{FaultKind::unavailable, std::string("no epoll: ") + std::strerror(errno), ""};
  auto client = TlsContext::client(options.ca_file);
  if (!client) return client.error();
  client_context = *client;
  auto resolver = Dns::open(options.dns, [this](int fd, bool r, bool w) {
    const uint32_t mask = (r ? EPOLLIN : 0u) | (w ? EPOLLOUT : 0u);
    const uint64_t tag = tag_of(kDns, static_cast<uint64_t>(fd));
    if (mask == 0) return watch(fd, tag, 0, EPOLL_CTL_DEL);
    watch(fd, tag, mask, EPOLL_CTL_ADD);
    watch(fd, tag, mask, EPOLL_CTL_MOD);
  });
  if (!resolver) return resolver.error();
  dns = std::move(*resolver);
  buffer.resize(kReadBytes);
  watch(mail.fd(), tag_of(kMail, 0), EPOLLIN, EPOLL_CTL_ADD);
  for (size_t i = 0; i < listeners.size(); i++)
    watch(listeners[i].fd.get(), tag_of(kListener, i), EPOLLIN, EPOLL_CTL_ADD);
  return {};
}

void Edge::Impl::run() {
  sigset_t pipe;  // OpenSSL writes without MSG_NOSIGNAL
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  pthread_setname_np(pthread_self(), "edge");
  while (running) turn();
  dns.reset();
  connections.clear();
}

void Edge::Impl::turn() {
  epoll_event ready_events[kEvents];
  const int wait = mail.prepare_sleep() ? wait_time() : 0;
  const int n = epoll_wait(epoll.get(), ready_events, kEvents, wait);
  mail.woken();
  now = clock_now();
  for (int i = 0; i < n; i++) {
    const uint64_t tag = ready_events[i].data.u64, rest = tag & ((1ull << 56) - 1);
    const uint32_t mask = ready_events[i].events;
    if (tag >> 56 == kListener) accept_all(listeners[rest]);
    if (tag >> 56 == kConnection) ready(rest, mask);
    if (tag >> 56 == kDns) dns->ready(static_cast<int>(rest), (mask & ~EPOLLOUT) != 0, (mask & EPOLLOUT) != 0);
  }
  take_mail();
  fire();
}

void Edge::Impl::take_mail() {
  if (!mail.take(orders)) return;
  for (EdgeOrder& order : orders) obey(order);
  orders.clear();
}

void Edge::Impl::obey(EdgeOrder& order) {
  if (auto* o = std::get_if<SendOrder>(&order)) {
    send(*o);
  } else if (auto* o = std::get_if<ProvenOrder>(&order)) {
    if (Connection* c = find(o->connection)) prove(*c);
  } else if (auto* o = std::get_if<CloseOrder>(&order)) {
    if (Connection* c = find(o->connection)) close_after_writing(*c);
  } else if (auto* o = std::get_if<LookupOrder>(&order)) {
    dns->ask(o->lookup, [this, shard = o->shard](const sip::Lookup& lookup, sip::DnsAnswer&& answer) {
      if (running) events.located(shard, lookup.query, std::move(answer));
    });
  } else {
    running = false;
  }
}

int Edge::Impl::wait_time() const {
  int64_t us = -1;
  const auto sooner = [&](int64_t at) { us = us < 0 ? at : std::min(us, at); };
  const Instant present = clock_now();
  if (timers.size() > 0) sooner(std::max<int64_t>(0, (timers.next() - present).us));
  if (listen_again.us != 0) sooner(std::max<int64_t>(0, (listen_again - present).us));
  if (const Duration d = dns->next(); d.us >= 0) sooner(d.us);
  return us < 0 ? -1 : static_cast<int>(std::min<int64_t>(us / 1000 + 1, 60'000));
}

void Edge::Impl::fire() {
  dns->fire();
  timers.fire(now, [this](Instant at, sip::ConnectionId id) {
    Connection* c = find(id);
    if (c == nullptr || c->armed != at) return;
    c->armed = kNever;
    if (c->deadline > now) {
      c->armed = c->deadline;
      timers.arm(c->deadline, id);
    } else {
      expire(*c);
    }
  });
  if (listen_again.us != 0 && listen_again <= now) {
    listen_again = {};
    for (size_t i = 0; i < listeners.size(); i++)
      watch(listeners[i].fd.get(), tag_of(kListener, i), EPOLLIN, EPOLL_CTL_MOD);
  }
}

void Edge::Impl::count(uint64_t EdgeCounters::*which) {
  const std::lock_guard lock(mutex);
  (counters.*which)++;
}

}  // namespace carillon::net
