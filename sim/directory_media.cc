// Regions and locations of a world, by name.

#include "directory.h"

namespace carillon::sim {

namespace {
constexpr const char* kBuiltInRegion = "Default";
constexpr const char* kBuiltInLocation = "Hub_None";
}  // namespace

config::RegionView& Directory::region_of(const std::string& name) {
  auto [at, fresh] = regions_.try_emplace(name);
  if (fresh) at->second.id = name == kBuiltInRegion ? 1 : ++next_, at->second.name = name;
  return at->second;
}

config::LocationView& Directory::location_of(const std::string& name) {
  auto [at, fresh] = locations_.try_emplace(name);
  if (fresh) at->second.id = name == kBuiltInLocation ? 1 : ++next_, at->second.name = name;
  return at->second;
}

void Directory::region(const std::string& name, const config::MediaLimit& inside) {
  config::RegionView& r = region_of(name);
  r.inside = inside;
  builder_.put(r);
}

void Directory::relate(const std::string& one, const std::string& other, const config::MediaLimit& limit) {
  builder_.put(region_of(other));
  const config::EntityId id = region_of(other).id;
  config::RegionView& r = region_of(one);
  std::erase_if(r.others, [id](const auto& o) { return o.first == id; });
  r.others.emplace_back(id, limit);
  builder_.put(r);
}

void Directory::location(const std::string& name, uint32_t audio, int32_t video) {
  config::LocationView& l = location_of(name);
  l.audio = audio, l.video = video;
  builder_.put(l);
}

void Directory::link(const std::string& one, const std::string& other, uint32_t audio, int32_t video) {
  builder_.put(location_of(other));
  const config::EntityId id = location_of(other).id;
  config::LocationView& l = location_of(one);
  std::erase_if(l.links, [id](const auto& o) { return o.to == id; });
  l.links.push_back({id, audio, video, 50});
  builder_.put(l);
}

// Each phone has a device pool of its own, of its own id.
void Directory::join_pool(config::PhoneView& phone, const PhoneEntry& entry) {
  if (entry.region.empty() && entry.location.empty()) return;
  config::DevicePoolView pool;
  pool.id = phone.id;
  if (!entry.region.empty()) {
    pool.region = region_of(entry.region).id;
    builder_.put(region_of(entry.region));
  }
  if (!entry.location.empty()) {
    pool.location = location_of(entry.location).id;
    builder_.put(location_of(entry.location));
  }
  builder_.put(pool);
  phone.device_pool = pool.id;
}

}  // namespace carillon::sim
