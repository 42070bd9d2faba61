#include "admin/rest.h"

#include "admin/problem.h"
#include "admin/rest/routes.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

constexpr size_t kEntityBody = 1 << 20;  // bytes; only an import may be larger

std::string_view bearer(const http::Request& request) {
  const auto value = request.header("authorization");
  return value.size() > 7 && iequals(value.substr(0, 7), "Bearer ") ? trim(value.substr(7)) : std::string_view();
}

bool may(Access access, const http::Request& request, const RestOptions& options) {
  if (access == Access::open || request.local) return true;
  if (access == Access::nearby && request.remote.is_loopback()) return true;
  return same_secret(bearer(request), options.token);
}

http::Response unauthorized() {
  auto out = problem(401,
                     "Show the token of this server: Authorization: Bearer TOKEN (it stands in the file token of the "
                     "data directory)");
  out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"carillon\"");
  return out;
}

http::Response wrong_method(const Match& found, std::string_view method) {
  std::string allow;
  for (const auto each : found.allowed) {
    allow.append(allow.empty() ? "" : ", ").append(each);
    if (each == "GET") allow += ", HEAD";
  }
  http::Response out;
  if (method == "OPTIONS") {
    out.status = 204;
  } else {
    out = problem(405, "There is no " + printable(method, 20) + " here; there is " + allow);
  }
  out.headers.emplace_back("Allow", allow);
  return out;
}

// What can be refused without the body.
std::optional<http::Response> refusal(const Match& found, const http::Request& request, const RestOptions& options) {
  const Access access = found.route != nullptr ? found.route->access : Access::token;
  const bool ours = request.path.starts_with("/api/");
  if (found.allowed.empty() && !ours) return problem(404, "There is nothing at " + printable(request.path, 100));
  // A stranger learns nothing of what there is under /api/.
  if ((found.route != nullptr || ours) && !may(access, request, options)) return unauthorized();
  if (found.allowed.empty()) {
    return problem(404, "There is nothing at " + printable(request.path, 100) + "; /api/docs lists what there is");
  }
  if (found.route == nullptr) return wrong_method(found, request.method);
  return {};
}

bool same_media(std::string_view given, std::string_view wanted) {
  given = trim(given.substr(0, given.find(';')));
  if (given.empty() || iequals(given, wanted)) return true;
  return wanted == "application/json" && iequals(given, "application/merge-patch+json");
}

}  // namespace

bool same_secret(std::string_view given, std::string_view expected) {
  if (expected.empty()) return false;
  unsigned difference = given.size() == expected.size() ? 0 : 1;
  for (size_t i = 0; i < expected.size(); i++) {
    const char mine = given.empty() ? '\0' : given[i % given.size()];
    difference |= static_cast<uint8_t>(mine ^ expected[i]);
  }
  return difference == 0;
}

std::optional<http::Response> Rest::admit(const http::Request& head) {
  const Match found = match(head.method, head);
  if (auto refused = refusal(found, head, options_)) return refused;
  const auto length = to_number<uint64_t>(head.header("content-length"));
  const bool chunked = !head.header("transfer-encoding").empty();
  if (found.route->body != "text/csv" && (chunked || length.value_or(0) > kEntityBody)) {
    return problem(413, "A body here has a Content-Length of at most 1 MiB");
  }
  return {};
}

http::Response Rest::handle(const http::Request& request) {
  const Match found = match(request.method, request);
  if (auto refused = refusal(found, request, options_)) return std::move(*refused);
  if (!found.route->body.empty() && !same_media(request.header("content-type"), found.route->body)) {
    return problem(415, "Send " + std::string(found.route->body));
  }
  return found.route->action({service_, live_, options_, request, found.collection, found.name});
}

}  // namespace carillon::admin
