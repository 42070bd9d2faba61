#pragma once
// Presence Group: who may watch whom. A group sees itself and the groups that it names; a phone (or its digest user)
// and a line are each of one group.

#include "config/describe.h"

namespace carillon::config {

struct PresenceGroup {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  std::vector<Ref<PresenceGroup>> sees;
};

constexpr View kStandardPresenceGroupName = "Standard Presence group";

template <>
inline constexpr auto schema<PresenceGroup> = describe<PresenceGroup>(
    Facts{"PresenceGroup", "Presence Group", "presence-group", "presence-groups", "name"},
    field<&PresenceGroup::name>("name", "Name of the group",
                                {.required = true, .unique = true, .max_length = 50, .charset = Charset::name}),
    field<&PresenceGroup::description>("description", "Who is in it"),
    field<&PresenceGroup::sees>("sees", "Other groups whose lines its members may watch"));

}  // namespace carillon::config
