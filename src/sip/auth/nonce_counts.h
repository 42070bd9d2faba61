#pragma once
// Which uses of our nonces have been seen (RFC 7616 §3.4, "nc"; §5.5). Only the first accepted use of a nonce makes an
// entry, so that strangers cannot fill the table.
//
// With qop, a count is good when it is above the highest seen, or at most 63 below it and not seen yet: phones send
// requests in parallel and UDP reorders them. Without qop (RFC 2069 style) there is no count, and nothing in a response
// ties it to one request; so a nonce is good for one use, and the next gets a new nonce with stale=true, which phones
// answer without asking anybody.
//
// Bounded. What falls out of the table is not forgotten in the sense that matters: every nonce as old as the
// newest that fell out, and every nonce older than this object, counts as stale unless it is in the table.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>

#include "base/hash.h"
#include "base/time.h"
#include "sip/auth/nonce.h"

namespace carillon::sip::auth {

class NonceCounts {
 public:
  enum class Use : uint8_t { fresh, replayed, stale };

  // At most `limit` nonces.
  explicit NonceCounts(size_t limit) : half_(limit / 2) {}

  // To be called before the first nonce is made or checked; later calls do nothing.
  void start(Instant now) {
    if (!started_) started_ = true, young_since_ = now, floor_ = now - milliseconds(1);
  }
  // May this use be accepted? Changes nothing. `count` 0 is a use without qop. REQUIRES: start().
  Use check(const NonceInfo& nonce, uint32_t count) const;
  // Marks it as used. REQUIRES: check() said fresh in this turn.
  void use(Instant now, const NonceInfo& nonce, uint32_t count, Duration validity);
  size_t size() const { return young_.size() + old_.size(); }

 private:
  struct Entry {
    uint64_t window = 0;  // bit i: count `last - i` was used
    uint32_t last = 0;    // highest count seen; kOneUse for a nonce that was used without qop
  };
  struct IdHash {
    using is_avalanching = void;
    size_t operator()(uint64_t id) const { return hash_mix(id, g_hash_key); }
  };
  using Table = boost::unordered_flat_map<uint64_t, Entry, IdHash>;

  const Entry* find(uint64_t id) const;
  void turn_over(Instant now, Duration validity);

  // Two generations: the old one is dropped whole when the young one is full or has lasted as long as a nonce lives.
  Table young_, old_;
  size_t half_;
  bool started_ = false;
  Instant floor_;  // nonces made at or before this and not in the table are stale
  Instant young_since_;
  Duration longest_;  // validity of any nonce so far
  Instant newest_in_young_, newest_in_old_;
};

}  // namespace carillon::sip::auth
