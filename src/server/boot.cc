#include "server/boot.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/text.h"
#include "db/key_file.h"
#include "db/open.h"
#include "server/demo_file.h"
#include "server/large_pages.h"
#include "server/log.h"
#include "server/version.h"

namespace carillon::server {
namespace {

constexpr size_t kNonceKeyBytes = 32;
constexpr size_t kTokenBytes = 24;
constexpr Duration kRecordsPatience = seconds(1);  // of a phone's look into the call records, for those on their way

// As many descriptors as we may have: each connection takes one.
void raise_limits() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

const char* kind_of(sip::Transport t) {
  return t == sip::Transport::udp ? "UDP" : t == sip::Transport::tcp ? "TCP" : "TLS";
}

std::string advertised_text(const ListenerOption& l) {
  if (l.advertised_host.empty()) return "";
  return l.advertised_port == 0 ? l.advertised_host : l.advertised_host + ":" + std::to_string(l.advertised_port);
}

}  // namespace

Server::~Server() { stop(); }

Result<void> Server::start() {
  umask(0077);
  raise_limits();
  using Step = Result<void> (Server::*)();
  const auto all = [this](std::initializer_list<Step> steps) -> Result<void> {
    for (const Step step : steps) {
      if (auto r = (this->*step)(); !r) return r;
    }
    return {};
  };
  {
    const LargePages large_pages;  // what is read in now stays
    if (auto r = all({&Server::open_stores, &Server::open_sip, &Server::open_shards}); !r) return r;
  }
  if (auto r = all({&Server::start_shards, &Server::open_web}); !r) return r;
  live_->set_listeners(open_);
  live_->set_ready(true);
  return {};
}

Result<void> Server::open_stores() {
  auto dir = DataDir::open(options_.data_dir);
  if (!dir) return dir.error();
  dir_ = std::make_unique<DataDir>(std::move(*dir));
  auto random = db::system_random();
  if (!random) return random.error();
  random_ = std::make_unique<Random>(*random);
  set_hash_key(random_->next64());
  auto nonce_key = dir_->secret("nonce.key", kNonceKeyBytes, *random_);
  if (!nonce_key) return nonce_key.error();
  nonce_key_ = *nonce_key;
  auto token = dir_->secret("token", kTokenBytes, *random_);
  if (!token) return token.error();
  token_ = hex(*token);
  if (auto r = dir_->ensure_certificate(clock_.now()); !r) return r;
  auto repository = db::open_repository(dir_->path());
  if (!repository) return repository.error();
  auto seed = db::system_random();
  if (!seed) return seed.error();
  auto service = admin::open_service(std::move(*repository), *seed);
  if (!service) return service.error();
  service_ = std::move(*service);
  if (options_.demo) {
    auto demo = admin::seed_demo(*service_, *random_);
    if (!demo) return demo.error();
    demo_ = std::move(*demo);
    if (demo_.empty()) {
      demo_ = read_demo(*dir_);
    } else if (auto r = write_demo(*dir_, demo_); !r) {
      return r;
    }
  }
  auto store = state::SqliteStore::open({.path = dir_->file("state.db"), .full_sync = options_.full_sync},
                                        [this](uint16_t shard, state::Token t) { hub_.durable(shard, t); });
  if (!store) return store.error();
  store_ = std::move(*store);
  return {};
}

// A listener that was asked for and cannot be opened is fatal; a default one is a warning.
Result<void> Server::open_sip() {
  net::EdgeOptions edge;
  edge.certificate_file = dir_->certificate_file(), edge.key_file = dir_->key_file();
  edge.ca_file = options_.ca_file;
  edge.dns.servers = options_.dns_servers;
  edge.first_connection = static_cast<sip::ConnectionId>(clock_.now().us);
  edge_ = std::make_unique<net::Edge>(edge, hub_);
  sockets_.resize(options_.shards);
  for (const ListenerOption& listener : options_.sip) {
    const auto index = static_cast<uint16_t>(sip_.size());
    const auto r = listener.transport == sip::Transport::udp ? open_udp(listener, index) : open_stream(listener, index);
    if (r) continue;
    if (!options_.sip_by_default) return r;
    log_warning("sip", r.error().text);
  }
  if (sip_.empty() && options_.sip_by_default) {
    return Fault{FaultKind::unavailable,
                 "none of the SIP listeners could be opened; choose others with --sip-udp, --sip-tcp, --sip-tls", ""};
  }
  // The strings that these view stay in sip_, which changes no more.
  for (const ListenerOption& l : sip_)
    sip_listeners_.push_back({l.transport, l.bind, l.advertised_host, l.advertised_port});
  return {};
}

Result<void> Server::open_udp(const ListenerOption& listener, uint16_t index) {
  net::UdpOptions options{.bind = listener.bind, .share = options_.shards > 1};
  for (uint16_t shard = 0; shard < options_.shards; shard++) {
    auto socket = net::UdpSocket::open(options, index);
    if (!socket) return socket.error();
    options.bind = socket->bound();  // the same port for all
    sockets_[shard].resize(index);
    sockets_[shard].push_back(std::move(*socket));
  }
  sip_.push_back(listener);
  sip_.back().bind = options.bind;
  open_.push_back({"UDP", options.bind, advertised_text(listener)});
  return {};
}

Result<void> Server::open_stream(const ListenerOption& listener, uint16_t index) {
  const auto bound = edge_->listen(listener.transport, listener.bind, index);
  if (!bound) return bound.error();
  sip_.push_back(listener);
  sip_.back().bind = *bound;
  open_.push_back({kind_of(listener.transport), *bound, advertised_text(listener)});
  return {};
}

// Shards have back what they had before anything is read from a socket.
Result<void> Server::open_shards() {
  const Instant now = clock_.now();
  auto loaded = store_->load(now);
  if (!loaded) return loaded.error();
  const auto snapshot = service_->snapshot();
  counts_ = std::make_unique<call::AppearanceCounts>(snapshot->phones());
  hub_.connect(*store_);
  hub_.connect(loops_, *edge_);
  for (uint16_t i = 0; i < options_.shards; i++) {
    auto random = db::system_random();
    if (!random) return random.error();
    shard_random_.push_back(std::make_unique<Random>(*random));
    shard::ShardOptions options;
    options.index = i, options.shards = options_.shards;
    options.listeners = sip_listeners_;
    options.nonce_key = nonce_key_;
    options.counts = counts_.get();
    if (snapshot->parameters().send_server_header) options.server_header = std::string("Carillon/") + kVersion;
    auto shard = std::make_unique<shard::Shard>(std::move(options), *shard_random_.back(), snapshot);
    if (options_.trace) traces_.push_back(std::make_unique<TraceRing>(trace_sequence_));
    loops_.push_back(std::make_unique<ShardLoop>(i, std::move(shard), std::move(sockets_[i]), snapshot, clock_, hub_,
                                                 options_.trace ? traces_.back().get() : nullptr));
  }
  for (auto& loop : loops_) loop->restore(*loaded);
  log_info("boot", std::to_string(loaded->bindings.size()) + " registrations and " +
                       std::to_string(loaded->calls.size()) + " calls restored");
  return {};
}

Result<void> Server::start_shards() {
  service_->subscribe([this](config::SnapshotPtr next) { hub_.configure(next); });
  hub_.configure(service_->snapshot());
  desk_ = std::make_unique<ConfigDesk>(
      *service_,
      [this](const state::CdrQuery& query) {
        store_->settle(kRecordsPatience);  // the call of a moment ago is one of them
        return store_->cdrs(query);
      },
      [this] { return clock_.now(); },
      [this](const call::ConfigRequest& request, call::ConfigAnswer answer) {
        hub_.answered(request, std::move(answer));
      });
  hub_.connect(*desk_);
  if (auto r = edge_->start(); !r) return r;
  for (auto& loop : loops_) loop->start();
  return {};
}

}  // namespace carillon::server
