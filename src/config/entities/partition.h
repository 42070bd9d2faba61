#pragma once
// Partition: a set of directory numbers that a search space can reach as one.

#include "config/describe.h"

namespace carillon::config {

struct Partition {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
};

constexpr EntityId kDefaultPartition = 1;

template <>
inline constexpr auto schema<Partition> = describe<Partition>(
    Facts{"Partition", "Partition", "partition", "partitions", "name"},
    field<&Partition::name>("name", "Name of the partition",
                            {.required = true, .unique = true, .max_length = 50, .charset = Charset::name}),
    field<&Partition::description>("description", "What it is for"));

}  // namespace carillon::config
