// Hunt groups, pickup groups, park numbers, feature codes and caller filters for the snapshot.

#include "config/publisher.h"

namespace carillon::config {

namespace {

template <typename T>
std::vector<EntityId> ids_of(const std::vector<Ref<T>>& refs) {
  std::vector<EntityId> ids;
  ids.reserve(refs.size());
  for (const Ref<T>& ref : refs) ids.push_back(ref.id);
  return ids;
}

LineGroupView view_of(const LineGroup& row) {
  LineGroupView v;
  v.id = row.id;
  v.name = row.name;
  v.members = ids_of(row.members);
  v.distribution = row.distribution_algorithm;
  v.ring = seconds(row.rna_reversion_time_out);
  v.no_answer = row.hunt_algorithm_no_answer;
  v.busy = row.hunt_algorithm_busy;
  v.not_available = row.hunt_algorithm_not_available;
  v.auto_log_off = row.auto_log_off_hunt;
  return v;
}

HuntListView view_of(const HuntList& row) { return {row.id, row.name, row.enabled, ids_of(row.line_groups)}; }

HuntPilotView view_of(const HuntPilot& row) {
  HuntPilotView v;
  v.id = row.id;
  v.number = row.number;
  v.partition = row.partition.id;
  v.description = row.description;
  v.alerting_name = row.alerting_name;
  v.list = row.hunt_list.id;
  v.forward_no_answer = row.forward_hunt_no_answer;
  v.forward_busy = row.forward_hunt_busy;
  v.forward_search_space = row.forward_calling_search_space.id;
  v.max_duration = seconds(row.max_hunt_duration);
  v.display_connected = row.display_connected_number;
  return v;
}

PickupGroupView view_of(const CallPickupGroup& row) {
  return {row.id, row.name, row.number, row.partition.id, ids_of(row.other_groups)};
}

CallParkView view_of(const CallPark& row) { return {row.id, row.number, row.partition.id}; }

DirectedParkView view_of(const DirectedCallPark& row) {
  return {row.id,
          row.number,
          row.partition.id,
          row.retrieval_prefix,
          row.reversion_pattern,
          row.reversion_calling_search_space.id};
}

FeatureCodeView view_of(const FeatureCode& row) { return {row.id, row.code, row.function}; }

CallerFilterView view_of(const CallerFilter& row) {
  return {row.id, row.mode, row.numbers, row.action, row.forward_to, row.forward_calling_search_space.id};
}

template <typename T>
bool in_force(const T&) {
  return true;
}
bool in_force(const FeatureCode& row) { return row.enabled; }

}  // namespace

template <typename T>
void Publisher::load_rows() {
  repository_.of<T>().each(false, "", [&](T&& row) {
    if (in_force(row)) builder_.put(view_of(row));
    return true;
  });
}

template <typename T>
void Publisher::put_rows() {
  const auto touched = group_rows_.find(facts_of<T>().name);
  if (touched == group_rows_.end()) return;
  for (const EntityId id : touched->second) {
    const auto row = repository_.of<T>().get(id);
    if (row && in_force(*row)) {
      builder_.put(view_of(*row));
    } else {
      builder_.remove<decltype(view_of(std::declval<T>()))>(id);
    }
  }
}

void Publisher::load_groups() {
  load_rows<LineGroup>();
  load_rows<HuntList>();
  load_rows<HuntPilot>();
  load_rows<CallPickupGroup>();
  load_rows<CallPark>();
  load_rows<DirectedCallPark>();
  load_rows<FeatureCode>();
  load_rows<CallerFilter>();
}

void Publisher::put_groups() {
  put_rows<LineGroup>();
  put_rows<HuntList>();
  put_rows<HuntPilot>();
  put_rows<CallPickupGroup>();
  put_rows<CallPark>();
  put_rows<DirectedCallPark>();
  put_rows<FeatureCode>();
  put_rows<CallerFilter>();
}

}  // namespace carillon::config
