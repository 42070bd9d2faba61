#include "admin/problem.h"

#include <algorithm>

#include "http/url.h"
#include "text/json.h"

namespace carillon::admin {
namespace {

bool is_field_name(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '[' ||
           c == ']';
  });
}

// "field: text" is a fault of that field; any other line belongs to `field`.
json::object one_error(std::string_view line, std::string_view field) {
  const size_t colon = line.find(": ");
  if (colon != std::string_view::npos && is_field_name(line.substr(0, colon))) {
    field = line.substr(0, colon);
    line.remove_prefix(colon + 2);
  }
  json::object out;
  out["field"] = std::string(field);
  out["detail"] = std::string(line);
  return out;
}

json::array errors_of(const Fault& fault) {
  json::array out;
  std::string_view rest = fault.text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    if (end > 0) out.push_back(one_error(rest.substr(0, end), fault.field));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

http::Response make(int status, std::string_view detail, json::array errors) {
  json::object body;
  body["type"] = "about:blank";
  body["title"] = std::string(http::reason_phrase(status));
  body["status"] = status;
  body["detail"] = std::string(detail);
  if (!errors.empty()) body["errors"] = std::move(errors);
  http::Response out = json_response(status, json::print(body));
  out.content_type = "application/problem+json";
  return out;
}

}  // namespace

int status_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::invalid:
      return 400;
    case FaultKind::not_found:
      return 404;
    case FaultKind::conflict:
      return 409;
    case FaultKind::denied:
      return 403;
    case FaultKind::unavailable:
      return 503;
    case FaultKind::internal:
      break;
  }
  return 500;
}

http::Response problem(int status, std::string_view detail) { return make(status, detail, {}); }

http::Response problem(const Fault& fault) {
  const bool of_fields = !fault.field.empty() || fault.text.find('\n') != std::string::npos;
  return make(status_of(fault.kind), fault.text, of_fields ? errors_of(fault) : json::array());
}

http::Response json_response(int status, std::string body) {
  http::Response out;
  out.status = status;
  out.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  out.body = std::move(body);
  out.body += '\n';
  return out;
}

}  // namespace carillon::admin
