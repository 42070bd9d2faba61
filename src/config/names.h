#pragma once
// Between people's names and the store's ids: fills in the names of references for printing, and finds the ids of names
// that came in. What has a number for its key (a line, a hunt pilot …) is named by it, or by `number@partition` where
// the number is in several partitions.

#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "config/repository.h"

namespace carillon::config {

// Is T named by a number in a partition?
template <typename T>
inline constexpr bool kNumbered = facts_of<T>().key == "number";

// Lives for one operation: it remembers the names of profiles and the like.
class Names {
 public:
  explicit Names(Repository& repository) : repository_(repository) {}

  // The name of a row as people write it, "" when there is none.
  template <typename T>
  std::string name_of(EntityId id) {
    return remembered<T>(id);
  }
  // The row of this name; a fault says that there is none, or how to tell apart those there are.
  template <typename T>
  Result<EntityId> find(View name);

  template <typename T>
  void fill(T& row) {
    each_field<T>([&](const auto& f) { fill_value(f.of(row)); });
  }

  // References that came by name get their ids; those that cannot go to `problems`.
  template <typename T>
  void resolve(T& row, Problems& problems) {
    each_field<T>([&](const auto& f) { resolve_value(f.of(row), f.name, problems); });
  }

 private:
  template <typename T>
  std::string remembered(EntityId id) {
    if (id == 0) return "";
    constexpr bool few = !std::is_same_v<T, EndUser> && !kNumbered<T> && !std::is_same_v<T, Phone>;
    if constexpr (few) {
      const auto key = std::make_pair(facts_of<T>().name, id);
      const auto known = names_.find(key);
      if (known != names_.end()) return known->second;
      return names_[key] = repository_.of<T>().key_of(id);
    } else if constexpr (kNumbered<T>) {
      return number_name<T>(id);
    } else {
      return repository_.of<T>().key_of(id);
    }
  }

  template <typename V>
  void fill_value(V& value) {
    if constexpr (RefValue<V>) {
      value.name = remembered<typename detail::IsRef<V>::Target>(value.id);
    } else if constexpr (RefList<V>) {
      for (auto& item : value) fill_value(item);
    } else if constexpr (PartList<V>) {
      for (auto& item : value) fill(item);
    }
  }

  template <typename V>
  void resolve_value(V& value, View field, Problems& problems) {
    if constexpr (RefValue<V>) {
      if (value.id != 0 || value.name.empty()) return;
      const auto found = find<typename detail::IsRef<V>::Target>(value.name);
      if (found) {
        value.id = *found;
      } else {
        problems.push_back({std::string(field), found.error().text});
      }
    } else if constexpr (RefList<V>) {
      for (auto& item : value) resolve_value(item, field, problems);
    } else if constexpr (PartList<V>) {
      for (auto& item : value) {
        each_field<typename V::value_type>([&](const auto& f) { resolve_value(f.of(item), field, problems); });
      }
    }
  }

  template <typename T>
  std::string number_name(EntityId id);
  template <typename T>
  Result<EntityId> find_number(View name);

  Repository& repository_;
  std::map<std::pair<View, EntityId>, std::string> names_;
};

// "1001@Sales" in two; the partition is empty when it is not said.
std::pair<View, View> split_line_name(View name);

template <typename T>
std::string Names::number_name(EntityId id) {
  std::string number = repository_.of<T>().key_of(id);
  if (number.empty() || repository_.of<T>().find(number).size() < 2) return number;
  const auto row = repository_.of<T>().get(id);
  if (!row) return number;
  return number + "@" + remembered<Partition>(row->partition.id);
}

template <typename T>
Result<EntityId> Names::find_number(View name) {
  const auto [number, partition] = split_line_name(name);
  const auto ids = repository_.of<T>().find(number);
  if (partition.empty() && ids.size() == 1) return ids.front();
  std::string places;
  for (const EntityId id : ids) {
    const auto row = repository_.of<T>().get(id);
    if (!row) continue;
    const std::string where = remembered<Partition>(row->partition.id);
    if (!partition.empty() && where == partition) return id;
    if (!places.empty()) places += ", ";
    places += std::string(number) + "@" + where;
  }
  if (partition.empty() && ids.size() > 1) {
    return Fault{FaultKind::conflict, "the number is in several partitions; say which: " + places, ""};
  }
  return Fault{FaultKind::not_found,
               "there is no " + std::string(facts_of<T>().label) + " \"" + printable(name, 80) + "\"", ""};
}

template <typename T>
Result<EntityId> Names::find(View name) {
  if constexpr (kNumbered<T>) {
    return find_number<T>(name);
  } else {
    const auto ids = repository_.of<T>().find(name);
    if (!ids.empty()) return ids.front();
    return Fault{FaultKind::not_found,
                 "there is no " + std::string(facts_of<T>().label) + " \"" + printable(name, 80) + "\"", ""};
  }
}

}  // namespace carillon::config
