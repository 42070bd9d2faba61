#include "admin/cli/remote.h"

#include <cstdlib>

#include "admin/cli.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// "field: detail" for each, else the detail.
std::string problem_text(const http::ClientResponse& response) {
  const auto parsed = json::parse(response.body);
  const auto* problem = parsed ? parsed->if_object() : nullptr;
  if (problem == nullptr) return "the server answered " + std::to_string(response.status);
  const auto text_of = [](const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_string() ? printable(std::string_view(value->get_string()), 1000)
                                                  : std::string();
  };
  std::string out;
  const auto* errors = problem->if_contains("errors");
  if (errors != nullptr && errors->is_array()) {
    for (const auto& each : errors->get_array()) {
      if (!each.is_object()) continue;
      const auto field = text_of(each.get_object(), "field");
      out +=
          (out.empty() ? "" : "\n       ") + (field.empty() ? "" : field + ": ") + text_of(each.get_object(), "detail");
    }
  }
  if (out.empty()) out = text_of(*problem, "detail");
  return out.empty() ? text_of(*problem, "title") : out;
}

}  // namespace

int Terminal::fail(int code, const std::string& text) const {
  out.flush();
  err << "error: " << text << "\n";
  return code;
}

Result<Remote> Remote::make(const ClientFlags& flags) {
  Remote out;
  const std::string server = !flags.server.empty()     ? flags.server
                             : !flags.data_dir.empty() ? ""
                                                       : environment("CARILLON_SERVER");
  out.options_.verify = !flags.insecure;
  out.options_.ca_file = flags.ca_file;
  if (!flags.if_revision.empty()) out.if_match_ = "\"" + flags.if_revision + "\"";
  if (!server.empty()) {
    auto endpoint = http::parse_endpoint(server);
    if (!endpoint) return endpoint.error();
    out.endpoint_ = std::move(*endpoint);
    out.token_ = !flags.token.empty() ? flags.token : environment("CARILLON_TOKEN");
    if (out.token_.find_first_of("\r\n") != std::string::npos)
      return Fault{FaultKind::invalid, "the token has a line end", "token"};
    return out;
  }
  out.data_dir_ = !flags.data_dir.empty() ? flags.data_dir : environment("CARILLON_DATA_DIR");
  if (out.data_dir_.empty()) out.data_dir_ = default_data_dir();
  out.endpoint_.unix_socket = out.data_dir_ + "/carillon.sock";
  return out;
}

Result<http::ClientResponse> Remote::send(http::ClientRequest request, const http::OnPiece& on_piece) const {
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  return http::send(endpoint_, options_, request, on_piece);
}

Result<http::ClientResponse> Remote::call(std::string_view method, const std::string& target,
                                          const std::optional<json::object>& body) const {
  http::ClientRequest request;
  request.method = method;
  request.target = target;
  if (body) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = json::print(*body);
  }
  if (!if_match_.empty() && method != "GET") request.headers.emplace_back("If-Match", if_match_);
  return send(std::move(request), nullptr);
}

std::optional<json::value> Remote::fetch(const Terminal& terminal, const std::string& target, int* exit) const {
  const auto response = call("GET", target, {});
  *exit = !response                     ? complain(terminal, response.error())
          : response->status / 100 != 2 ? complain(terminal, *response)
                                        : kOk;
  if (*exit != kOk) return {};
  auto parsed = json::parse(response->body);
  if (parsed) return std::move(*parsed);
  *exit = terminal.fail(kFailed, "the server's answer is not JSON: " + parsed.error().text);
  return {};
}

int Remote::complain(const Terminal& terminal, const Fault& fault) const {
  std::string text = fault.text;
  if (!data_dir_.empty() && fault.kind == FaultKind::unavailable) {
    text += "\n       Is the server running? `carillon serve --data-dir " + data_dir_ +
            "` starts it; --data-dir DIR or --server URL names another.";
  } else if (!data_dir_.empty() && fault.kind == FaultKind::denied) {
    text +=
        "\n       The socket is its owner's alone: run this as the server's user or as root, or use --server URL "
        "--token T.";
  }
  return terminal.fail(fault.kind == FaultKind::denied ? kDenied : kUnreachable, text);
}

int Remote::complain(const Terminal& terminal, const http::ClientResponse& response) {
  std::string text = problem_text(response);
  if (response.status == 401)
    return terminal.fail(kDenied, text + "\n       Give it with --token T or CARILLON_TOKEN.");
  if (response.status == 403) return terminal.fail(kDenied, text);
  return terminal.fail(response.status == 404 ? kNotFound : kFailed, text);
}

std::string query_text(const std::vector<std::pair<std::string, std::string>>& query) {
  std::string out;
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    out += (out.empty() ? "?" : "&") + http::percent_encode(name) + "=" + http::percent_encode(value);
  }
  return out;
}

}  // namespace carillon::admin
