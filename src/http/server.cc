#include "http/server.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <list>
#include <mutex>
#include <thread>

#include "http/connection.h"

namespace carillon::http {

struct Server::Impl {
  struct Listener {
    Fd fd;
    enum class Kind { http, https, local } kind;
    Address address;
  };
  struct Peer {
    std::thread thread;
    int fd = -1;  // for shutting down; the thread's channel owns it
    bool local = false;
    std::atomic<bool> busy{false};
    std::atomic<bool> over{false};
    std::mutex mutex;  // guards fd against its closing
  };

  Impl(ServerOptions o, Handler h)
      : options(std::move(o)),
        handler(std::move(h)),
        handlers(static_cast<ptrdiff_t>(std::clamp<size_t>(options.threads, 1, 1024))) {}
  Result<void> open();
  void accept_loop();
  void accept_one(const Listener& listener);
  void serve(Peer& peer, Fd fd, Listener::Kind kind, const Address& remote);
  void reap();
  bool make_room(bool local);

  ServerOptions options;
  Handler handler;
  std::counting_semaphore<1024> handlers;
  TlsContext tls;
  Fd stop_event;
  std::vector<Listener> listeners;
  std::list<Peer> peers;  // in order of arrival; touched by the accepting thread only
  std::thread acceptor;
};

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}
Server::~Server() { stop(); }

Result<void> Server::Impl::open() {
  for (const bool secure : {false, true}) {
    for (const auto& at : secure ? options.https : options.http) {
      auto fd = listen_tcp(at);
      if (!fd) return fd.error();
      const Address bound = local_address(*fd);
      listeners.push_back({std::move(*fd), secure ? Listener::Kind::https : Listener::Kind::http, bound});
    }
  }
  if (options.unix_socket.empty()) return {};
  auto fd = listen_unix(options.unix_socket);
  if (!fd) return fd.error();
  listeners.push_back({std::move(*fd), Listener::Kind::local, {}});
  return {};
}

Result<void> Server::start() {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2); a peer that left is an error there, not a signal
  if (!impl_->options.https.empty()) {
    auto loaded = impl_->tls.load_server(impl_->options.certificate_file, impl_->options.key_file);
    if (!loaded) return loaded;
  }
  impl_->stop_event = Fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  auto opened = impl_->open();
  if (!opened) {
    impl_->listeners.clear();
    return opened;
  }
  impl_->acceptor = std::thread([this] { impl_->accept_loop(); });
  return {};
}

bool Server::reload_certificate() {
  return impl_->tls.load_server(impl_->options.certificate_file, impl_->options.key_file).has_value();
}

void Server::stop() {
  if (!impl_->acceptor.joinable()) return;
  const uint64_t one = 1;
  [[maybe_unused]] const auto written =
      ::write(impl_->stop_event.get(), &one, sizeof one);  // never read: wakes every wait
  impl_->acceptor.join();
  for (auto& peer : impl_->peers) peer.thread.join();
  impl_->peers.clear();
  impl_->listeners.clear();
  if (!impl_->options.unix_socket.empty()) ::unlink(impl_->options.unix_socket.c_str());
}

std::vector<std::pair<std::string, Address>> Server::bound() const {
  std::vector<std::pair<std::string, Address>> out;
  for (const auto& listener : impl_->listeners) {
    if (listener.kind == Impl::Listener::Kind::local) continue;
    out.emplace_back(listener.kind == Impl::Listener::Kind::http ? "http" : "https", listener.address);
  }
  return out;
}

// Sleeps in poll over all listeners; the stop event is the last one.
void Server::Impl::accept_loop() {
  while (true) {
    std::vector<int> fds;
    for (const auto& listener : listeners) fds.push_back(listener.fd.get());
    const auto ready = wait_any(fds, stop_event.get(), seconds(5));
    if (!ready) return;
    for (const size_t index : *ready) accept_one(listeners[index]);
    reap();
  }
}

void Server::Impl::reap() {
  for (auto it = peers.begin(); it != peers.end();) {
    if (it->over) {
      it->thread.join();
      it = peers.erase(it);
    } else {
      ++it;
    }
  }
}

// Below the bound, or the connection that waits longest for its peer is told to go. Those told so may take a moment, so
// that for that moment there may be twice as many. False when all are at work.
bool Server::Impl::make_room(bool local) {
  const size_t bound = local ? options.local_connections : options.connections;
  size_t count = 0;
  Peer* oldest = nullptr;
  for (auto& peer : peers) {
    if (peer.local != local || peer.over) continue;
    count++;
    const std::lock_guard lock(peer.mutex);
    if (oldest == nullptr && !peer.busy && peer.fd >= 0) oldest = &peer;
  }
  if (count < bound) return true;
  if (oldest == nullptr || count >= 2 * bound + 8) return false;
  const std::lock_guard lock(oldest->mutex);
  if (oldest->fd >= 0) ::shutdown(oldest->fd, SHUT_RDWR);
  oldest->fd = -1;
  return true;
}

void Server::Impl::accept_one(const Listener& listener) {
  reap();
  Address remote;
  Fd fd = accept_from(listener.fd, &remote);
  if (!fd.valid()) return;
  const bool local = listener.kind == Listener::Kind::local;
  if (!make_room(local)) return;  // the peer sees the connection close and may come again
  Peer& peer = peers.emplace_back();
  peer.fd = fd.get();
  peer.local = local;
  peer.thread = std::thread([this, &peer, kind = listener.kind, remote, owned = std::move(fd)]() mutable {
    serve(peer, std::move(owned), kind, remote);
  });
}

void Server::Impl::serve(Peer& peer, Fd fd, Listener::Kind kind, const Address& remote) {
  {
    Channel channel(std::move(fd), stop_event.get());
    const bool secure = kind == Listener::Kind::https;
    if (!secure || channel.accept_tls(tls, monotonic_now() + options.header_time) == Io::ok) {
      const ConnectionContext context{options, handler, handlers};
      Connection(context, channel, peer.local, remote).run(peer.busy);
    }
    const std::lock_guard lock(peer.mutex);
    peer.fd = -1;
  }
  peer.over = true;
}

}  // namespace carillon::http
