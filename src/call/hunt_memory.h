#pragma once
// What hunts remember from call to call: since when each hunted line is idle, and who of a line group got the last
// call. Every shard keeps the whole of it and tells the others what it changes, as with bandwidth (bandwidth.h); two
// calls that begin in different shards within the same few microseconds may choose the same member. After a start
// everybody is idle since ever, and groups begin at the top. Single owner.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "config/groups_view.h"

namespace carillon::call {

// One shard's news to the others. Must not be lost.
struct HuntNews {
  enum class Kind : uint8_t {
    busy,      // the line has a call there
    idle,      // no more, since `at`
    got_call,  // of the group `group` the line was called
  } kind = Kind::busy;
  config::EntityId line = 0, group = 0;
  Instant at;
};

class HuntMemory {
 public:
  // The line has its first call in this shard, or none any more.
  void line_busy(config::EntityId line);
  void line_idle(config::EntityId line, Instant now);
  // Was line_busy() said here, and not line_idle() since?
  bool is_busy_here(config::EntityId line) const;
  // The member that a hunt calls now.
  void got_call(config::EntityId group, config::EntityId line);

  // When the line had its last call; Instant{} for never, kNever while it has one in any shard.
  Instant idle_since(config::EntityId line) const;
  // 0: nobody yet.
  config::EntityId last_called(config::EntityId group) const;

  void absorb(const HuntNews& news);
  // Ours since it was asked last, into `to` in place of what it held. False when there is none.
  bool take_news(std::vector<HuntNews>& to);

 private:
  struct Line {
    bool here = false;
    uint32_t elsewhere = 0;  // shards in which it has calls
    Instant idle_since;
  };
  std::unordered_map<config::EntityId, Line> lines_;
  std::unordered_map<config::EntityId, config::EntityId> last_;
  std::vector<HuntNews> news_;
};

}  // namespace carillon::call
