// Hunt groups of the configuration.

#include <algorithm>

#include "directory.h"

namespace carillon::sim {

config::EntityId Directory::hunt_id(const std::string& key) {
  auto [known, fresh] = hunts_.try_emplace(key, 0);
  if (fresh) known->second = ++next_;
  return known->second;
}

void Directory::hunt_group(const std::string& name, const HuntGroupEntry& entry) {
  config::LineGroupView view = entry.rules;
  view.id = hunt_id("group " + name);
  view.name = name;
  for (const std::string& number : entry.members) view.members.push_back(line_id(number));
  builder_.put(std::move(view));
}

void Directory::hunt_list(const std::string& name, const std::vector<std::string>& groups, bool enabled) {
  config::HuntListView view;
  view.id = hunt_id("list " + name);
  view.name = name;
  view.enabled = enabled;
  for (const std::string& group : groups) view.groups.push_back(hunt_id("group " + group));
  builder_.put(std::move(view));
}

void Directory::hunt_pilot(const std::string& list, config::HuntPilotView view) {
  view.id = hunt_id("pilot " + view.number);
  view.partition = 1;
  view.list = hunt_id("list " + list);
  builder_.put(std::move(view));
}

}  // namespace carillon::sim
