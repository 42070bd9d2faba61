#include "call/bandwidth.h"

#include <utility>

namespace carillon::call {

Bandwidth::Use Bandwidth::of(config::Place place) const {
  const auto at = use_.find(place);
  return at == use_.end() ? Use() : at->second;
}

void Bandwidth::add(config::Place place, int64_t audio, int64_t video) {
  Use& use = use_[place];
  use.audio += audio;
  use.video += video;
  if (use.audio == 0 && use.video == 0) use_.erase(place);
}

void Bandwidth::set(Reservation& held, std::vector<config::Place> places, uint32_t audio, uint32_t video) {
  if (held.places == places && held.audio == audio && held.video == video) return;
  for (const config::Place& p : held.places) {
    changes_.push_back({p, -static_cast<int64_t>(held.audio), -static_cast<int64_t>(held.video)});
    add(p, changes_.back().audio, changes_.back().video);
  }
  held_ -= held.places.empty() ? 0 : 1;
  held = {std::move(places), audio, video};
  held_ += held.places.empty() ? 0 : 1;
  for (const config::Place& p : held.places) {
    changes_.push_back({p, audio, video});
    add(p, audio, video);
  }
}

std::vector<BandwidthChange> Bandwidth::take_changes() { return std::exchange(changes_, {}); }

}  // namespace carillon::call
