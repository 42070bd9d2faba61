// The one-screen status.
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "net/certificate.h"
#include "server/live.h"
#include "server/log.h"
#include "server/version.h"

namespace carillon::server {
namespace {

constexpr size_t kErrorsShown = 10;

std::string span_text(Duration d) {
  const int64_t s = d.seconds();
  if (s >= 86'400) return fmt::format("{} d {} h", s / 86'400, s % 86'400 / 3600);
  if (s >= 3600) return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
  return s >= 60 ? fmt::format("{} min {} s", s / 60, s % 60) : fmt::format("{} s", s);
}

std::string certificate_text(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  const auto info = net::read_certificate(text.str());
  if (!info) return "cannot be read: " + info.error().text;
  return info->subject + ", until " + json::time_text(info->ends).substr(0, 10);
}

}  // namespace

std::optional<LiveServer::Sums> LiveServer::sums() {
  struct Shared {
    Sums sums;
    std::mutex mutex;
  };
  auto shared = std::make_shared<Shared>();
  const bool ok = ask_all([shared](shard::Shard& s, Instant, shard::Output&) {
    const std::lock_guard lock(shared->mutex);
    Sums& sums = shared->sums;
    const auto& c = s.counters();
    sums.shard.messages_in += c.messages_in, sums.shard.not_sip += c.not_sip, sums.shard.malformed += c.malformed;
    sums.shard.challenges += c.challenges, sums.shard.registrations += c.registrations,
        sums.shard.refusals += c.refusals;
    for (size_t i = 0; i < sip::kMethods; i++) sums.shard.requests[i] += c.requests[i];
    const auto& k = s.stack().counters();
    sums.stack.received_retransmissions += k.received_retransmissions;
    sums.stack.sent_retransmissions += k.sent_retransmissions;
    sums.stack.stray_responses += k.stray_responses, sums.stack.timeouts += k.timeouts;
    for (size_t i = 0; i < std::size(k.sent_responses); i++) sums.stack.sent_responses[i] += k.sent_responses[i];
    sums.stack.merged += k.merged, sums.stack.rejected_full += k.rejected_full;
    const auto& e = s.calls().counters();
    sums.calls.attempts += e.attempts, sums.calls.answered += e.answered, sums.calls.failed += e.failed;
    const auto& l = s.lines().counters();
    sums.lines.subscribed += l.subscribed, sums.lines.refused += l.refused, sums.lines.notifies += l.notifies;
    sums.lines.failed += l.failed, sums.lines.published += l.published;
    const auto by_package = s.lines().by_package();
    for (size_t i = 0; i < by_package.size(); i++) sums.subscriptions[i] += by_package[i];
    sums.call_backs += s.lines().call_backs();
    sums.calls_now += s.calls().calls();
    sums.transactions += s.stack().transactions();
    sums.refused_attempts += s.refusals().total();
  });
  if (!ok) return {};
  // All shards hold all bindings: those of one are the sum.
  const bool counted = view_.loops->front()->ask([shared](shard::Shard& s, Instant, shard::Output&) {
    const std::lock_guard lock(shared->mutex);
    s.registrar().for_each(
        [&](const registrar::Binding& b) { shared->sums.registrations[static_cast<size_t>(b.flow.transport)]++; });
  });
  if (!counted) return {};
  const std::lock_guard lock(shared->mutex);
  for (const auto& loop : *view_.loops) {
    shared->sums.dropped_datagrams += loop->dropped_datagrams();
    shared->sums.revision = loop->applied_revision();
  }
  return shared->sums;
}

json::object LiveServer::status() {
  json::object out;
  out["version"] = kVersion;
  out["state"] = draining_ ? "draining" : ready_ ? "ready" : "starting";
  out["uptime"] = span_text(view_.clock->now() - started_);
  out["dataDir"] = view_.data_dir;
  json::array listeners;
  for (const OpenListener& l : listeners_) {
    json::object one{{"kind", l.kind}, {"address", l.bound.text()}};
    if (!l.advertised.empty()) one["advertised"] = l.advertised;
    listeners.push_back(std::move(one));
  }
  out["listeners"] = std::move(listeners);
  if (const auto s = sums()) {
    out["registrations"] = s->registrations[0] + s->registrations[1] + s->registrations[2];
    out["calls"] = s->calls_now;
    out["answeredCalls"] = s->calls.answered;
    out["subscriptions"] = s->subscriptions[0] + s->subscriptions[1] + s->subscriptions[2];
    out["callBacks"] = s->call_backs;
    out["refusedAttempts"] = s->refused_attempts;
    out["messages"] = s->shard.messages_in;
    out["revision"] = s->revision;
  } else {
    out["calls"] = "the call threads do not answer";
  }
  const net::EdgeCounters edge = view_.edge->counters();
  out["connections"] = edge.connections;
  const state::StoreHealth store = view_.store->health();
  out["store"] =
      json::object{{"state", store.ok ? "ok" : "failing: " + store.error},
                   {"commits", store.commits},
                   {"waiting", store.waiting},
                   {"droppedRecords", store.dropped},
                   {"longestCommit", fmt::format("{:.1f} ms", static_cast<double>(store.longest_commit.us) / 1000)}};
  out["certificate"] = certificate_text(view_.certificate_file);
  json::array errors;
  for (const LoggedError& e : recent_errors()) {
    if (errors.size() == kErrorsShown) break;
    errors.push_back(json::object{{"time", json::time_text(e.time)}, {"component", e.component}, {"text", e.text}});
  }
  out["recentErrors"] = std::move(errors);
  return out;
}

}  // namespace carillon::server
