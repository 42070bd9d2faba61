#pragma once
// The edge's inside: one epoll loop over listeners, connections, the mailbox and the resolver's sockets.

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "base/timers.h"
#include "net/connection.h"
#include "net/edge.h"
#include "net/mailbox.h"

namespace carillon::net {

struct SendOrder {
  sip::Flow flow;
  std::string bytes;
};
struct ProvenOrder {
  sip::ConnectionId connection;
};
struct CloseOrder {
  sip::ConnectionId connection;
};
struct LookupOrder {
  uint16_t shard;
  sip::Lookup lookup;
};
struct StopOrder {};
using EdgeOrder = std::variant<SendOrder, ProvenOrder, CloseOrder, LookupOrder, StopOrder>;

struct Edge::Impl {
  struct Listener {
    Fd fd;
    sip::Transport transport;
    uint16_t index;
    Address bound;
  };
  // What an epoll event is about: kind in the upper byte, connection, index or descriptor below.
  enum Kind : uint64_t { kMail = 0, kListener = 1, kConnection = 2, kDns = 3 };
  struct ByAddress {
    size_t operator()(const Address& a) const { return a.hash(); }
  };
  struct ByIp {
    size_t operator()(const std::array<uint8_t, 16>& ip) const {
      return hash_bytes({reinterpret_cast<const char*>(ip.data()), ip.size()}, 7);
    }
  };
  struct Way {
    sip::Transport transport;
    Address remote;
    bool operator==(const Way&) const = default;
  };
  struct ByWay {
    size_t operator()(const Way& w) const { return w.remote.hash() * 3 + static_cast<size_t>(w.transport); }
  };

  Impl(EdgeOptions o, EdgeEvents& e) : options(std::move(o)), events(e), next_id(options.first_connection) {}

  // edge_loop.cc
  Result<void> prepare();
  void run();
  void turn();
  void take_mail();
  void obey(EdgeOrder& order);
  void watch(int fd, uint64_t tag, uint32_t mask, int operation);
  int wait_time() const;
  void fire();
  void count(uint64_t EdgeCounters::*which);

  // edge_open.cc: where connections come from
  void accept_all(Listener& listener);
  void admit(Listener& listener, Fd fd, const Address& remote);
  void send(const SendOrder& order);
  Connection* open(const sip::Flow& flow);
  Connection& add(Fd fd, sip::Flow flow);

  // edge_life.cc: what happens to them
  void ready(sip::ConnectionId id, uint32_t mask);
  void connected(Connection& c);
  void shake(Connection& c);
  void read(Connection& c);
  bool take_messages(Connection& c);
  void write(Connection& c);
  void queue(Connection& c, std::string_view bytes);
  void close_after_writing(Connection& c);
  void drop(Connection& c);
  void prove(Connection& c);
  void expire(Connection& c);
  void set_deadline(Connection& c, Duration from_now);
  void rewatch(Connection& c);
  Connection* find(sip::ConnectionId id);

  EdgeOptions options;
  EdgeEvents& events;
  Mailbox<EdgeOrder> mail;
  std::vector<EdgeOrder> orders;
  Fd epoll;
  std::vector<Listener> listeners;
  std::unordered_map<sip::ConnectionId, std::unique_ptr<Connection>> connections;
  std::unordered_map<std::array<uint8_t, 16>, size_t, ByIp> per_source;
  // TCP: whoever is connected from or to that address; TLS: only those that we opened, whose certificate was for it.
  std::unordered_map<Way, sip::ConnectionId, ByWay> by_remote;
  Timers<sip::ConnectionId> timers;
  sip::ConnectionId next_id;
  std::shared_ptr<const TlsContext> client_context;
  std::unique_ptr<Dns> dns;
  Instant now;
  Instant listen_again;  // out of descriptors: listeners rest until then; zero when they do not
  std::vector<char> buffer;
  bool running = false;

  mutable std::mutex mutex;  // guards what follows
  std::shared_ptr<const TlsContext> server_context;
  EdgeCounters counters;
  std::thread thread;
};

}  // namespace carillon::net
