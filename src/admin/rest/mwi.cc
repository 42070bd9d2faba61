// Message waiting of a line.

#include "admin/problem.h"
#include "admin/rest/routes.h"
#include "admin/rest/rows.h"

namespace carillon::admin {
namespace {

http::Response mailbox_response(const Result<json::object>& mailbox) {
  if (!mailbox) return problem(mailbox.error());
  return json_response(200, json::print(*mailbox));
}

}  // namespace

http::Response list_mailboxes(const Context& c) { return rows_response(c, c.live.mailboxes()); }

http::Response show_mailbox(const Context& c) {
  const auto line = c.service.line_id(c.name);
  if (!line) return problem(line.error());
  return mailbox_response(c.live.mailbox(*line));
}

http::Response set_mailbox(const Context& c) {
  const auto line = c.service.line_id(c.name);
  if (!line) return problem(line.error());
  const auto parsed = json::parse(c.request.body);
  if (!parsed) return problem({FaultKind::invalid, "The body is not JSON: " + parsed.error().text, ""});
  if (!parsed->is_object()) return problem({FaultKind::invalid, "The body must be a JSON object of fields", ""});
  return mailbox_response(c.live.set_mailbox(*line, parsed->get_object()));
}

}  // namespace carillon::admin
