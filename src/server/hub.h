#pragma once
// Where threads meet: letters to shards from edge, store and administration, and out of the shards to edge and store.
// Holds no state of calls. Thread-safe.

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "net/edge.h"
#include "server/shard_loop.h"
#include "state/sqlite_store.h"

namespace carillon::server {

class ConfigDesk;

class Hub final : public net::EdgeEvents, public Exits {
 public:
  // What it passes on to; set before any thread starts, and alive until all have ended.
  void connect(std::vector<std::unique_ptr<ShardLoop>>& loops, net::Edge& edge) { loops_ = &loops, edge_ = &edge; }
  void connect(state::Store& store) { store_ = &store; }
  void connect(ConfigDesk& desk) { desk_ = &desk; }

  // From the store.
  void durable(uint16_t shard, state::Token token);
  // From the configuration.
  void configure(const config::SnapshotPtr& snapshot);
  void answered(const call::ConfigRequest& request, call::ConfigAnswer answer);

  // From the edge.
  void message(const sip::Flow& flow, std::string&& bytes) override;
  void lost(sip::ConnectionId connection) override;
  void unsent(const sip::Flow& flow) override;
  void located(uint16_t shard, uint64_t query, sip::DnsAnswer&& answer) override;

  // From the shards.
  void store(std::vector<state::Post>&& posts) override { store_->post(std::move(posts)); }
  bool send_stream(const sip::Flow& flow, std::string_view bytes) override { return edge_->send(flow, bytes); }
  void proven(sip::ConnectionId connection) override { edge_->proven(connection); }
  void close(sip::ConnectionId connection) override { edge_->close(connection); }
  bool lookup(uint16_t shard, const sip::Lookup& lookup) override { return edge_->lookup(shard, lookup); }
  void mail(uint16_t shard, shard::ToShard&& message) override;
  void retire(config::SnapshotPtr snapshot) override;
  void request(std::vector<call::ConfigRequest>&& requests) override;

  // By a thread that has time: destroys snapshots that nobody uses any more.
  void bury();
  uint64_t refused_messages() const { return refused_.load(std::memory_order_relaxed); }

 private:
  std::vector<std::unique_ptr<ShardLoop>>* loops_ = nullptr;
  net::Edge* edge_ = nullptr;
  state::Store* store_ = nullptr;
  ConfigDesk* desk_ = nullptr;
  std::atomic<uint64_t> refused_{0};  // letters that found a full mailbox
  std::mutex mutex_;
  std::vector<config::SnapshotPtr> retired_;
};

}  // namespace carillon::server
