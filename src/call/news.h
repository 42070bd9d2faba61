#pragma once
// What a shard tells the others of its calls, so that each knows where a caller belongs who dials for a call of another
// one: phones that ring where somebody may pick up, and park numbers that are all taken. Values; nothing is sent where
// there is one shard.

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/time.h"
#include "config/snapshot.h"

namespace carillon::call {

struct News {
  enum class Kind : uint8_t {
    rings,  // `leg` of `shard` rings for `line`
    quiet,  // no longer
    full,   // no number of the park entity `row` is free; it belongs to `shard`
    room,   // one is again
  } kind = Kind::rings;
  uint16_t shard = 0;  // whose news it is
  uint64_t leg = 0;
  config::EntityId line = 0;
  config::EntityId caller_phone = 0;  // who calls there, 0 for strangers
  Instant since;                      // when the call began
  config::EntityId row = 0;
};

// What the others have told.
class Elsewhere {
 public:
  void absorb(const News& news) {
    switch (news.kind) {
      case News::Kind::rings:
        ringing_[{news.shard, news.leg}] = news;
        break;
      case News::Kind::quiet:
        ringing_.erase({news.shard, news.leg});
        break;
      case News::Kind::full:
        full_.insert(news.row);
        break;
      case News::Kind::room:
        full_.erase(news.row);
        break;
    }
  }
  template <typename F>
  void each_ringing(F&& f) const {
    for (const auto& [key, news] : ringing_) f(news);
  }
  bool is_full(config::EntityId row) const { return full_.count(row) != 0; }
  size_t size() const { return ringing_.size() + full_.size(); }

 private:
  std::map<std::pair<uint16_t, uint64_t>, News> ringing_;
  std::set<config::EntityId> full_;
};

}  // namespace carillon::call
