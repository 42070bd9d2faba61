// What calls take of the bandwidth of locations.

#include "server/live.h"

namespace carillon::server {

Result<json::array> LiveServer::location_use() {
  const auto snapshot = view_.snapshot();
  if (snapshot == nullptr) return json::array();
  const auto places = std::make_shared<std::vector<config::PlaceLimit>>(snapshot->media().limited());
  const auto uses = std::make_shared<std::vector<call::Bandwidth::Use>>();
  // Every shard keeps the account of all.
  const bool ok = view_.loops->front()->ask([places, uses](shard::Shard& s, Instant, shard::Output&) {
    for (const auto& p : *places) uses->push_back(s.calls().bandwidth().of(p.place));
  });
  if (!ok) return Fault{FaultKind::unavailable, "the server is too busy to answer; try again", ""};
  json::array rows;
  for (size_t i = 0; i < places->size(); i++) {
    const config::PlaceLimit& p = (*places)[i];
    const bool link = p.place.a != p.place.b;
    rows.push_back(json::object{{"location", snapshot->media().location_name(p.place.a)},
                                {"other", link ? snapshot->media().location_name(p.place.b) : std::string_view()},
                                {"audioInUse", (*uses)[i].audio},
                                {"videoInUse", (*uses)[i].video}});
  }
  return rows;
}

}  // namespace carillon::server
