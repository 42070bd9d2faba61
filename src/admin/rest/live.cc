// What is going on now: registrations, refusals, calls, trace, status, metrics.

#include <algorithm>

#include "admin/problem.h"
#include "admin/rest/routes.h"
#include "admin/rest/rows.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

constexpr Duration kTracePoll = milliseconds(200);
constexpr int kQuietPolls = 50;  // after so many without a message an empty line shows the watcher that we live

uint64_t last_sequence(const json::array& messages, uint64_t before) {
  for (const auto& message : messages) {
    const auto* sequence = message.is_object() ? message.get_object().if_contains("sequence") : nullptr;
    if (sequence != nullptr && sequence->is_number()) before = std::max(before, sequence->to_number<uint64_t>());
  }
  return before;
}

void follow(Live& live, const std::string& call, uint64_t after, http::Writer& to) {
  int quiet = 0;
  do {
    const auto messages = live.trace(call, after);
    if (!messages) return;
    std::string lines;
    for (const auto& message : *messages) lines += json::print(message) + "\n";
    after = last_sequence(*messages, after);
    quiet = lines.empty() ? quiet + 1 : 0;
    if (quiet % kQuietPolls == 0 && lines.empty()) lines = "\n";
    if (!lines.empty() && !to.write(lines)) return;
  } while (to.wait(kTracePoll));
}

http::Response nothing_or_problem(const Result<void>& done) {
  if (!done) return problem(done.error());
  http::Response out;
  out.status = 204;
  return out;
}

}  // namespace

http::Response list_registrations(const Context& c) { return rows_response(c, c.live.registrations()); }
http::Response list_refusals(const Context& c) { return rows_response(c, c.live.refusals()); }
http::Response list_calls(const Context& c) { return rows_response(c, c.live.calls()); }
http::Response list_subscriptions(const Context& c) { return rows_response(c, c.live.subscriptions()); }
http::Response list_call_backs(const Context& c) { return rows_response(c, c.live.call_backs()); }

http::Response release_call(const Context& c) { return nothing_or_problem(c.live.release_call(c.name)); }
http::Response remove_call_back(const Context& c) { return nothing_or_problem(c.live.remove_call_back(c.name)); }

http::Response show_trace(const Context& c) {
  const auto text = c.request.parameter("after");
  const auto after = text.empty() ? std::optional<uint64_t>(0) : to_number<uint64_t>(text);
  if (!after) return problem({FaultKind::invalid, "not a number: " + printable(text, 40), "after"});
  const std::string call(c.request.parameter("call"));
  const auto messages = c.live.trace(call, *after);
  if (!messages) return problem(messages.error());
  if (c.request.parameter("follow") != "true") return json_response(200, json::print(*messages));
  http::Response out;
  out.content_type = "application/x-ndjson";
  out.produce = [&live = c.live, call, from = *after](http::Writer& to) { follow(live, call, from, to); };
  return out;
}

http::Response show_licence(const Context& c) { return json_response(200, json::print(c.service.licence())); }
http::Response show_status(const Context& c) { return json_response(200, json::print(c.live.status())); }

http::Response show_metrics(const Context& c) {
  auto out = json_response(200, c.live.metrics());
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  if (out.body.ends_with("\n\n")) out.body.pop_back();
  return out;
}

http::Response show_health(const Context&) { return json_response(200, "{\"status\":\"ok\"}"); }

http::Response show_ready(const Context& c) {
  const bool ready = c.live.ready();
  return json_response(ready ? 200 : 503, ready ? "{\"status\":\"ready\"}" : "{\"status\":\"not ready\"}");
}

}  // namespace carillon::admin
