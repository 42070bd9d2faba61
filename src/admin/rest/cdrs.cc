// Call detail records: listed, and exported as files.

#include <chrono>
#include <map>

#include "admin/cdr/export.h"
#include "admin/problem.h"
#include "admin/rest/rows.h"
#include "base/text.h"
#include "text/moment.h"

namespace carillon::admin {
namespace {

constexpr size_t kPage = 1000;  // records read at once: an export of millions takes no more memory than this
constexpr std::string_view kTaken[] = {"limit", "since", "until", "number", "cause", "call", "format"};

Instant now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

Fault not_a_moment(std::string_view text, std::string field) {
  return {FaultKind::invalid,
          "not a time: " + printable(text, 40) + "; say 2026-11-22, 2026-11-22T13:05:06Z, 1795000000, 2h or 7d",
          std::move(field)};
}

Result<void> read_times(const http::Request& request, state::CdrQuery& to) {
  if (const auto text = request.parameter("since"); !text.empty()) {
    const auto at = parse_moment(text, now());
    if (!at) return not_a_moment(text, "since");
    to.since = *at;
  }
  if (const auto text = request.parameter("until"); !text.empty()) {
    const auto at = parse_moment(text, now());
    if (!at) return not_a_moment(text, "until");
    to.until = *at;
  }
  return {};
}

Result<state::CdrQuery> query_of(const http::Request& request) {
  state::CdrQuery out;
  if (const auto r = read_times(request, out); !r) return r.error();
  out.number = request.parameter("number");
  if (const auto text = request.parameter("cause"); !text.empty()) {
    const auto cause = to_number<uint8_t>(text);
    if (!cause || *cause > 127)
      return Fault{FaultKind::invalid, "not a Q.850 cause (0 to 127): " + printable(text, 40), "cause"};
    out.cause = *cause;
  }
  if (const auto text = request.parameter("call"); !text.empty()) {
    const auto id = record_of_name(text);
    if (!id) return Fault{FaultKind::invalid, "not the name of a call: " + printable(text, 40), "call"};
    out.global = *id;
  }
  out.id = record_of_name(request.parameter("name")).value_or(0);
  const auto limit = limit_of(request);
  if (!limit) return limit.error();
  out.limit = *limit;
  return out;
}

bool has_more_filters(const http::Request& request) {
  for (const auto& [name, value] : request.query) {
    bool taken = false;
    for (const auto known : kTaken) taken |= known == name;
    if (!taken) return true;
  }
  return false;
}

// Partitions by id, each asked for once.
class Partitions {
 public:
  explicit Partitions(Service& service) : service_(service) {}
  std::string operator()(int64_t id) {
    if (id == 0) return "";
    const auto [at, is_new] = names_.try_emplace(id);
    if (is_new) at->second = service_.partition_name(id);
    return at->second;
  }

 private:
  Service& service_;
  std::map<int64_t, std::string> names_;
};

struct Export {
  bool cucm = false;
  std::string cluster;
  state::CdrQuery query;
};

void write_records(Live& live, Service& service, Export e, http::Writer& to) {
  Partitions names(service);
  const PartitionName partition = [&names](int64_t id) { return names(id); };
  if (e.cucm && !to.write(cucm::head())) return;
  size_t left = e.query.limit == 0 ? SIZE_MAX : e.query.limit;
  bool first = true;
  while (left > 0) {
    e.query.limit = std::min(left, kPage);
    const auto page = live.cdrs(e.query);
    if (!page) return;
    std::string lines;
    if (first && !e.cucm) append_csv_names(lines, record_object(state::Cdr(), partition));
    first = false;
    for (const auto& cdr : *page) {
      if (e.cucm) {
        cucm::append_row(lines, {cdr, partition, e.cluster});
      } else {
        append_csv_row(lines, record_object(cdr, partition));
      }
    }
    if (!lines.empty() && !to.write(lines)) return;
    if (page->size() < e.query.limit) return;
    left -= page->size();
    e.query.past_start = page->back().start, e.query.past_id = page->back().id;
  }
}

std::string cluster_of(Service& service) {
  const auto parameter = service.get("parameters", "cluster-id");
  const auto* value = parameter ? parameter->if_contains("value") : nullptr;
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "StandAloneCluster";
}

}  // namespace

http::Response list_cdrs(const Context& c) {
  auto query = query_of(c.request);
  if (!query) return problem(query.error());
  // With a filter of ours the limit counts what passes it, so all are asked for.
  if (has_more_filters(c.request)) query->limit = 0;
  const auto records = c.live.cdrs(*query);
  if (!records) return problem(records.error());
  Partitions names(c.service);
  json::array rows;
  rows.reserve(records->size());
  for (const auto& cdr : *records) rows.push_back(record_object(cdr, [&names](int64_t id) { return names(id); }));
  return rows_response(c, rows, kTaken);
}

http::Response export_cdrs(const Context& c) {
  const auto format = c.request.parameter("format");
  if (!format.empty() && format != "cucm" && format != "csv")
    return problem(
        {FaultKind::invalid, "no such format: " + printable(format, 40) + "; there are cucm and csv", "format"});
  auto query = query_of(c.request);
  if (!query) return problem(query.error());
  Export e;
  e.cucm = format != "csv";
  e.cluster = cluster_of(c.service);
  e.query = *query;
  e.query.oldest_first = true;
  const Instant until = std::min(e.query.until, now());
  const std::string name = cucm::file_name(e.cluster, until, 1) + (e.cucm ? "" : ".csv");
  http::Response out;
  out.content_type = "text/csv; charset=utf-8";
  out.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  out.produce = [&live = c.live, &service = c.service, e](http::Writer& to) { write_records(live, service, e, to); };
  return out;
}

}  // namespace carillon::admin
