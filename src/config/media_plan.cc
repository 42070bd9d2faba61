#include "config/media_plan.h"

#include <algorithm>
#include <limits>

#include "config/entities/device_pool.h"

namespace carillon::config {

namespace {

template <typename Row>
const Row* find_row(const std::vector<Row>& rows, EntityId id) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), id, [](const Row& r, EntityId i) { return r.id < i; });
  return at == rows.end() || at->id != id ? nullptr : &*at;
}

template <typename Row>
void sort_rows(std::vector<Row>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.id < b.id; });
}

// The smaller of two limits, where 0 is none.
template <typename T>
T stricter(T a, T b) {
  return a == 0 ? b : b == 0 ? a : std::min(a, b);
}

MediaLimit merged(const MediaLimit& a, const MediaLimit& b) {
  return {stricter(a.audio, b.audio), stricter(a.video, b.video), a.unknown_codecs && b.unknown_codecs,
          a.preference.empty() ? b.preference : a.preference};
}

Place place_of(EntityId a, EntityId b) { return {std::min(a, b), std::max(a, b)}; }

bool limits(uint32_t audio, int32_t video) { return audio != 0 || video != 0; }

}  // namespace

MediaPlan::MediaPlan(std::vector<RegionView> regions, std::vector<LocationView> locations,
                     std::vector<DevicePoolView> pools)
    : regions_(std::move(regions)), locations_(std::move(locations)), pools_(std::move(pools)) {
  sort_rows(regions_), sort_rows(locations_), sort_rows(pools_);
  const RegionRelationship fresh;
  strangers_.audio = static_cast<uint32_t>(fresh.audio_bit_rate);
  strangers_.video = static_cast<int32_t>(fresh.video_bit_rate);
  has_regions_ = regions_.size() > 1;
  for (const RegionView& r : regions_) {
    has_regions_ |= r.inside.restricts();
    for (const auto& [other, limit] : r.others) {
      if (other != r.id) pairs_.push_back({std::min(other, r.id), std::max(other, r.id), limit});
    }
  }
  std::stable_sort(pairs_.begin(), pairs_.end(),
                   [](const Pair& x, const Pair& y) { return std::pair(x.a, x.b) < std::pair(y.a, y.b); });
  for (size_t i = 1; i < pairs_.size();) {
    if (pairs_[i - 1].a != pairs_[i].a || pairs_[i - 1].b != pairs_[i].b) {
      i++;
      continue;
    }
    pairs_[i - 1].limit = merged(pairs_[i - 1].limit, pairs_[i].limit);
    pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (const LocationView& l : locations_) {
    has_locations_ |= limits(l.audio, l.video);
    for (const auto& link : l.links) has_locations_ |= limits(link.audio, link.video);
  }
}

const RegionView* MediaPlan::region(EntityId id) const { return find_row(regions_, id); }
const LocationView* MediaPlan::location(EntityId id) const { return find_row(locations_, id); }

EntityId MediaPlan::region_of(EntityId pool) const {
  const DevicePoolView* p = find_row(pools_, pool);
  return p == nullptr || p->region == 0 ? kDefaultRegion : p->region;
}

EntityId MediaPlan::location_of(EntityId pool) const {
  const DevicePoolView* p = find_row(pools_, pool);
  return p == nullptr || p->location == 0 ? kHubNone : p->location;
}

std::string_view MediaPlan::region_name(EntityId id) const {
  const RegionView* r = region(id);
  return r == nullptr ? kDefaultRegionName : std::string_view(r->name);
}

std::string_view MediaPlan::location_name(EntityId id) const {
  const LocationView* l = location(id);
  return l == nullptr ? kHubNoneName : std::string_view(l->name);
}

const MediaLimit* MediaPlan::between(EntityId one, EntityId other) const {
  if (!has_regions_) return nullptr;
  if (one == other) {
    const RegionView* r = region(one);
    return r == nullptr || !r->inside.restricts() ? nullptr : &r->inside;
  }
  const std::pair<EntityId, EntityId> key(std::min(one, other), std::max(one, other));
  const auto at = std::lower_bound(pairs_.begin(), pairs_.end(), key,
                                   [](const Pair& p, const auto& k) { return std::pair(p.a, p.b) < k; });
  if (at == pairs_.end() || at->a != key.first || at->b != key.second) return &strangers_;
  return at->limit.restricts() ? &at->limit : nullptr;
}

// Dijkstra over the few locations that there are.
std::vector<PlaceLimit> MediaPlan::links_between(EntityId from, EntityId to) const {
  constexpr uint64_t kFar = std::numeric_limits<uint64_t>::max();
  struct Node {
    uint64_t far = kFar;
    size_t before = 0;
    LocationView::Link link;
    bool done = false;
  };
  std::vector<Node> nodes(locations_.size());
  const auto index = [&](EntityId id) {
    const LocationView* l = location(id);
    return l == nullptr ? nodes.size() : static_cast<size_t>(l - locations_.data());
  };
  const size_t start = index(from), goal = index(to);
  if (start == nodes.size() || goal == nodes.size()) return {};
  const auto reach = [&](size_t at, size_t next, const LocationView::Link& link) {
    if (next == nodes.size() || nodes[next].done || nodes[at].far + link.weight >= nodes[next].far) return;
    nodes[next] = {nodes[at].far + link.weight, at, link, false};
  };
  nodes[start].far = 0;
  for (size_t round = 0; round < nodes.size(); round++) {
    size_t at = nodes.size();
    for (size_t i = 0; i < nodes.size(); i++) {
      if (!nodes[i].done && nodes[i].far != kFar && (at == nodes.size() || nodes[i].far < nodes[at].far)) at = i;
    }
    if (at == nodes.size() || at == goal) break;
    nodes[at].done = true;
    for (const auto& link : locations_[at].links) reach(at, index(link.to), link);
    for (size_t i = 0; i < nodes.size(); i++) {  // a link is written at one of its ends
      for (const auto& link : locations_[i].links) {
        if (link.to == locations_[at].id) reach(at, i, link);
      }
    }
  }
  std::vector<PlaceLimit> way;
  if (nodes[goal].far == kFar) return way;
  for (size_t at = goal; at != start; at = nodes[at].before) {
    way.push_back(limit_of(place_of(locations_[at].id, locations_[nodes[at].before].id)));
  }
  return way;
}

std::vector<PlaceLimit> MediaPlan::way(EntityId from, EntityId to) const {
  std::vector<PlaceLimit> places;
  if (!has_locations_) return places;
  places.push_back(limit_of({from, from}));
  if (from != to) {
    places.push_back(limit_of({to, to}));
    for (const PlaceLimit& link : links_between(from, to)) places.push_back(link);
  }
  std::erase_if(places, [](const PlaceLimit& p) { return !limits(p.audio, p.video); });
  return places;
}

PlaceLimit MediaPlan::limit_of(Place place) const {
  PlaceLimit limit{place, 0, 0};
  if (place.a == place.b) {
    if (const LocationView* l = location(place.a)) limit.audio = l->audio, limit.video = l->video;
    return limit;
  }
  for (const auto& [end, other] : {std::pair(place.a, place.b), std::pair(place.b, place.a)}) {
    const LocationView* l = location(end);
    if (l == nullptr) continue;
    for (const auto& link : l->links) {
      if (link.to != other) continue;
      limit.audio = stricter(limit.audio, link.audio);
      limit.video = stricter(limit.video, link.video);
    }
  }
  return limit;
}

std::vector<PlaceLimit> MediaPlan::limited() const {
  std::vector<Place> places;
  for (const LocationView& l : locations_) {
    places.push_back({l.id, l.id});
    for (const auto& link : l.links) places.push_back(place_of(l.id, link.to));
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<PlaceLimit> all;
  for (const Place& p : places) {
    if (const PlaceLimit limit = limit_of(p); limits(limit.audio, limit.video)) all.push_back(limit);
  }
  return all;
}

}  // namespace carillon::config
