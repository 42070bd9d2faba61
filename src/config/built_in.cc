#include "config/built_in.h"

namespace carillon::config {

template <>
std::vector<Partition> built_in<Partition>() {
  return {{.id = kDefaultPartition, .name = "Default", .description = "Numbers that were put nowhere else"}};
}

template <>
std::vector<PresenceGroup> built_in<PresenceGroup>() {
  PresenceGroup standard;
  standard.id = kStandardPresenceGroupId;
  standard.name = kStandardPresenceGroupName;
  standard.description = "Built in; of every line and phone without another";
  return {standard};
}

template <>
std::vector<PhoneSecurityProfile> built_in<PhoneSecurityProfile>() {
  PhoneSecurityProfile basic;
  basic.id = kBasicSecurityProfile;
  basic.name = kBasicSecurityProfileName;
  basic.description = "Built in; for every basic phone without another";
  PhoneSecurityProfile advanced;
  advanced.id = kAdvancedSecurityProfile;
  advanced.name = kAdvancedSecurityProfileName;
  advanced.description = "Built in; for every advanced phone without another";
  advanced.product = Product::advanced;
  return {basic, advanced};
}

template <>
std::vector<SipProfile> built_in<SipProfile>() {
  SipProfile standard;
  standard.id = kStandardSipProfile;
  standard.name = kStandardSipProfileName;
  standard.description = "Built in; for every phone without another";
  return {standard};
}

template <>
std::vector<Region> built_in<Region>() {
  Region region;
  region.id = kDefaultRegion;
  region.name = kDefaultRegionName;
  region.description = "Built in; inside it nothing is restricted";
  region.audio_bit_rate = region.video_bit_rate = 0;
  return {region};
}

template <>
std::vector<Location> built_in<Location>() {
  Location hub, phantom, shadow;
  hub.id = kHubNone, hub.name = kHubNoneName;
  hub.description = "Built in; unlimited";
  phantom.id = 2, phantom.name = "Phantom";
  phantom.description = "Built in; unlimited, for what lies elsewhere";
  shadow.id = 3, shadow.name = "Shadow";
  shadow.description = "Built in; unlimited, for trunks between clusters";
  return {hub, phantom, shadow};
}

template <>
std::vector<DevicePool> built_in<DevicePool>() {
  DevicePool pool;
  pool.id = kDefaultDevicePool;
  pool.name = kDefaultDevicePoolName;
  pool.description = "Built in; for every phone without another";
  pool.region.id = kDefaultRegion;
  pool.location.id = kHubNone;
  return {pool};
}

}  // namespace carillon::config
