#pragma once
// The production shards in the simulated world: the loop of src/server without sockets and threads. One to three shards
// with mail between them, killed and started again from the disk.

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "call/counts.h"
#include "disk.h"
#include "network.h"
#include "shard/shard.h"
#include "trace.h"
#include "world.h"

namespace carillon::sim {

struct ServerOptions {
  uint16_t shards = 1;
  std::vector<sip::Listener> listeners;
  sip::TimerValues timers;
  Duration mail_takes = microseconds(30);  // from one shard to another
};

class Server : public Endpoint {
 public:
  Server(World& world, Network& network, Trace& trace, Disk& disk, ServerOptions options, config::SnapshotPtr snapshot);
  ~Server() override;

  // Loads what the disk has and opens the listeners.
  void boot();
  // The process is gone at this instant: memory, connections, posts under way.
  void kill();
  bool alive() const { return !shards_.empty(); }
  uint32_t life() const { return life_; }
  void configure(config::SnapshotPtr snapshot);
  // The administration: makes a change that a phone asked for, or looks into the call records, and answers in its own
  // time, or not at all.
  using Reply = std::function<void(const call::ConfigAnswer& answer)>;
  std::function<void(const call::ConfigRequest&, Reply)> administration;
  const Address& address(size_t listener) const { return options_.listeners[listener].bound; }

  size_t shards() const { return shards_.size(); }
  shard::Shard& shard(size_t i) { return *shards_[i]->shard; }
  // Calls and transactions that live, over all shards.
  size_t leftovers() const;
  // Calls that appearances are still busy with.
  uint64_t counted() const { return counts_ == nullptr ? 0 : counts_->total(); }
  size_t bindings() const;
  // As an administrator does it: in the shard that the number belongs to.
  bool set_mailbox(config::EntityId line, const std::string& number, const lines::Mailbox& mailbox);

  // Forgets a call-back, in whichever shard it is.
  bool remove_call_back(uint64_t key);

  void datagram(const Address& from, const Address& to, View bytes) override;
  void accepted(StreamId id, const Address& from, const Address& to, bool tls) override;
  void data(StreamId id, View bytes) override;
  void closed(StreamId id) override;

 private:
  struct Unit {
    uint16_t index = 0;
    std::unique_ptr<Random> random;
    std::unique_ptr<shard::Shard> shard;
    shard::Output out;
    Instant wake = kNever;  // an event is queued for then
  };
  struct Connection;
  sip::Flow flow_of(const Address& from, const Address& to, bool stream) const;
  void start_shard(uint16_t index, const state::Loaded& loaded);
  void take(Unit& unit, const sip::Flow& flow, View bytes);
  // Does what a turn asked for, then sleeps until the next deadline.
  void finish_turn(Unit& unit);
  void transmit(const sip::Transmit& what);
  StreamId connection_to(const sip::Flow& flow);
  void send_mail(Unit& unit);
  void ask_administration(Unit& unit);
  void sleep(Unit& unit);

  World& world_;
  Network& network_;
  Trace& trace_;
  Disk& disk_;
  ServerOptions options_;
  config::SnapshotPtr snapshot_;
  std::unique_ptr<call::AppearanceCounts> counts_;  // outlives the shards
  std::vector<std::unique_ptr<Unit>> shards_;
  std::unordered_map<StreamId, std::unique_ptr<Connection>> connections_;
  std::string nonce_key_;
  uint32_t life_ = 0;
};

}  // namespace carillon::sim
