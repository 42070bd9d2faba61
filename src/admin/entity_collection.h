#pragma once
// The verbs of an entity, by its description.

#include <algorithm>
#include <string>

#include "admin/collection.h"
#include "admin/filter.h"
#include "config/built_in.h"
#include "config/openapi_fold.h"

namespace carillon::admin {

template <typename T>
class EntityCollection final : public CollectionVerbs {
 public:
  explicit EntityCollection(Core& core) : core_(core) {}

  Result<json::array> list(const ListQuery& query) override {
    config::Names names(core_.repository());
    Filter<T> filter(names);
    if (const auto good = filter.set(query.filters); !good) return good.error();
    json::array rows;
    const std::string_view after = config::split_line_name(query.after).first;
    rows_of().each(true, config::kNumbered<T> ? after : std::string_view(query.after), [&](T&& row) {
      if (!filter.matches(row)) return true;
      names.fill(row);
      rows.push_back(config::to_json(row));
      return query.limit == 0 || rows.size() < query.limit;
    });
    return rows;
  }

  Result<json::object> get(std::string_view name) override {
    const auto row = find(name);
    if (!row) return row.error();
    return show(*row);
  }

  Result<Written> add(const json::object& fields) override {
    T row;
    config::Problems problems;
    config::from_json(row, fields, problems);
    if (!problems.empty()) return config::fault_of(problems);
    return save(row, nullptr, "add");
  }

  Result<Written> update(std::string_view name, const json::object& fields, uint64_t if_revision) override {
    const auto before = find(name);
    if (!before) return before.error();
    if (if_revision != 0 && static_cast<uint64_t>(before->revision) > if_revision) {
      return Fault{FaultKind::conflict,
                   "changed meanwhile: it is of revision " + std::to_string(before->revision) + " now", ""};
    }
    return change(*before, fields, "update");
  }

  Result<Written> update(config::EntityId id, const json::object& fields, std::string_view by) override {
    const auto before = rows_of().get(id);
    if (!before) return Fault{FaultKind::not_found, "it is gone", ""};
    return change(*before, fields, "update by " + std::string(by));
  }

  Result<uint64_t> remove(std::string_view name) override {
    const auto row = find(name);
    if (!row) return row.error();
    if (const auto free = may_remove(*row); !free) return free.error();
    const json::object before = show(*row);
    const auto revision = core_.begin();
    if (!revision) return revision.error();
    const auto removed = core_.writer().remove(*row);
    if (!removed) return core_.rollback(), removed.error();
    const auto done = core_.commit(*revision, {.revision = *revision,
                                               .what = "remove",
                                               .collection = path(),
                                               .name = key(*row),
                                               .before = before,
                                               .after = nullptr});
    if (!done) return done.error();
    return *revision;
  }

  Result<Written> reset(std::string_view name) override {
    const auto originals = config::built_in<T>();
    const auto found = find(name);
    for (T row : originals) {
      const bool meant = found ? found->id == row.id : key(row) == name;
      if (!meant) continue;
      const auto before = found ? std::optional<T>(*found) : rows_of().get(row.id);
      if (!before) continue;
      return save(row, &*before, "reset");
    }
    if (!found) return found.error();
    return Fault{FaultKind::invalid, "only what is built in can be reset", ""};
  }

  json::object facts() override {
    json::object o = config::collection_facts<T>();
    json::array verbs{"list", "show", "add", "update", "remove"};
    if (!config::built_in<T>().empty()) verbs.push_back("reset");
    o["verbs"] = std::move(verbs);
    return o;
  }

  std::pair<std::string, json::object> schema() override {
    return {std::string(config::facts_of<T>().name), config::openapi_schema<T>()};
  }

 private:
  config::Table<T>& rows_of() { return core_.repository().of<T>(); }
  static std::string path() { return std::string(config::facts_of<T>().collection); }
  static std::string key(const T& row) {
    std::string text;
    config::each_field<T>([&](const auto& f) {
      if (f.name == config::facts_of<T>().key) text = config::text_of(f.of(row));
    });
    return text;
  }

  Result<T> find(std::string_view name) {
    const auto id = config::Names(core_.repository()).find<T>(name);
    if (!id) return id.error();
    auto row = rows_of().get(*id);
    if (!row) return Fault{FaultKind::not_found, "it is gone", ""};
    return std::move(*row);
  }

  Result<Written> change(const T& before, const json::object& fields, const std::string& what) {
    T row = before;
    config::Names(core_.repository()).fill(row);
    config::Problems problems;
    config::from_json(row, fields, problems);
    if (!problems.empty()) return config::fault_of(problems);
    return save(row, &before, what);
  }

  json::object show(T row) {
    config::Names(core_.repository()).fill(row);
    return config::to_json(row);
  }

  Result<void> may_remove(const T& row) {
    for (const T& original : config::built_in<T>()) {
      if (original.id == row.id) {
        return Fault{FaultKind::conflict,
                     "\"" + key(row) + "\" is built in and cannot be removed, only changed", ""};
      }
    }
    constexpr size_t kNamed = 3;
    auto users = core_.repository().referrers(config::facts_of<T>().name, row.id, kNamed + 1);
    if (users.empty()) return {};
    std::string text = "\"" + key(row) + "\" is in use by ";
    for (size_t i = 0; i < std::min(users.size(), kNamed); i++) text += (i == 0 ? "" : ", ") + users[i];
    if (users.size() > kNamed) text += " and others";
    return Fault{FaultKind::conflict, text + "; change or remove what uses it first", ""};
  }

  Result<Written> save(T& row, const T* before, const std::string& what) {
    const json::value was = before == nullptr ? json::value(nullptr) : json::value(show(*before));
    const auto revision = core_.begin();
    if (!revision) return revision.error();
    const auto saved = core_.writer().save(row, before, *revision);
    if (!saved) return core_.rollback(), saved.error();
    if (*saved == Saved::unchanged) {
      core_.rollback();
      return Written{show(*before), core_.revision()};
    }
    json::object now = show(row);
    const auto done = core_.commit(
        *revision,
        {.revision = *revision, .what = what, .collection = path(), .name = key(row), .before = was, .after = now});
    if (!done) return done.error();
    return Written{std::move(now), *revision};
  }

  Core& core_;
};

template <typename... Ts>
void put_collections(Core& core, CollectionMap& collections) {
  ((collections[config::facts_of<Ts>().collection] = std::make_unique<EntityCollection<Ts>>(core)), ...);
}

}  // namespace carillon::admin
