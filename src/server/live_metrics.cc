// Prometheus text. The one door to prometheus-cpp: its serializer over families made when asked.
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <fstream>
#include <sstream>

#include "net/certificate.h"
#include "server/live.h"
#include "server/version.h"

namespace carillon::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<std::string, std::string>>;

class Families {
 public:
  void begin(std::string name, std::string help, MetricType type) {
    list_.push_back({std::move(name), std::move(help), type, {}});
  }
  void add(double value, const Labels& labels = {}) {
    ClientMetric metric;
    for (const auto& [name, text] : labels) metric.label.push_back({name, text});
    if (list_.back().type == MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    list_.back().metric.push_back(std::move(metric));
  }
  void counter(const char* name, const char* help, uint64_t value) {
    begin(name, help, MetricType::Counter);
    add(static_cast<double>(value));
  }
  void gauge(const char* name, const char* help, double value) {
    begin(name, help, MetricType::Gauge);
    add(value);
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(list_); }

 private:
  std::vector<MetricFamily> list_;
};

void add_sip(Families& f, const LiveServer::Sums& s) {
  f.begin("carillon_sip_requests_total", "Requests received, retransmissions too", MetricType::Counter);
  for (size_t i = 0; i < sip::kMethods; i++) {
    const auto name = sip::name_of(static_cast<sip::Method>(i));
    f.add(static_cast<double>(s.shard.requests[i]),
          {{"method", name.empty() ? "other" : std::string(name)}, {"direction", "in"}});
  }
  f.begin("carillon_sip_responses_total", "Responses sent, without retransmissions", MetricType::Counter);
  for (size_t i = 1; i < std::size(s.stack.sent_responses); i++) {
    f.add(static_cast<double>(s.stack.sent_responses[i]), {{"class", std::to_string(i) + "xx"}});
  }
  f.counter("carillon_sip_messages_total", "Datagrams and messages received", s.shard.messages_in);
  f.begin("carillon_sip_parse_errors_total", "What could not be read", MetricType::Counter);
  f.add(static_cast<double>(s.shard.not_sip), {{"reason", "not-sip"}});
  f.add(static_cast<double>(s.shard.malformed), {{"reason", "malformed"}});
  f.begin("carillon_sip_retransmissions_total", "Retransmissions", MetricType::Counter);
  f.add(static_cast<double>(s.stack.received_retransmissions), {{"direction", "in"}});
  f.add(static_cast<double>(s.stack.sent_retransmissions), {{"direction", "out"}});
  f.counter("carillon_sip_timeouts_total", "Client transactions without an answer", s.stack.timeouts);
  f.gauge("carillon_sip_transactions", "Transactions kept", static_cast<double>(s.transactions));
  f.counter("carillon_sip_dropped_datagrams_total", "Datagrams that the kernel did not take", s.dropped_datagrams);
  f.counter("carillon_auth_challenges_total", "Challenges sent", s.shard.challenges);
  f.counter("carillon_auth_failures_total", "Refused attempts", s.refused_attempts);
  f.begin("carillon_registrations", "Contacts registered", MetricType::Gauge);
  constexpr const char* kNames[] = {"udp", "tcp", "tls"};
  for (size_t i = 0; i < 3; i++) f.add(static_cast<double>(s.registrations[i]), {{"transport", kNames[i]}});
  f.begin("carillon_subscriptions", "Subscriptions at present", MetricType::Gauge);
  constexpr const char* kPackages[] = {"message-summary", "dialog", "presence"};
  for (size_t i = 0; i < 3; i++) f.add(static_cast<double>(s.subscriptions[i]), {{"package", kPackages[i]}});
  f.counter("carillon_subscriptions_total", "Subscriptions begun", s.lines.subscribed);
  f.counter("carillon_subscriptions_failed_total", "Subscriptions ended by a failed NOTIFY", s.lines.failed);
  f.gauge("carillon_call_backs", "Call-backs that wait or are under way", static_cast<double>(s.call_backs));
  f.counter("carillon_notifies_total", "NOTIFYs sent", s.lines.notifies);
  f.counter("carillon_publications_total", "PUBLISHes accepted", s.lines.published);
  f.gauge("carillon_calls_active", "Calls at present", static_cast<double>(s.calls_now));
  f.begin("carillon_calls_total", "Calls", MetricType::Counter);
  f.add(static_cast<double>(s.calls.answered), {{"result", "answered"}});
  f.add(static_cast<double>(s.calls.failed), {{"result", "failed"}});
  f.gauge("carillon_config_revision", "Configuration in force", static_cast<double>(s.revision));
}

void add_store(Families& f, const state::StoreHealth& h) {
  f.gauge("carillon_store_up", "1 when the state store takes what it is given", h.ok ? 1 : 0);
  f.counter("carillon_store_commits_total", "Group commits", h.commits);
  f.counter("carillon_store_failures_total", "Commits that the disk refused", h.failures);
  f.counter("carillon_store_dropped_total", "Call records given up", h.dropped);
  f.gauge("carillon_store_waiting", "Changes not yet on disk", static_cast<double>(h.waiting));
  f.begin("carillon_store_latency_seconds", "Time of a commit", MetricType::Gauge);
  f.add(static_cast<double>(h.last_commit.us) / 1e6, {{"op", "last"}});
  f.add(static_cast<double>(h.longest_commit.us) / 1e6, {{"op", "longest"}});
}

void add_edge(Families& f, const net::EdgeCounters& e) {
  f.gauge("carillon_connections", "TCP and TLS connections", static_cast<double>(e.connections));
  f.gauge("carillon_connections_unproven", "Of them, those that have said nothing valid yet",
          static_cast<double>(e.strangers));
  f.begin("carillon_connections_closed_total", "Connections that we ended", MetricType::Counter);
  f.add(static_cast<double>(e.strangers_closed), {{"reason", "stranger"}});
  f.add(static_cast<double>(e.idle_closed), {{"reason", "idle"}});
  f.add(static_cast<double>(e.overflowed), {{"reason", "overflow"}});
  f.add(static_cast<double>(e.refused), {{"reason", "limit"}});
  f.add(static_cast<double>(e.handshake_failures), {{"reason", "handshake"}});
}

}  // namespace

std::string LiveServer::metrics() {
  Families f;
  f.begin("carillon_build_info", "Version", MetricType::Gauge);
  f.add(1, {{"version", kVersion}});
  if (const auto s = sums()) add_sip(f, *s);
  add_store(f, view_.store->health());
  add_edge(f, view_.edge->counters());
  f.counter("carillon_mailbox_refused_total", "Messages lost to a full mailbox", view_.hub->refused_messages());
  std::ifstream in(view_.certificate_file);
  std::stringstream text;
  text << in.rdbuf();
  if (const auto info = net::read_certificate(text.str())) {
    f.gauge("carillon_tls_certificate_expiry_timestamp_seconds", "End of the TLS certificate",
            static_cast<double>(info->ends.us) / 1e6);
  }
  return f.text();
}

}  // namespace carillon::server
