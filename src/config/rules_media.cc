// Rules of regions, locations and device pools.

#include "config/rules.h"

namespace carillon::config {

namespace {

template <typename T>
void unique_name(const T& row, const T* before, Repository& repository, Problems& problems) {
  if (row.name.empty() || (before != nullptr && before->name == row.name)) return;
  for (const EntityId other : repository.of<T>().find(row.name)) {
    if (other == row.id) continue;
    problems.push_back(
        {"name", std::string(facts_of<T>().label) + " \"" + row.name + "\" exists already", FaultKind::conflict});
    return;
  }
}

// Each other one at most once, and never the row itself.
template <typename T, typename Parts, typename Pick>
void others_once(const T& row, const Parts& parts, Pick pick, View field, View itself, Repository& repository,
                 Problems& problems) {
  for (size_t i = 0; i < parts.size(); i++) {
    const EntityId id = (parts[i].*pick).id;
    if (id == 0) continue;
    if (id == row.id) problems.push_back({std::string(field), std::string(itself)});
    for (size_t k = 0; k < i; k++) {
      if ((parts[k].*pick).id != id) continue;
      problems.push_back({std::string(field), repository.of<T>().key_of(id) + " is given twice"});
    }
  }
}

}  // namespace

void apply_rules(Region& row, const Region* before, RuleContext& context, Problems& problems) {
  unique_name(row, before, context.repository, problems);
  others_once(row, row.relationships, &RegionRelationship::region, "relationships",
              "a region's limits inside itself are its own audioBitRate, videoBitRate and codecPreference",
              context.repository, problems);
}

void apply_rules(Location& row, const Location* before, RuleContext& context, Problems& problems) {
  unique_name(row, before, context.repository, problems);
  others_once(row, row.links, &LocationLink::location, "links",
              "a location's limits within itself are its own audioBandwidth and videoBandwidth", context.repository,
              problems);
}

void apply_rules(DevicePool& row, const DevicePool* before, RuleContext& context, Problems& problems) {
  unique_name(row, before, context.repository, problems);
  if (row.region.id == 0) row.region.id = kDefaultRegion;
  if (row.location.id == 0) row.location.id = kHubNone;
}

}  // namespace carillon::config
