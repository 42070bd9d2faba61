#include "admin/rest/routes.h"

#include <algorithm>

#include "http/url.h"

namespace carillon::admin {
namespace {

constexpr std::string_view kJson = "application/json";

constexpr QueryParameter kListQuery[] = {
    {"limit", "integer", "At most so many; the Link header leads on"},
    {"after", "string", "Those behind this one, in the order of their names"},
    {"q", "string", "Those that have this in one of their fields"},
};
constexpr QueryParameter kWriteQuery[] = {
    {"wait", "string", "`applied`: answer when the change is in force for calls (5 s at most)"},
};
constexpr QueryParameter kImportQuery[] = {
    {"dryRun", "boolean", "Check everything, change nothing"},
    {"atomic", "boolean", "All rows or none"},
    {"wait", "string", "`applied`: answer when the change is in force for calls (5 s at most)"},
};
constexpr QueryParameter kLimitQuery[] = {
    {"limit", "integer", "At most so many"},
    {"q", "string", "Those that have this in one of their fields"},
};
constexpr QueryParameter kCdrQuery[] = {
    {"since", "string",
     "Begun then or later: 2026-11-22, 2026-11-22T13:05:06Z, seconds since 1970, or an age (2h, 7d)"},
    {"until", "string", "Begun before then"},
    {"number", "string", "Those with this number: calling, dialled, called, or the last that sent the call on"},
    {"cause", "integer", "With this Q.850 cause"},
    {"call", "string", "All records of this call"},
    {"limit", "integer", "At most so many"},
    {"q", "string", "Those that have this in one of their fields"},
};
constexpr QueryParameter kExportQuery[] = {
    {"format", "string", "`cucm` (the described system's columns and codes; the default) or `csv` (ours)"},
    {"since", "string",
     "Begun then or later: 2026-11-22, 2026-11-22T13:05:06Z, seconds since 1970, or an age (2h, 7d)"},
    {"until", "string", "Begun before then"},
    {"number", "string", "Those with this number: calling, dialled, called, or the last that sent the call on"},
    {"cause", "integer", "With this Q.850 cause"},
    {"call", "string", "All records of this call"},
    {"limit", "integer", "At most so many, the oldest"},
};
constexpr QueryParameter kTraceQuery[] = {
    {"call", "string", "Of this call only: its name, or a SIP Call-ID"},
    {"after", "integer", "Those behind this sequence number"},
    {"follow", "boolean", "Go on as messages come, one JSON object a line"},
};
constexpr std::span<const QueryParameter> kNone;

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/{collection}", Access::token, list_entities, "list", "List each {label}", "", "{}[]", kJson, 200,
     kListQuery},
    {"POST", "/api/v1/{collection}", Access::token, add_entity, "add", "Add a {label}", kJson, "{}", kJson, 201,
     kWriteQuery, Kind::added},
    {"GET", "/api/v1/{collection}/{name}", Access::token, get_entity, "get", "Show a {label}", "", "{}", kJson, 200,
     kNone},
    {"PATCH", "/api/v1/{collection}/{name}", Access::token, update_entity, "update",
     "Change fields of a {label}; those left out stay", kJson, "{}", kJson, 200, kWriteQuery},
    {"PUT", "/api/v1/{collection}/{name}", Access::token, update_entity, "put", "The same as PATCH", kJson, "{}", kJson,
     200, kWriteQuery},
    {"DELETE", "/api/v1/{collection}/{name}", Access::token, remove_entity, "remove", "Remove a {label}", "", "", "",
     204, kWriteQuery, Kind::added},
    {"POST", "/api/v1/{collection}/{name}/reset", Access::token, reset_entity, "reset",
     "Put a built-in {label} back to what it was when installed", "", "{}", kJson, 200, kWriteQuery, Kind::resettable},
    {"POST", "/api/v1/import", Access::token, import_csv, "importCsv",
     "Import users, phones and lines from CSV; with `Accept: application/x-ndjson` progress comes before the report",
     "text/csv", "ImportReport", kJson, 200, kImportQuery},
    {"GET", "/api/v1/registrations", Access::token, list_registrations, "listRegistrations",
     "Phones that are registered", "", "Registration[]", kJson, 200, kLimitQuery},
    {"GET", "/api/v1/refusals", Access::token, list_refusals, "listRefusals", "Refused attempts, why, and what to do",
     "", "Refusal[]", kJson, 200, kLimitQuery},
    {"GET", "/api/v1/calls", Access::token, list_calls, "listCalls", "Calls that are up", "", "Call[]", kJson, 200,
     kLimitQuery},
    {"DELETE", "/api/v1/calls/{name}", Access::token, release_call, "releaseCall", "End a call", "", "", "", 204,
     kNone},
    {"GET", "/api/v1/subscriptions", Access::token, list_subscriptions, "listSubscriptions",
     "Who watches which line: lamps, presence, message waiting", "", "Subscription[]", kJson, 200, kLimitQuery},
    {"GET", "/api/v1/call-backs", Access::token, list_call_backs, "listCallBacks",
     "Call-backs that phones have asked for, and that wait", "", "CallBack[]", kJson, 200, kLimitQuery},
    {"DELETE", "/api/v1/call-backs/{name}", Access::token, remove_call_back, "removeCallBack",
     "Forget a call-back; calls that it has begun go on", "", "", "", 204, kNone},
    {"GET", "/api/v1/mwi", Access::token, list_mailboxes, "listMwi", "Lines whose mailbox is not empty", "",
     "Mailbox[]", kJson, 200, kLimitQuery},
    {"GET", "/api/v1/mwi/{name}", Access::token, show_mailbox, "showMwi", "What waits in the mailbox of a line", "",
     "Mailbox", kJson, 200, kNone},
    {"PUT", "/api/v1/mwi/{name}", Access::token, set_mailbox, "setMwi",
     "Set what waits in the mailbox of a line; its phones are told", kJson, "Mailbox", kJson, 200, kNone},
    {"GET", "/api/v1/cdrs", Access::token, list_cdrs, "listCdrs", "Call detail records, newest first", "", "Cdr[]",
     kJson, 200, kCdrQuery},
    {"GET", "/api/v1/cdrs/export", Access::token, export_cdrs, "exportCdrs",
     "Call detail records as a file, oldest first", "", "", "text/csv", 200, kExportQuery},
    {"GET", "/api/v1/trace", Access::token, show_trace, "listTrace", "SIP messages that were kept", "",
     "TraceMessage[]", kJson, 200, kTraceQuery},
    {"GET", "/api/v1/licence", Access::token, show_licence, "showLicence", "Device licence units in use", "", "Licence",
     kJson, 200, kNone},
    {"GET", "/api/v1/status", Access::token, show_status, "showStatus", "The server at a glance", "", "Status", kJson,
     200, kNone},
    {"GET", "/api/v1/openapi.json", Access::open, show_openapi, "showOpenapi", "This document", "", "Object", kJson,
     200, kNone},
    {"GET", "/api/docs", Access::open, show_docs, "showDocs", "A page for people about this API", "", "", "text/html",
     200, kNone},
    {"GET", "/metrics", Access::nearby, show_metrics, "showMetrics", "Metrics in Prometheus' text form", "", "",
     "text/plain", 200, kNone},
    {"GET", "/healthz", Access::open, show_health, "showHealth", "Whether the process lives", "", "Object", kJson, 200,
     kNone},
    {"GET", "/readyz", Access::open, show_ready, "showReady", "Whether the server takes calls: 200 or 503", "",
     "Object", kJson, 200, kNone},
};

