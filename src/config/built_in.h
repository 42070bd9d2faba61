#pragma once
// Rows that every store begins with. They may be edited, and restored to what they were; they cannot be removed.

#include <vector>

#include "config/entities.h"

namespace carillon::config {

// The built-in rows of T with their fixed ids; none for most entities.
template <typename T>
std::vector<T> built_in() {
  return {};
}
template <>
std::vector<Partition> built_in<Partition>();
template <>
std::vector<PresenceGroup> built_in<PresenceGroup>();
template <>
std::vector<PhoneSecurityProfile> built_in<PhoneSecurityProfile>();
template <>
std::vector<SipProfile> built_in<SipProfile>();
template <>
std::vector<Region> built_in<Region>();
template <>
std::vector<Location> built_in<Location>();
template <>
std::vector<DevicePool> built_in<DevicePool>();
template <>
std::vector<FeatureCode> built_in<FeatureCode>();

}  // namespace carillon::config
