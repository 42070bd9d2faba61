#pragma once
// The loop of a call thread (docs/ARCHITECTURE.md, section 5.1): datagrams and letters in, one turn of the shard,
// batches out. Never waits for anything but work.

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "net/udp.h"
#include "server/clock.h"
#include "server/letters.h"
#include "server/pace.h"
#include "server/trace_ring.h"
#include "shard/shard.h"
#include "state/store.h"

namespace carillon::server {

// Where what leaves a shard goes, but for datagrams. Called on the shard's thread; must not block.
class Exits {
 public:
  virtual ~Exits() = default;
  virtual void store(std::vector<state::Post>&& posts) = 0;
  // False when it cannot be taken: the flow is reported as unsent.
  virtual bool send_stream(const sip::Flow& flow, std::string_view bytes) = 0;
  virtual void proven(sip::ConnectionId connection) = 0;
  virtual void close(sip::ConnectionId connection) = 0;
  virtual bool lookup(uint16_t shard, const sip::Lookup& lookup) = 0;
  virtual void mail(uint16_t shard, shard::ToShard&& message) = 0;
  virtual void request(std::vector<call::ConfigRequest>&& requests) = 0;
  // A snapshot that this shard uses no more: to be destroyed elsewhere.
  virtual void retire(config::SnapshotPtr snapshot) = 0;
};

class ShardLoop {
 public:
  // `sockets` by listener index; those of streams are not valid (fd -1). `trace` may be null.
  ShardLoop(uint16_t index, std::unique_ptr<shard::Shard> shard, std::vector<net::UdpSocket> sockets,
            config::SnapshotPtr snapshot, const Clock& clock, Exits& exits, TraceRing* trace);
  ~ShardLoop();
  ShardLoop(const ShardLoop&) = delete;
  ShardLoop& operator=(const ShardLoop&) = delete;

  // Before start(): bindings and calls come back.
  void restore(const state::Loaded& loaded);
  void start();
  void stop();
  ShardMailbox& mailbox() { return mailbox_; }
  // Runs `question` in a turn and waits for it, 5 s at most; false when it did not come to be.
  bool ask(std::function<void(shard::Shard&, Instant, shard::Output&)> question);
  uint64_t applied_revision() const { return applied_.load(std::memory_order_acquire); }
  uint64_t dropped_datagrams() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  struct Wire {
    net::UdpSocket socket;
    net::UdpSender sender;
    bool watching_write = false;
  };
  void run();
  bool receive(Wire& wire, Instant now);
  bool read_mail(Instant now);
  void open_letter(Instant now, Letter& letter);
  void take_snapshot(Instant now, config::SnapshotPtr snapshot);
  void deliver(Instant now);
  void transmit(Instant now, const sip::Transmit& transmit);
  Wire* wire_for(const sip::Flow& flow);
  void rest();
  void gather();
  void watch(Wire& wire);

  const uint16_t index_;
  std::unique_ptr<shard::Shard> shard_;
  std::vector<std::unique_ptr<Wire>> wires_;  // by listener; null for streams
  config::SnapshotPtr snapshot_;
  const Clock& clock_;
  Exits& exits_;
  TraceRing* trace_;
  ShardMailbox mailbox_;
  Pace pace_;
  std::vector<Letter> letters_;
  net::UdpReceiver receiver_;
  net::UnsentFn unsent_;
  std::vector<sip::Flow> unsent_flows_;  // to be told in the next turn
  shard::Output out_;
  net::Fd epoll_;
  bool running_ = true;
  std::atomic<uint64_t> applied_{0}, dropped_{0};
  std::thread thread_;
};

}  // namespace carillon::server
