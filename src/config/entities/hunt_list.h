#pragma once
// Hunt List: line groups in the order in which a hunt goes through them.

#include "config/describe.h"
#include "config/entities/line_group.h"

namespace carillon::config {

struct HuntList {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  std::vector<Ref<LineGroup>> line_groups;
  bool enabled = true;
};

template <>
inline constexpr auto schema<HuntList> = describe<HuntList>(
    Facts{"HuntList", "Hunt List", "hunt-list", "hunt-lists", "name"},
    field<&HuntList::name>("name", "Name of the hunt list",
                           {.required = true, .unique = true, .max_length = 50, .charset = Charset::name}),
    field<&HuntList::description>("description", "What it is for"),
    field<&HuntList::line_groups>("lineGroups", "Line groups that are hunted through, in order"),
    field<&HuntList::enabled>("enabled", "Whether its members ring; else calls go where the pilot forwards to"));

}  // namespace carillon::config
