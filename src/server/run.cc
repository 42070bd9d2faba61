// From the first phone to the last call: what the main thread does while the others work.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "server/boot.h"
#include "server/log.h"

namespace carillon::server {
namespace {

constexpr Duration kTick = milliseconds(500);
constexpr Duration kDrainTick = milliseconds(50);
constexpr Duration kGoodbyes = seconds(2);  // for the answers to our BYEs

}  // namespace

Greeting Server::greeting() const {
  Greeting g;
  g.data_dir = dir_->path();
  g.first = dir_->fresh();
  g.listeners = open_;
  g.demo = demo_;
  g.addresses = local_addresses();
  return g;
}

void Server::run(Signals& signals) {
  std::error_code ignored;
  auto certificate = std::filesystem::last_write_time(dir_->certificate_file(), ignored);
  bool store_ok = true;
  for (;;) {
    const Wish wish = signals.wait(kTick);
    hub_.bury();
    const auto now = std::filesystem::last_write_time(dir_->certificate_file(), ignored);
    if (wish == Wish::reload || (!ignored && now != certificate)) certificate = now, reload();
    const auto health = store_->health();
    if (health.ok != store_ok) {
      store_ok = health.ok;
      store_ok
          ? log_info("store", "takes changes again")
          : log_error("store", "cannot write (" + health.error + "); new registrations wait, everything else goes on");
    }
    if (wish == Wish::stop) break;
  }
  drain(signals);
  stop();
}

// What can change while it runs: the certificate and the level of the log.
void Server::reload() {
  if (const auto options = again_(); options) {
    set_log_level(options->log_level);
  } else {
    log_error("options", options.error().text + "; the old ones stay in use");
  }
  if (auto r = edge_->reload_certificate(); !r)
    return log_error("tls", r.error().text + "; the old certificate stays in use");
  if (!web_->reload_certificate()) log_error("https", "the certificate cannot be used; the old one stays in use");
  log_info("tls", "certificate read again");
}

// No new calls; those there are may end by themselves, for a while. A second signal ends it at once: calls are records,
// and can be hung up after the next start.
void Server::drain(Signals& signals) {
  notify_manager("STOPPING=1");
  live_->set_draining();
  for (auto& loop : loops_) loop->ask([](shard::Shard& s, Instant, shard::Output&) { s.drain(); });
  size_t calls = live_->calls_now().value_or(0);
  if (calls > 0) {
    log_info("drain", std::to_string(calls) + " calls may end by themselves for " +
                          std::to_string(options_.drain.seconds()) +
                          " s; a second signal stops at once and leaves them to the next start");
  }
  bool hurry = false;
  const auto wait_until = [&](Instant end) {
    while (calls > 0 && clock_.now() < end) {
      if (signals.wait(kDrainTick) == Wish::stop) {
        hurry = true;
        return;
      }
      calls = live_->calls_now().value_or(0);
    }
  };
  wait_until(clock_.now() + options_.drain);
  if (calls == 0 || hurry) return;
  live_->release_all();
  wait_until(clock_.now() + kGoodbyes);
}

// The reverse of boot. The store writes what it still has.
void Server::stop() {
  if (web_) web_->stop();
  for (auto& loop : loops_) loop->stop();
  if (edge_) edge_->stop();
  store_.reset();
  hub_.bury();
}

}  // namespace carillon::server
