#pragma once
// One collection of the API: the verbs that every entity has.

#include <map>
#include <memory>
#include <string_view>

#include "admin/core.h"
#include "admin/service.h"

namespace carillon::admin {

// Called with the core's lock held.
class CollectionVerbs {
 public:
  virtual ~CollectionVerbs() = default;
  virtual Result<json::array> list(const ListQuery& query) = 0;
  virtual Result<json::object> get(std::string_view name) = 0;
  virtual Result<Written> add(const json::object& fields) = 0;
  virtual Result<Written> update(std::string_view name, const json::object& fields, uint64_t if_revision) = 0;
  virtual Result<Written> update(config::EntityId, const json::object&, std::string_view) {
    return Fault{FaultKind::invalid, "has no ids", ""};
  }
  virtual Result<uint64_t> remove(std::string_view name) = 0;
  virtual Result<Written> reset(std::string_view name) = 0;
  virtual json::object facts() = 0;
  virtual std::pair<std::string, json::object> schema() = 0;
};

using CollectionMap = std::map<std::string_view, std::unique_ptr<CollectionVerbs>>;  // by the path of the API

std::unique_ptr<CollectionVerbs> parameter_collection(Core& core);

// Puts the collections of entities into the map; some in a file each, so that none takes a compiler too long.
void put_phones(Core& core, CollectionMap& collections);    // users, phones, lines
void put_plan(Core& core, CollectionMap& collections);      // partitions, search spaces, presence groups, profiles
void put_media(Core& core, CollectionMap& collections);     // regions, locations, device pools
void put_services(Core& core, CollectionMap& collections);  // hunting, pickup, park, codes, caller filters

}  // namespace carillon::admin
