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

}  // namespace carillon::config
