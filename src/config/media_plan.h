#pragma once
// Regions, locations and device pools as call threads see them: which bit rates and codecs two phones may use, and
// through which places a call between them goes. Immutable, a part of the Snapshot.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::config {

using EntityId = int64_t;

// What two regions, or one, allow.
struct MediaLimit {
  uint32_t audio = 0;                   // kbit/s of the codec; 0: any
  int32_t video = 0;                    // kbit/s; 0: any, -1: none
  bool unknown_codecs = true;           // may a codec without known bit rate pass?
  std::vector<std::string> preference;  // encoding names, best first
  bool restricts() const { return audio != 0 || video != 0 || !unknown_codecs || !preference.empty(); }
};

struct RegionView {
  EntityId id = 0;
  std::string name;
  MediaLimit inside;
  std::vector<std::pair<EntityId, MediaLimit>> others;
};

struct LocationView {
  EntityId id = 0;
  std::string name;
  uint32_t audio = 0;  // kbit/s with headers; 0: no limit
  int32_t video = 0;   // -1: none
  struct Link {
    EntityId to = 0;
    uint32_t audio = 0;
    int32_t video = 0;
    uint32_t weight = 50;
  };
  std::vector<Link> links;
};

struct DevicePoolView {
  EntityId id = 0;
  std::string name;
  EntityId region = 0, location = 0;
};

// One place where bandwidth is counted: a location (a == b), or the link between two (a < b).
struct Place {
  EntityId a = 0, b = 0;
  bool operator==(const Place&) const = default;
  auto operator<=>(const Place&) const = default;
};
struct PlaceLimit {
  Place place;
  uint32_t audio = 0;
  int32_t video = 0;
};

class MediaPlan {
 public:
  MediaPlan() = default;
  MediaPlan(std::vector<RegionView> regions, std::vector<LocationView> locations, std::vector<DevicePoolView> pools);

  // Does any region restrict anything, does any location limit? When not, nobody need look further.
  bool has_regions() const { return has_regions_; }
  bool has_locations() const { return has_locations_; }

  // Of a phone's device pool; the built-in one's when there is no such pool.
  EntityId region_of(EntityId pool) const;
  EntityId location_of(EntityId pool) const;
  std::string_view region_name(EntityId region) const;
  std::string_view location_name(EntityId location) const;

  // Null when nothing is restricted between the two.
  const MediaLimit* between(EntityId region, EntityId other) const;

  // The places with a limit that a call between two locations goes through: both, and the links of the lightest way.
  // Where no way leads, only the two count.
  std::vector<PlaceLimit> way(EntityId from, EntityId to) const;
  // The limit of a place as configured now; all zero when it is gone.
  PlaceLimit limit_of(Place place) const;
  // Every place with a limit, for views.
  std::vector<PlaceLimit> limited() const;

 private:
  struct Pair {
    EntityId a, b;  // a < b
    MediaLimit limit;
  };
  const RegionView* region(EntityId id) const;
  const LocationView* location(EntityId id) const;
  std::vector<PlaceLimit> links_between(EntityId from, EntityId to) const;

  std::vector<RegionView> regions_;      // by id
  std::vector<Pair> pairs_;              // by (a, b)
  std::vector<LocationView> locations_;  // by id; each link stands in both of its ends
  std::vector<DevicePoolView> pools_;    // by id
  MediaLimit strangers_;                 // between regions of which neither speaks of the other
  bool has_regions_ = false, has_locations_ = false;
};

}  // namespace carillon::config
