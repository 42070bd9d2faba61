#include "admin/service.h"

#include "admin/collection.h"
#include "admin/core.h"
#include "admin/import.h"
#include "admin/open.h"
#include "config/openapi_fold.h"

namespace carillon::admin {

namespace {

// The schema of what is a part of an entity.
template <typename T>
void add_part(json::object& schemas) {
  schemas[std::string(config::facts_of<T>().name)] = config::openapi_schema<T>();
}

// What REST shows of a location beside its fields.
void add_use(json::object& location) {
  for (const char* name : {"audioInUse", "videoInUse"}) {
    location["properties"].get_object()[name] =
        json::object{{"type", "integer"}, {"readOnly", true}, {"description", "kbit/s that calls take now; in lists"}};
  }
}

class ServiceOverRepository final : public Service {
 public:
  ServiceOverRepository(std::unique_ptr<config::Repository> repository, const Random& random)
      : core_(std::move(repository), random) {
    put_phones(core_, collections_);
    put_plan(core_, collections_);
    put_media(core_, collections_);
    put_services(core_, collections_);
    collections_["parameters"] = parameter_collection(core_);
  }

  Result<json::array> list(std::string_view collection, const ListQuery& query) override {
    return with<json::array>(collection, [&](CollectionVerbs& c) { return c.list(query); });
  }
  Result<json::object> get(std::string_view collection, std::string_view name) override {
    return with<json::object>(collection, [&](CollectionVerbs& c) { return c.get(name); });
  }
  Result<Written> add(std::string_view collection, const json::object& fields) override {
    return with<Written>(collection, [&](CollectionVerbs& c) { return c.add(fields); });
  }
  Result<Written> update(std::string_view collection, std::string_view name, const json::object& fields,
                         uint64_t if_revision) override {
    return with<Written>(collection, [&](CollectionVerbs& c) { return c.update(name, fields, if_revision); });
  }
  Result<Written> update(std::string_view collection, config::EntityId id, const json::object& fields,
                         std::string_view by) override {
    return with<Written>(collection, [&](CollectionVerbs& c) { return c.update(id, fields, by); });
  }
  Result<uint64_t> remove(std::string_view collection, std::string_view name) override {
    return with<uint64_t>(collection, [&](CollectionVerbs& c) { return c.remove(name); });
  }
  Result<Written> reset(std::string_view collection, std::string_view name) override {
    return with<Written>(collection, [&](CollectionVerbs& c) { return c.reset(name); });
  }
  Result<ImportReport> import(std::string_view csv, bool dry_run, bool atomic,
                              const std::function<void(size_t, size_t)>& progress) override {
    return import_csv(core_, csv, {.dry_run = dry_run, .atomic = atomic}, progress);
  }
  json::object licence() override;
  uint64_t revision() override { return core_.revision(); }
  Result<config::EntityId> line_id(std::string_view name) override {
    const std::lock_guard lock(core_.mutex());
    return config::Names(core_.repository()).find<config::Line>(name);
  }
  std::string partition_name(config::EntityId id) override {
    const std::lock_guard lock(core_.mutex());
    const auto row = core_.repository().of<config::Partition>().get(id);
    return row ? row->name : "";
  }
  json::object schemas() override;
  config::SnapshotPtr snapshot() override { return core_.snapshot(); }
  void subscribe(std::function<void(config::SnapshotPtr)> listener) override { core_.subscribe(std::move(listener)); }

 private:
  template <typename R, typename F>
  Result<R> with(std::string_view name, F&& f) {
    const auto found = collections_.find(name);
    if (found == collections_.end()) {
      return Fault{FaultKind::not_found, "there is no collection \"" + printable(name, 60) + "\"", ""};
    }
    const std::lock_guard lock(core_.mutex());
    return f(*found->second);
  }

  Core core_;
  CollectionMap collections_;
};

json::object ServiceOverRepository::licence() {
  const std::lock_guard lock(core_.mutex());
  const LicenceCounts& counts = core_.writer().licences();
  const auto pool = to_number<int64_t>(config::value_of(core_.publisher().parameters(), "licence-pool"));
  json::object o;
  o["units"] = counts.units();
  o["pool"] = pool ? json::value(*pool) : json::value(nullptr);
  o["basic"] = json::object{{"phones", counts.basic}, {"units", counts.basic * config::kBasicUnits}};
  o["advanced"] = json::object{{"phones", counts.advanced}, {"units", counts.advanced * config::kAdvancedUnits}};
  return o;
}

json::object ServiceOverRepository::schemas() {
  json::object schemas;
  json::array facts;
  for (const auto& [path, collection] : collections_) {
    auto [name, schema] = collection->schema();
    schemas[name] = std::move(schema);
    facts.push_back(collection->facts());
  }
  add_use(schemas[std::string(config::facts_of<config::Location>().name)].get_object());
  add_part<config::Appearance>(schemas);
  add_part<config::RegionRelationship>(schemas);
  add_part<config::LocationLink>(schemas);
  json::object o;
  o["schemas"] = std::move(schemas);
  o["collections"] = std::move(facts);
  return o;
}

}  // namespace

Result<std::unique_ptr<Service>> open_service(std::unique_ptr<config::Repository> repository, const Random& random) {
  return std::unique_ptr<Service>(std::make_unique<ServiceOverRepository>(std::move(repository), random));
}

}  // namespace carillon::admin
