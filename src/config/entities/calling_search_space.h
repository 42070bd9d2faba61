#pragma once
// Calling Search Space: the partitions that a caller reaches, first match first.

#include "config/describe.h"
#include "config/entities/partition.h"

namespace carillon::config {

struct CallingSearchSpace {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  std::vector<Ref<Partition>> partitions;
};

template <>
inline constexpr auto schema<CallingSearchSpace> = describe<CallingSearchSpace>(
    Facts{"CallingSearchSpace", "Calling Search Space", "search-space", "search-spaces", "name"},
    field<&CallingSearchSpace::name>("name", "Name of the search space",
                                     {.required = true, .unique = true, .max_length = 50, .charset = Charset::name}),
    field<&CallingSearchSpace::description>("description", "What it is for"),
    field<&CallingSearchSpace::partitions>("partitions", "Partitions that it reaches, in order"));

}  // namespace carillon::config
