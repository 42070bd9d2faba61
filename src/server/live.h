#pragma once
// admin::Live over the running server: asks the shards in their turns, the store and the edge.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "admin/live.h"
#include "server/clock.h"
#include "server/hub.h"
#include "server/shard_loop.h"
#include "server/trace_ring.h"
#include "state/sqlite_store.h"

namespace carillon::server {

struct OpenListener {
  std::string kind;  // "UDP", "TCP", "TLS", "HTTP", "HTTPS"
  Address bound;
  std::string advertised;
};

// What Live looks at; all of it outlives it.
struct LiveView {
  const Clock* clock = nullptr;
  std::vector<std::unique_ptr<ShardLoop>>* loops = nullptr;
  std::vector<std::unique_ptr<TraceRing>>* traces = nullptr;  // one for each shard; empty when tracing is off
  net::Edge* edge = nullptr;
  state::SqliteStore* store = nullptr;
  Hub* hub = nullptr;
  std::function<config::SnapshotPtr()> snapshot;
  std::string certificate_file;
  std::string data_dir;
};

class LiveServer final : public admin::Live {
 public:
  explicit LiveServer(LiveView view) : view_(std::move(view)), started_(view_.clock->now()) {}

  Result<json::array> registrations() override;
  Result<json::array> refusals() override;
  Result<json::array> calls() override;
  Result<json::array> location_use() override;
  Result<void> release_call(std::string_view id) override;
  Result<json::array> subscriptions() override;
  Result<json::array> call_backs() override;
  Result<void> remove_call_back(std::string_view name) override;
  Result<json::array> mailboxes() override;
  Result<json::object> mailbox(config::EntityId line) override;
  Result<json::object> set_mailbox(config::EntityId line, const json::object& fields) override;
  Result<std::vector<state::Cdr>> cdrs(const state::CdrQuery& query) override;
  json::object status() override;
  std::string metrics() override;
  bool ready() override { return ready_.load(); }
  Result<json::array> trace(std::string_view call, uint64_t after) override;
  bool wait_applied(uint64_t revision) override;

  void set_listeners(std::vector<OpenListener> listeners) { listeners_ = std::move(listeners); }  // before set_ready()
  void set_ready(bool ready) { ready_ = ready; }
  void set_draining() { draining_ = true, ready_ = false; }
  // Calls at present over all shards; nothing when a shard does not answer.
  std::optional<size_t> calls_now();
  void release_all();

  // What the shards count, added up in their turns.
  struct Sums {
    shard::Shard::Counters shard;
    sip::Stack::Counters stack;
    call::Engine::Counters calls;
    size_t registrations[3] = {};  // by transport
    lines::Lines::Counters lines;
    size_t subscriptions[3] = {};  // by package
    size_t call_backs = 0;
    size_t calls_now = 0, transactions = 0;
    uint64_t refused_attempts = 0, dropped_datagrams = 0, revision = 0;
  };
  std::optional<Sums> sums();

 private:
  // f(shard, now, out) in a turn of each shard, one after the other. What f refers to must be shared: a shard may come
  // to it after the patience of ask() has ended.
  bool ask_all(const std::function<void(shard::Shard&, Instant, shard::Output&)>& f);
  // For what one of the shards has by this name: `deed` says whether it was this one.
  using Deed = bool (*)(shard::Shard&, Instant, uint64_t name, shard::Output&);
  Result<void> do_once(std::string_view name, Deed deed, const char* what);
  std::vector<std::string> call_ids_of(std::string_view call);

  // f(shard, now, out) in a turn of the shard that owns the number.
  bool ask_owner(std::string_view number, const std::function<void(shard::Shard&, Instant, shard::Output&)>& f);

  LiveView view_;
  const Instant started_;
  std::vector<OpenListener> listeners_;
  std::atomic<bool> ready_{false}, draining_{false};
};

// 16 hexadecimal digits, and back.
std::string call_name(uint64_t id);
std::optional<uint64_t> call_of_name(std::string_view name);

}  // namespace carillon::server
