// POST /api/v1/import: CSV in, a report out; with `Accept: application/x-ndjson` progress as it goes.

#include "admin/problem.h"
#include "admin/rest/routes.h"

namespace carillon::admin {
namespace {

bool is_true(std::string_view text) { return text == "true" || text == "1" || text == "on" || text == "yes"; }

json::object report_object(const ImportReport& report) {
  json::object out;
  out["rows"] = report.rows;
  out["added"] = report.added;
  out["updated"] = report.updated;
  out["unchanged"] = report.unchanged;
  json::array rejected;
  for (const auto& row : report.rejected) {
    rejected.push_back(json::object{{"line", row.line}, {"reason", row.reason}, {"text", row.text}});
  }
  out["rejected"] = std::move(rejected);
  out["applied"] = report.applied;
  return out;
}

struct Job {
  Service& service;
  Live& live;
  std::string csv;
  bool dry_run, atomic, wait;

  Result<ImportReport> run(const std::function<void(size_t, size_t)>& progress) const {
    auto report = service.import(csv, dry_run, atomic, progress);
    if (report && wait && report->applied) live.wait_applied(service.revision());
    return report;
  }
};

// The import goes on when its watcher leaves: what was begun ends in one known way.
void stream(const Job& job, http::Writer& to) {
  const auto report = job.run([&to](size_t done, size_t all) {
    to.write(json::print(json::object{{"done", done}, {"all", all}}) + "\n");
  });
  if (report) {
    to.write(json::print(json::object{{"report", report_object(*report)}}) + "\n");
  } else {
    std::string body = problem(report.error()).body;
    body.pop_back();  // its line end: each object is a line
    to.write("{\"problem\":" + body + "}\n");
  }
}

}  // namespace

http::Response import_csv(const Context& c) {
  if (c.request.body.empty()) return problem(400, "The body is empty: send CSV with a header row");
  Job job{c.service,
          c.live,
          c.request.body,
          is_true(c.request.parameter("dryRun")),
          is_true(c.request.parameter("atomic")),
          c.request.parameter("wait") == "applied"};
  if (c.request.header("accept").find("application/x-ndjson") == std::string_view::npos) {
    const auto report = job.run([](size_t, size_t) {});
    return report ? json_response(200, json::print(report_object(*report))) : problem(report.error());
  }
  http::Response out;
  out.content_type = "application/x-ndjson";
  out.produce = [job = std::move(job)](http::Writer& to) { stream(job, to); };
  return out;
}

}  // namespace carillon::admin
