#pragma once
// The collections of entities: what the API's paths, the OpenAPI document and the command line's nouns are made from.

#include <array>
#include <string_view>

namespace carillon::admin {

struct Collection {
  std::string_view path;    // of the API and of Service
  std::string_view noun;    // of the command line
  std::string_view schema;  // in the OpenAPI document
  std::string_view label;   // in the words of docs
  std::string_view key;     // the field that names an entity to people
  bool fixed = false;       // entities are neither added nor removed
  bool resettable = false;  // has built-in entities that can be put back to what they were
};

inline constexpr std::array<Collection, 20> kCollections{{
    {"users", "user", "EndUser", "End User", "userid"},
    {"phones", "phone", "Phone", "Phone", "name"},
    {"lines", "line", "Line", "Line", "number"},
    {"partitions", "partition", "Partition", "Partition", "name"},
    {"search-spaces", "search-space", "CallingSearchSpace", "Calling Search Space", "name"},
    {"presence-groups", "presence-group", "PresenceGroup", "Presence Group", "name"},
    {"security-profiles", "security-profile", "PhoneSecurityProfile", "Phone Security Profile", "name", false, true},
    {"sip-profiles", "sip-profile", "SipProfile", "SIP Profile", "name", false, true},
    {"regions", "region", "Region", "Region", "name", false, true},
    {"locations", "location", "Location", "Location", "name", false, true},
    {"device-pools", "device-pool", "DevicePool", "Device Pool", "name", false, true},
    {"line-groups", "line-group", "LineGroup", "Line Group", "name"},
    {"hunt-lists", "hunt-list", "HuntList", "Hunt List", "name"},
    {"hunt-pilots", "hunt-pilot", "HuntPilot", "Hunt Pilot", "number"},
    {"pickup-groups", "pickup-group", "CallPickupGroup", "Call Pickup Group", "name"},
    {"call-parks", "call-park", "CallPark", "Call Park", "number"},
    {"directed-parks", "directed-park", "DirectedCallPark", "Directed Call Park", "number"},
    {"feature-codes", "feature-code", "FeatureCode", "Feature Code", "name", false, true},
    {"caller-filters", "caller-filter", "CallerFilter", "Caller Filter", "name"},
    {"parameters", "parameter", "ServiceParameter", "Service Parameter", "name", true, true},
}};

constexpr const Collection* find_collection(std::string_view path) {
  for (const auto& each : kCollections) {
    if (each.path == path) return &each;
  }
  return nullptr;
}

constexpr const Collection* find_noun(std::string_view noun) {
  for (const auto& each : kCollections) {
    if (each.noun == noun) return &each;
  }
  return nullptr;
}

}  // namespace carillon::admin
