#pragma once
// A Service and a Live for tests of the faces: small, in memory, with faults on request.

#include <algorithm>
#include <map>
#include <mutex>

#include "admin/collections.h"
#include "admin/live.h"
#include "admin/service.h"

namespace carillon::admin {

// Entities are whatever fields they were given. A field "bogus" is refused as unknown.
class FakeService : public Service {
 public:
  std::map<std::string, std::map<std::string, json::object>, std::less<>> entities;
  uint64_t now = 1;
  ListQuery last_query;
  std::string last_csv;
  std::mutex mutex;

  static Fault fault(FaultKind kind, std::string text, std::string field) {
    return {kind, std::move(text), std::move(field)};
  }
  static std::string key_of(std::string_view collection) { return std::string(find_collection(collection)->key); }

  Result<json::array> list(std::string_view collection, const ListQuery& query) override {
    last_query = query;
    json::array out;
    for (const auto& [name, entity] : entities[std::string(collection)]) {
      if (query.limit != 0 && out.size() == query.limit) break;
      if (name > query.after) out.push_back(entity);
    }
    return out;
  }
  Result<json::object> get(std::string_view collection, std::string_view name) override {
    auto& all = entities[std::string(collection)];
    const auto found = all.find(std::string(name));
    if (found == all.end()) return fault(FaultKind::not_found, "there is no '" + std::string(name) + "'", "");
    return found->second;
  }
  Result<Written> store(std::string_view collection, json::object entity) {
    entity["revision"] = ++now;
    auto& slot = entities[std::string(collection)][std::string(entity[key_of(collection)].as_string())];
    slot = std::move(entity);
    return Written{slot, now};
  }
  static Result<void> check(const json::object& fields) {
    if (fields.contains("bogus")) return fault(FaultKind::invalid, "is not a field\nlastName: is too long", "bogus");
    return {};
  }
  Result<Written> add(std::string_view collection, const json::object& fields) override {
    if (const auto good = check(fields); !good) return good.error();
    json::object entity = fields;
    const auto key = key_of(collection);
    if (!entity.contains(key)) entity[key] = "SEP000000000001";
    const std::string name(entity[key].as_string());
    if (get(collection, name)) return fault(FaultKind::conflict, "exists already", key);
    return store(collection, std::move(entity));
  }
  Result<Written> update(std::string_view collection, std::string_view name, const json::object& fields,
                         uint64_t if_revision) override {
    if (const auto good = check(fields); !good) return good.error();
    auto entity = get(collection, name);
    if (!entity) return entity.error();
    if (if_revision != 0 && (*entity)["revision"].to_number<uint64_t>() > if_revision) {
      return fault(FaultKind::conflict, "changed meanwhile", "");
    }
    for (const auto& each : fields) (*entity)[each.key()] = each.value();
    return store(collection, std::move(*entity));
  }
  Result<Written> update(std::string_view, config::EntityId, const json::object&, std::string_view) override {
    return fault(FaultKind::not_found, "these have no ids", "");
  }
  Result<uint64_t> remove(std::string_view collection, std::string_view name) override {
    if (const auto entity = get(collection, name); !entity) return entity.error();
    entities[std::string(collection)].erase(std::string(name));
    return ++now;
  }
  Result<Written> reset(std::string_view collection, std::string_view name) override {
    return update(collection, name, {{"value", "default"}}, 0);
  }
  Result<ImportReport> import(std::string_view csv, bool dry_run, bool,
                              const std::function<void(size_t, size_t)>& progress) override {
    last_csv = csv;
    if (!csv.starts_with("userid")) return fault(FaultKind::invalid, "there is no column 'nonsense'", "nonsense");
    progress(1, 2);
    progress(2, 2);
    ImportReport out;
    out.rows = 2, out.added = 1, out.applied = !dry_run;
    out.rejected.push_back({3, "digestCredentials: \"x\" is too short", "bob,\"x\""});
    return out;
  }
  json::object licence() override {
    return {{"units", 9},
            {"pool", nullptr},
            {"basic", json::object{{"phones", 1}, {"units", 3}}},
            {"advanced", json::object{{"phones", 1}, {"units", 6}}}};
  }
  uint64_t revision() override { return now; }
  Result<config::EntityId> line_id(std::string_view name) override {
    if (name == "1001") return config::EntityId{7};
    return fault(FaultKind::not_found, "there is no Line \"" + std::string(name) + "\"", "");
  }
  std::string partition_name(config::EntityId id) override { return id == 0 ? "" : "P" + std::to_string(id); }
  json::object schemas() override {
    json::object user{{"type", "object"}, {"properties", json::object{{"userid", json::object{{"type", "string"}}}}}};
    return {{"EndUser", user}};
  }
  config::SnapshotPtr snapshot() override { return nullptr; }
  void subscribe(std::function<void(config::SnapshotPtr)>) override {}
};

class FakeLive : public Live {
 public:
  bool is_ready = true, applied = true;
  std::string released;
  state::CdrQuery asked_cdrs;
  std::vector<state::Cdr> records{[] {
    state::Cdr c;
    c.id = c.global = 1, c.start = {1'795'352'706'789'000}, c.calling_number = "1001";
    return c;
  }()};
  json::array messages;

  static json::object row(std::string_view name, std::string_view number) {
    return {{"name", std::string(name)}, {"number", std::string(number)}, {"phone", "SEP1"}};
  }
  Result<json::array> registrations() override { return json::array{row("a", "1001"), row("b", "1002")}; }
  Result<json::array> location_use() override {
    return json::array{json::object{{"location", "Branch"}, {"other", ""}, {"audioInUse", 80}, {"videoInUse", 0}}};
  }
  Result<json::array> refusals() override {
    return json::array{json::object{{"last", "2026-11-22T13:05:06.789Z"},
                                    {"count", 7},
                                    {"source", "192.0.2.9:5060"},
                                    {"user", "mal\x1b[31mlory"},
                                    {"number", "1001"},
                                    {"method", "REGISTER"},
                                    {"status", 403},
                                    {"reason", "wrong-hash"},
                                    {"explanation", "The password is wrong."},
                                    {"detail", ""},
                                    {"remedy", "Set the phone's password."}}};
  }
  Result<json::array> calls() override { return json::array{row("c1", "1001")}; }
  Result<void> release_call(std::string_view id) override {
    if (id != "c1") return Fault{FaultKind::not_found, "there is no such call", ""};
    released = id;
    return {};
  }
  Result<json::array> subscriptions() override {
    return json::array{json::object{{"name", "s1"}, {"package", "dialog"}, {"number", "1002"}, {"phone", "SEP1"}}};
  }
  std::string forgotten;
  Result<json::array> call_backs() override {
    return json::array{json::object{{"name", "b1"},
                                    {"number", "1001"},
                                    {"phone", "SEP1"},
                                    {"target", "1002"},
                                    {"state", "waiting"},
                                    {"since", "2026-11-22T13:05:06.000Z"},
                                    {"expires", "2026-11-22T13:35:06.000Z"}}};
  }
  Result<void> remove_call_back(std::string_view name) override {
    if (name != "b1") return Fault{FaultKind::not_found, "there is no call-back " + std::string(name), "name"};
    forgotten = name;
    return {};
  }
  json::object box{{"number", "1001"}, {"waiting", false}, {"new", 0}, {"old", 0}};
  Result<json::array> mailboxes() override { return json::array{box}; }
  Result<json::object> mailbox(config::EntityId) override { return box; }
  Result<json::object> set_mailbox(config::EntityId, const json::object& fields) override {
    for (const auto& each : fields) {
      if (!box.contains(each.key())) return Fault{FaultKind::invalid, "is not a field", std::string(each.key())};
      box[each.key()] = each.value();
    }
    return box;
  }
  // What the query's numbers ask for; the rest of it is kept for the test to look at.
  Result<std::vector<state::Cdr>> cdrs(const state::CdrQuery& query) override {
    asked_cdrs = query;
    std::vector<state::Cdr> out;
    for (const auto& r : records) {
      if (query.past_id != 0 && r.id <= query.past_id) continue;
      if (query.limit == 0 || out.size() < query.limit) out.push_back(r);
    }
    return out;
  }
  json::object status() override {
    return {{"version", "9"},
            {"listeners", json::array{json::object{{"transport", "UDP"}, {"address", "127.0.0.1:5060"}}}},
            {"store", json::object{{"revision", 3}}}};
  }
  std::string metrics() override { return "carillon_up 1\n"; }
  bool ready() override { return is_ready; }
  Result<json::array> trace(std::string_view, uint64_t after) override {
    json::array out;
    for (const auto& message : messages) {
      if (message.at("sequence").to_number<uint64_t>() > after) out.push_back(message);
    }
    return out;
  }
  bool wait_applied(uint64_t) override { return applied; }
};

}  // namespace carillon::admin
