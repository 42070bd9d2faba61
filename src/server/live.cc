#include "server/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "admin/cdr/export.h"
#include "base/text.h"
#include "server/log.h"
#include "sip/scan.h"

namespace carillon::server {
namespace {

using json::time_text;

constexpr auto kAppliedPatience = std::chrono::seconds(5);

Fault busy() { return {FaultKind::unavailable, "the server is too busy to answer; try again", ""}; }

std::string_view text_of(registrar::Verification v) {
  return v == registrar::Verification::yes ? "yes" : v == registrar::Verification::no ? "no" : "no-credentials";
}

json::object object_of(const registrar::Binding& b, const std::string& phone) {
  return {{"name", b.number.str() + " " + b.contact.str()},
          {"number", b.number.view()},
          {"phone", phone},
          {"digestUser", b.digest_user.view()},
          {"contact", b.contact.view()},
          {"source", b.flow.remote.text()},
          {"transport", sip::via_name(b.flow.transport)},
          {"userAgent", printable(b.user_agent, 200)},
          {"registered", time_text(b.registered)},
          {"refreshed", time_text(b.refreshed)},
          {"expires", time_text(b.expires)},
          {"verified", b.verified},
          {"wouldVerify", text_of(b.verification)}};
}

json::object object_of(const registrar::Refusal& r) {
  return {{"first", time_text(r.first)},
          {"last", time_text(r.last)},
          {"count", r.count},
          {"source", r.source.text()},
          {"transport", r.transport},
          {"method", printable(r.method, 40)},
          {"user", printable(r.user, 200)},
          {"number", printable(r.number, 200)},
          {"reason", registrar::text_of(r.reason)},
          {"status", r.status},
          {"explanation", registrar::explanation_of(r.reason)},
          {"detail", printable(r.detail, 500)},
          {"remedy", registrar::remedy_of(r.reason)}};
}

json::object object_of(const call::CallInfo& c) {
  return {{"name", call_name(c.id)},           {"state", c.state},
          {"start", time_text(c.start)},       {"answer", time_text(c.answer)},
          {"callingNumber", c.calling_number}, {"callingPhone", c.calling_device},
          {"calledNumber", c.called_number},   {"calledPhone", c.called_device}};
}

}  // namespace

std::string call_name(uint64_t id) { return admin::record_name(id); }
std::optional<uint64_t> call_of_name(std::string_view name) { return admin::record_of_name(name); }

bool LiveServer::ask_all(const std::function<void(shard::Shard&, Instant, shard::Output&)>& f) {
  return std::all_of(view_.loops->begin(), view_.loops->end(), [&](auto& loop) { return loop->ask(f); });
}

Result<json::array> LiveServer::registrations() {
  auto rows = std::make_shared<std::vector<registrar::Binding>>();
  // Every shard holds all bindings; copied in the turn, made into text outside of it.
  const bool ok = view_.loops->front()->ask([rows](shard::Shard& s, Instant, shard::Output&) {
    rows->reserve(s.registrar().size());
    s.registrar().for_each([&](const registrar::Binding& b) { rows->push_back(b); });
  });
  if (!ok) return busy();
  std::sort(rows->begin(), rows->end(), [](const auto& a, const auto& b) {
    return a.number != b.number ? a.number.view() < b.number.view() : a.contact.view() < b.contact.view();
  });
  const auto snapshot = view_.snapshot();
  json::array out;
  out.reserve(rows->size());
  for (const auto& b : *rows) {
    const auto* phone = snapshot ? snapshot->phone(b.phone) : nullptr;
    out.push_back(object_of(b, phone == nullptr ? "" : phone->name));
  }
  return out;
}

Result<json::array> LiveServer::refusals() {
  auto rows = std::make_shared<std::vector<registrar::Refusal>>();
  const bool ok = ask_all([rows](shard::Shard& s, Instant, shard::Output&) {
    for (auto& r : s.refusals().list()) rows->push_back(std::move(r));
  });
  if (!ok) return busy();
  std::stable_sort(rows->begin(), rows->end(), [](const auto& a, const auto& b) { return a.last > b.last; });
  json::array out;
  for (const auto& r : *rows) out.push_back(object_of(r));
  return out;
}

Result<json::array> LiveServer::calls() {
  auto rows = std::make_shared<std::vector<call::CallInfo>>();
  const bool ok = ask_all([rows](shard::Shard& s, Instant, shard::Output&) {
    s.calls().for_each([&](const call::CallInfo& c) { rows->push_back(c); });
  });
  if (!ok) return busy();
  std::sort(rows->begin(), rows->end(), [](const auto& a, const auto& b) { return a.start < b.start; });
  json::array out;
  for (const auto& c : *rows) out.push_back(object_of(c));
  return out;
}

Result<void> LiveServer::do_once(std::string_view name, Deed deed, const char* what) {
  const auto id = call_of_name(name);
  auto found = std::make_shared<std::atomic<bool>>(false);
  if (id && !ask_all([found, deed, id = *id](shard::Shard& s, Instant now, shard::Output& out) {
        if (deed(s, now, id, out)) *found = true;
      })) {
    return busy();
  }
  if (*found) return {};
  return Fault{FaultKind::not_found, std::string("there is no ") + what + " " + printable(name, 100), "name"};
}

Result<void> LiveServer::release_call(std::string_view name) {
  return do_once(
      name, [](shard::Shard& s, Instant now, uint64_t id, shard::Output& out) { return s.release(now, id, out); },
      "call");
}

Result<std::vector<state::Cdr>> LiveServer::cdrs(const state::CdrQuery& query) { return view_.store->cdrs(query); }

// The SIP Call-IDs of both legs of a call, living or recorded; a text that names no call is a Call-ID itself.
std::vector<std::string> LiveServer::call_ids_of(std::string_view name) {
  const auto id = call_of_name(name);
  if (!id) return {std::string(name)};
  auto found = std::make_shared<std::vector<std::string>>();
  ask_all([found, call = *id](shard::Shard& s, Instant, shard::Output&) {
    s.calls().for_each([&](const call::CallInfo& c) {
      if (c.id == call) *found = {c.calling_call_id, c.called_call_id};
    });
  });
  if (!found->empty()) return *found;
  if (const auto cdr = view_.store->cdr(*id); cdr && *cdr) return {(*cdr)->calling_call_id, (*cdr)->called_call_id};
  return {std::string(name)};
}

Result<json::array> LiveServer::trace(std::string_view call, uint64_t after) {
  if (view_.traces->empty())
    return Fault{FaultKind::unavailable, "tracing is off: set trace = true in carillon.toml, or CARILLON_TRACE=on", ""};
  const auto ids = call.empty() ? std::vector<std::string>() : call_ids_of(call);
  std::vector<Traced> all;
  for (const auto& ring : *view_.traces) {
    auto some = ring->read(after);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), [](const Traced& a, const Traced& b) { return a.sequence < b.sequence; });
  json::array out;
  for (const Traced& t : all) {
    const std::string call_id(sip::scan(t.text).call_id);
    if (!ids.empty() && (call_id.empty() || std::find(ids.begin(), ids.end(), call_id) == ids.end())) continue;
    out.push_back(json::object{{"sequence", t.sequence},
                               {"time", time_text(t.at)},
                               {"direction", t.incoming ? "in" : "out"},
                               {"transport", sip::via_name(t.flow.transport)},
                               {"local", t.flow.local.text()},
                               {"remote", t.flow.remote.text()},
                               {"callId", printable(call_id, 300)},
                               {"text", mask_secrets(t.text)}});
  }
  return out;
}

bool LiveServer::wait_applied(uint64_t revision) {
  const auto end = std::chrono::steady_clock::now() + kAppliedPatience;
  const auto applied = [&] {
    return std::all_of(view_.loops->begin(), view_.loops->end(),
                       [&](auto& loop) { return loop->applied_revision() >= revision; });
  };
  while (!applied()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

std::optional<size_t> LiveServer::calls_now() {
  auto sum = std::make_shared<std::atomic<size_t>>(0);
  if (!ask_all([sum](shard::Shard& s, Instant, shard::Output&) { *sum += s.calls().calls(); })) return {};
  return sum->load();
}

void LiveServer::release_all() {
  ask_all([](shard::Shard& s, Instant now, shard::Output& out) {
    std::vector<call::CallId> ids;
    s.calls().for_each([&](const call::CallInfo& c) { ids.push_back(c.id); });
    for (const auto id : ids) s.release(now, id, out);
  });
}

}  // namespace carillon::server
