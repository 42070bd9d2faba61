#pragma once
// Device Pool: what phones of a site have in common.

#include "config/describe.h"
#include "config/entities/location.h"
#include "config/entities/region.h"

namespace carillon::config {

struct DevicePool {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  Ref<Region> region;
  Ref<Location> location;
};

constexpr EntityId kDefaultDevicePool = 1;
constexpr View kDefaultDevicePoolName = "Default";

template <>
inline constexpr auto schema<DevicePool> = describe<DevicePool>(
    Facts{"DevicePool", "Device Pool", "device-pool", "device-pools", "name"},
    field<&DevicePool::name>("name", "Name of the device pool",
                             {.required = true, .unique = true, .max_length = 50, .charset = Charset::name}),
    field<&DevicePool::description>("description", "What it is for"),
    field<&DevicePool::region>("region", "Region of its phones; Default when left out"),
    field<&DevicePool::location>("location", "Location of its phones; Hub_None when left out"));

}  // namespace carillon::config
