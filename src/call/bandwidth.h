#pragma once
// What the calls of all shards take of each place (config::Place). Every shard keeps the whole account: what it takes
// or gives back it tells the others, and what it may take it decides from what it knows, at once. So nothing waits; two
// calls that begin in different shards within the same few microseconds may together take one call more than there is
// room for. Counted for limited places only.

#include <cstdint>
#include <map>
#include <vector>

#include "config/media_plan.h"

namespace carillon::call {

// One shard's news to the others. Must not be lost: the accounts would differ for ever.
struct BandwidthChange {
  config::Place place;
  int64_t audio = 0, video = 0;  // kbit/s more, or less
};

// What a leg holds.
struct Reservation {
  std::vector<config::Place> places;
  uint32_t audio = 0, video = 0;
};

class Bandwidth {
 public:
  struct Use {
    int64_t audio = 0, video = 0;
  };
  Use of(config::Place place) const;

  // Replaces what `held` holds; empty places give it back.
  void set(Reservation& held, std::vector<config::Place> places, uint32_t audio, uint32_t video);
  void give_back(Reservation& held) { set(held, {}, 0, 0); }
  // Another shard's news.
  void absorb(const BandwidthChange& change) { add(change.place, change.audio, change.video); }
  // Ours since it was asked last.
  std::vector<BandwidthChange> take_changes();
  bool has_changes() const { return !changes_.empty(); }
  // Reservations of this shard: for audits.
  size_t held() const { return held_; }

 private:
  void add(config::Place place, int64_t audio, int64_t video);
  std::map<config::Place, Use> use_;
  std::vector<BandwidthChange> changes_;
  size_t held_ = 0;
};

}  // namespace carillon::call
