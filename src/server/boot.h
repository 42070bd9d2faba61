#pragma once
// Everything that a running server owns, and the order in which it comes and goes (docs/ARCHITECTURE.md, section 8):
// directory, secrets, configuration, state, shards with what they had before, listeners, edge, web.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "admin/open.h"
#include "admin/rest.h"
#include "admin/service.h"
#include "base/random.h"
#include "call/counts.h"
#include "http/server.h"
#include "net/edge.h"
#include "server/clock.h"
#include "server/config_desk.h"
#include "server/data_dir.h"
#include "server/greeting.h"
#include "server/hub.h"
#include "server/live.h"
#include "server/options.h"
#include "server/shard_loop.h"
#include "server/signals.h"
#include "state/sqlite_store.h"

namespace carillon::server {

class Server {
 public:
  // `again` reads the options once more, for a reload.
  Server(Options options, std::function<Result<Options>()> again)
      : options_(std::move(options)), again_(std::move(again)) {}
  ~Server();
  // The fault says what is wrong and how to put it right; nothing runs then.
  Result<void> start();
  Greeting greeting() const;
  // Until told to stop; then drains and shuts down.
  void run(Signals& signals);

 private:
  Result<void> open_stores();
  Result<void> open_sip();
  Result<void> open_udp(const ListenerOption& listener, uint16_t index);
  Result<void> open_stream(const ListenerOption& listener, uint16_t index);
  Result<void> open_shards();
  Result<void> start_shards();
  Result<void> open_web();
  std::vector<Address> usable(const std::vector<Address>& from, bool by_default, const char* kind);
  void reload();
  void drain(Signals& signals);
  void stop();

  Options options_;
  std::function<Result<Options>()> again_;
  Clock clock_;
  std::unique_ptr<DataDir> dir_;
  std::unique_ptr<Random> random_;
  std::string nonce_key_, token_;
  std::vector<admin::DemoPhone> demo_;
  std::vector<OpenListener> open_;

  // In the order of their making: each may use those above it.
  Hub hub_;
  std::unique_ptr<admin::Service> service_;
  std::unique_ptr<state::SqliteStore> store_;
  std::unique_ptr<net::Edge> edge_;
  std::atomic<uint64_t> trace_sequence_{0};
  std::vector<std::unique_ptr<TraceRing>> traces_;
  std::vector<ListenerOption> sip_;                   // those that are open, by index
  std::vector<std::vector<net::UdpSocket>> sockets_;  // by shard, then listener
  std::vector<sip::Listener> sip_listeners_;
  std::vector<std::unique_ptr<Random>> shard_random_;
  std::unique_ptr<call::AppearanceCounts> counts_;
  std::vector<std::unique_ptr<ShardLoop>> loops_;
  std::unique_ptr<ConfigDesk> desk_;
  std::unique_ptr<LiveServer> live_;
  std::unique_ptr<admin::Rest> rest_;
  std::unique_ptr<http::Server> web_;
};

}  // namespace carillon::server