// Fits the segments to the pattern; fills in collection and name.
bool fits(const Route& route, const std::vector<std::string>& segments, Match& to) {
  std::string_view pattern = route.path;
  for (const auto& segment : segments) {
    if (pattern.empty()) return false;
    pattern.remove_prefix(1);
    const auto part = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(part.size());
    if (part == "{collection}") {
      to.collection = find_collection(segment);
      if (to.collection == nullptr || !takes(route, *to.collection)) return false;
    } else if (part == "{name}") {
      to.name = segment;
    } else if (part != segment) {
      return false;
    }
  }
  return pattern.empty();
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

bool takes(const Route& route, const Collection& collection) {
  switch (route.kind) {
    case Kind::any:
      return true;
    case Kind::added:
      return !collection.fixed;
    case Kind::resettable:
      break;
  }
  return collection.resettable;
}

Match match(std::string_view method, const http::Request& request) {
  Match out;
  const auto segments = http::path_segments(request.target.empty() ? request.path : request.target);
  if (!segments || segments->empty()) return out;
  if (method == "HEAD") method = "GET";
  for (const auto& route : kRoutes) {
    Match candidate;
    if (!fits(route, *segments, candidate)) continue;
    out.allowed.push_back(route.method);
    if (route.method != method || out.route != nullptr) continue;
    out.route = &route;
    out.collection = candidate.collection;
    out.name = std::move(candidate.name);
  }
  return out;
}

}  // namespace carillon::admin
