#pragma once
// Location: how much bandwidth the calls to, from and within a place may take together (call admission control).
//
// A call between two places counts in both and on each link of the lightest way between them. Audio counts with its
// headers (G.711 is 80 kbit/s, G.729 is 24); 0 is unlimited.

#include "config/describe.h"

namespace carillon::config {

struct Location;

// A way from a location to another. A part of the location; it holds both ways.
struct LocationLink {
  Ref<Location> location;
  int64_t audio_bandwidth = 0;
  int64_t video_bandwidth = 0;
  int64_t weight = 50;
};

struct Location {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  int64_t audio_bandwidth = 0;
  int64_t video_bandwidth = 0;
  std::vector<LocationLink> links;
};

constexpr EntityId kHubNone = 1;
constexpr View kHubNoneName = "Hub_None";

template <>
inline constexpr auto schema<LocationLink> = describe<LocationLink>(
    Facts{"LocationLink", "Location link", "location-link", "links", "location"},
    field<&LocationLink::location>("location", "The location at the other end", {.required = true}),
    field<&LocationLink::audio_bandwidth>("audioBandwidth", "For audio, in kbit/s with headers; 0: no limit",
                                          {.min = 0, .max = 100000000}),
    field<&LocationLink::video_bandwidth>("videoBandwidth", "For video, in kbit/s; 0: no limit, -1: no video",
                                          {.min = -1, .max = 100000000}),
    field<&LocationLink::weight>("weight", "Of several ways the one with the least sum is taken",
                                 {.min = 1, .max = 1000}));

template <>
inline constexpr auto schema<Location> = describe<Location>(
    Facts{"Location", "Location", "location", "locations", "name"},
    field<&Location::name>("name", "Name of the location",
                           {.required = true, .unique = true, .max_length = 50, .charset = Charset::name}),
    field<&Location::description>("description", "What it is for"),
    field<&Location::audio_bandwidth>(
        "audioBandwidth", "For audio of all calls to, from and within it, in kbit/s with headers; 0: no limit",
        {.min = 0, .max = 100000000}),
    field<&Location::video_bandwidth>(
        "videoBandwidth", "For video of all calls to, from and within it, in kbit/s; 0: no limit, -1: no video",
        {.min = -1, .max = 100000000}),
    field<&Location::links>("links", "Ways to other locations, each as NAME or NAME/audioBandwidth=240/weight=50"));

}  // namespace carillon::config
