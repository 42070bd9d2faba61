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

// No code is the beginning of another one, so that none hides another whatever is dialled behind it.
template <>
std::vector<FeatureCode> built_in<FeatureCode>() {
  struct Code {
    CodeFunction function;
    const char *code, *description;
  };
  static constexpr Code kCodes[] = {
      {CodeFunction::forward_all_set, "*72", "*72 and a number: every call goes there"},
      {CodeFunction::forward_all_clear, "*73", "Ends *72"},
      {CodeFunction::forward_busy_set, "*90", "*90 and a number: calls go there while the line is busy"},
      {CodeFunction::forward_busy_clear, "*91", "Ends *90"},
      {CodeFunction::forward_no_answer_set, "*92", "*92 and a number: calls that nobody answers go there"},
      {CodeFunction::forward_no_answer_clear, "*93", "Ends *92"},
      {CodeFunction::do_not_disturb_on, "*78", "The phone does not ring any more"},
      {CodeFunction::do_not_disturb_off, "*79", "Ends *78"},
      {CodeFunction::group_pickup, "*8", "Picks up a call of the own group; with a number behind it, of that group"},
      {CodeFunction::directed_pickup, "**", "** and a number: picks up the call that rings there"},
      {CodeFunction::park, "*70", "Transfer a call to it: it is parked, and the display says where"},
      {CodeFunction::park_retrieve, "*71", "*71 and a park number: takes the parked call up again"},
      {CodeFunction::hunt_login, "*44", "The phone rings for hunt groups"},
      {CodeFunction::hunt_logout, "*45", "The phone does not ring for hunt groups"},
      {CodeFunction::call_back, "*37", "Calls back when the number called last is free; or *37 and a number"},
      {CodeFunction::call_back_cancel, "*38", "Forgets the call-backs that were asked for"},
      {CodeFunction::last_call_return, "*69", "Calls whoever called last"},
      {CodeFunction::redial, "*66", "Calls the number called last"},
      {CodeFunction::intercom, "*40", "*40 and a number: that phone answers by itself"},
      {CodeFunction::withhold_identity, "*67", "*67 and a number: calls without showing who calls"},
  };
  std::vector<FeatureCode> rows;
  for (const Code& c : kCodes) {
    FeatureCode row;
    row.id = static_cast<EntityId>(rows.size()) + 1;
    row.name = word(c.function);
    row.code = c.code;
    row.function = c.function;
    row.description = c.description;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace carillon::config
