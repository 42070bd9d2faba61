// Who watches which line, and what waits in its mailbox.

#include <algorithm>
#include <atomic>

#include "base/text.h"
#include "server/live.h"
#include "sip/route_key.h"

namespace carillon::server {
namespace {

using json::time_text;

constexpr uint32_t kMostMessages = 99'999;

Fault busy() { return {FaultKind::unavailable, "the server is too busy to answer; try again", ""}; }
Fault no_line() { return {FaultKind::not_found, "there is no such line any more", "number"}; }

json::object object_of(const lines::SubscriptionInfo& s) {
  return {{"name", s.id},
          {"package", s.package},
          {"number", s.number},
          {"watcher", s.watcher},
          {"phone", s.phone},
          {"contact", printable(s.contact, 300)},
          {"state", s.state},
          {"since", time_text(s.since)},
          {"expires", time_text(s.expires)},
          {"notifies", s.notifies}};
}

json::object object_of(const lines::CallBackInfo& b) {
  return {{"name", call_name(b.key)},
          {"number", b.number},
          {"phone", b.phone},
          {"target", b.target},
          {"state", std::string(b.state)},
          {"since", time_text(b.since)},
          {"expires", time_text(b.expires)}};
}

json::object object_of(const std::string& number, const lines::Mailbox& m) {
  return {{"number", number}, {"waiting", m.waiting},        {"new", m.fresh},
          {"old", m.old},     {"urgentNew", m.urgent_fresh}, {"urgentOld", m.urgent_old}};
}

Result<lines::Mailbox> mailbox_of(const json::object& fields) {
  lines::Mailbox m;
  std::optional<bool> waiting;
  for (const auto& each : fields) {
    const std::string_view name = each.key();
    if (name == "number") continue;
    if (name == "waiting") {
      if (!each.value().is_bool()) return Fault{FaultKind::invalid, "must be true or false", "waiting"};
      waiting = each.value().get_bool();
      continue;
    }
    uint32_t* count = name == "new"         ? &m.fresh
                      : name == "old"       ? &m.old
                      : name == "urgentNew" ? &m.urgent_fresh
                      : name == "urgentOld" ? &m.urgent_old
                                            : nullptr;
    if (count == nullptr) return Fault{FaultKind::invalid, "is not a field of a mailbox", std::string(name)};
    const auto number = to_number<uint32_t>(json::print(each.value()));
    if (!number || *number > kMostMessages)
      return Fault{FaultKind::invalid, "must be a whole number from 0 to 99999", std::string(name)};
    *count = *number;
    m.counted = true;
  }
  m.waiting = waiting.value_or(m.fresh + m.urgent_fresh != 0);
  if (!m.waiting && m.fresh + m.urgent_fresh != 0)
    return Fault{FaultKind::invalid, "new messages wait, so waiting cannot be false", "waiting"};
  if (m.counted && m.waiting && m.fresh + m.urgent_fresh == 0) m.counted = m.old + m.urgent_old != 0;
  return m;
}

}  // namespace

bool LiveServer::ask_owner(std::string_view number,
                           const std::function<void(shard::Shard&, Instant, shard::Output&)>& f) {
  const auto shards = static_cast<unsigned>(view_.loops->size());
  return (*view_.loops)[sip::shard_of_user(number, shards)]->ask(f);
}

Result<json::array> LiveServer::subscriptions() {
  auto rows = std::make_shared<std::vector<lines::SubscriptionInfo>>();
  const bool ok = ask_all([rows](shard::Shard& s, Instant, shard::Output&) {
    s.lines().for_each(s.snapshot(), [&](const lines::SubscriptionInfo& info) { rows->push_back(info); });
  });
  if (!ok) return busy();
  std::sort(rows->begin(), rows->end(), [](const auto& a, const auto& b) {
    return a.number != b.number ? a.number < b.number : a.since < b.since;
  });
  json::array out;
  out.reserve(rows->size());
  for (const auto& row : *rows) out.push_back(object_of(row));
  return out;
}

Result<json::array> LiveServer::call_backs() {
  auto rows = std::make_shared<std::vector<lines::CallBackInfo>>();
  const bool ok = ask_all([rows](shard::Shard& s, Instant, shard::Output&) {
    s.lines().for_each_call_back(s.snapshot(), [&](const lines::CallBackInfo& info) { rows->push_back(info); });
  });
  if (!ok) return busy();
  std::sort(rows->begin(), rows->end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  json::array out;
  out.reserve(rows->size());
  for (const auto& row : *rows) out.push_back(object_of(row));
  return out;
}

Result<void> LiveServer::remove_call_back(std::string_view name) {
  return do_once(
      name,
      [](shard::Shard& s, Instant now, uint64_t key, shard::Output& out) { return s.remove_call_back(now, key, out); },
      "call-back");
}

Result<json::array> LiveServer::mailboxes() {
  auto rows = std::make_shared<std::vector<lines::MailboxInfo>>();
  const bool ok = ask_all([rows](shard::Shard& s, Instant, shard::Output&) {
    s.lines().for_each_mailbox([&](const lines::MailboxInfo& info) { rows->push_back(info); });
  });
  if (!ok) return busy();
  const auto snapshot = view_.snapshot();
  json::array out;
  for (const auto& row : *rows) {
    const auto* line = snapshot ? snapshot->line(row.line) : nullptr;
    if (line != nullptr) out.push_back(object_of(line->number, row.mailbox));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.get_object().at("number").get_string() < b.get_object().at("number").get_string();
  });
  return out;
}

Result<json::object> LiveServer::mailbox(config::EntityId id) {
  const auto snapshot = view_.snapshot();
  const auto* line = snapshot ? snapshot->line(id) : nullptr;
  if (line == nullptr) return no_line();
  auto found = std::make_shared<lines::Mailbox>();
  if (!ask_owner(line->number,
                 [found, id](shard::Shard& s, Instant, shard::Output&) { *found = s.lines().mailbox(id); }))
    return busy();
  return object_of(line->number, *found);
}

Result<json::object> LiveServer::set_mailbox(config::EntityId id, const json::object& fields) {
  const auto snapshot = view_.snapshot();
  const auto* line = snapshot ? snapshot->line(id) : nullptr;
  if (line == nullptr) return no_line();
  const auto wanted = mailbox_of(fields);
  if (!wanted) return wanted.error();
  auto known = std::make_shared<bool>(false);
  const bool ok = ask_owner(line->number, [known, id, box = *wanted](shard::Shard& s, Instant now, shard::Output& out) {
    *known = s.set_mailbox(now, id, box, out);
  });
  if (!ok) return busy();
  if (!*known) return no_line();
  return object_of(line->number, *wanted);
}

}  // namespace carillon::server
