// Regions, locations and device pools for the snapshot.

#include "config/publisher.h"

namespace carillon::config {

namespace {

template <typename Row>
MediaLimit limit_of(const Row& row) {
  MediaLimit limit;
  limit.audio = static_cast<uint32_t>(row.audio_bit_rate);
  limit.video = static_cast<int32_t>(row.video_bit_rate);
  limit.preference = row.codec_preference;
  return limit;
}

RegionView view_of(const Region& row) {
  RegionView v;
  v.id = row.id;
  v.name = row.name;
  v.inside = limit_of(row);
  v.inside.unknown_codecs = row.unknown_codecs;
  for (const RegionRelationship& r : row.relationships) {
    v.others.emplace_back(r.region.id, limit_of(r));
    v.others.back().second.unknown_codecs = row.unknown_codecs;
  }
  return v;
}

LocationView view_of(const Location& row) {
  LocationView v;
  v.id = row.id;
  v.name = row.name;
  v.audio = static_cast<uint32_t>(row.audio_bandwidth);
  v.video = static_cast<int32_t>(row.video_bandwidth);
  for (const LocationLink& l : row.links) {
    v.links.push_back({l.location.id, static_cast<uint32_t>(l.audio_bandwidth), static_cast<int32_t>(l.video_bandwidth),
                       static_cast<uint32_t>(l.weight)});
  }
  return v;
}

DevicePoolView view_of(const DevicePool& row) { return {row.id, row.name, row.region.id, row.location.id}; }

}  // namespace

void Publisher::load_media() {
  repository_.of<Region>().each(false, "", [&](Region&& row) { return builder_.put(view_of(row)), true; });
  repository_.of<Location>().each(false, "", [&](Location&& row) { return builder_.put(view_of(row)), true; });
  repository_.of<DevicePool>().each(false, "", [&](DevicePool&& row) { return builder_.put(view_of(row)), true; });
}

void Publisher::put_media() {
  for (const EntityId id : regions_) {
    const auto row = repository_.of<Region>().get(id);
    row ? builder_.put(view_of(*row)) : builder_.remove_region(id);
  }
  for (const EntityId id : locations_) {
    const auto row = repository_.of<Location>().get(id);
    row ? builder_.put(view_of(*row)) : builder_.remove_location(id);
  }
  for (const EntityId id : pools_) {
    const auto row = repository_.of<DevicePool>().get(id);
    row ? builder_.put(view_of(*row)) : builder_.remove_device_pool(id);
  }
}

}  // namespace carillon::config
