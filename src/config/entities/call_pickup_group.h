#pragma once
// Call Pickup Group: lines whose calls each of them may pick up. Lines name the group (Line::call_pickup_group).

#include "config/describe.h"
#include "config/entities/partition.h"

namespace carillon::config {

struct CallPickupGroup {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string number;
  Ref<Partition> partition;
  std::string description;
  std::vector<Ref<CallPickupGroup>> other_groups;
};

template <>
inline constexpr auto schema<CallPickupGroup> = describe<CallPickupGroup>(
    Facts{"CallPickupGroup", "Call Pickup Group", "pickup-group", "pickup-groups", "name"},
    field<&CallPickupGroup::name>("name", "Name of the group",
                                  {.required = true, .unique = true, .max_length = 100, .charset = Charset::name}),
    field<&CallPickupGroup::number>("number", "Number of the group: dialling it picks up a call that rings there",
                                    {.required = true, .max_length = 32, .charset = Charset::number}),
    field<&CallPickupGroup::partition>("partition",
                                       "Partition that the number lives in; the default one when left out"),
    field<&CallPickupGroup::description>("description", "What it is for"),
    field<&CallPickupGroup::other_groups>(
        "otherGroups", "Groups from which the members may pick up besides their own, in the order in which they look"));

}  // namespace carillon::config
