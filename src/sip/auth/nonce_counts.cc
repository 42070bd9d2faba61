#include "sip/auth/nonce_counts.h"

#include <algorithm>

namespace carillon::sip::auth {
namespace {
constexpr uint32_t kOneUse = 0;
constexpr uint32_t kWindow = 64;
}  // namespace

const NonceCounts::Entry* NonceCounts::find(uint64_t id) const {
  auto it = young_.find(id);
  if (it != young_.end()) return &it->second;
  if (old_.empty()) return nullptr;
  it = old_.find(id);
  return it == old_.end() ? nullptr : &it->second;
}

NonceCounts::Use NonceCounts::check(const NonceInfo& nonce, uint32_t count) const {
  const Entry* entry = find(nonce.id);
  if (entry == nullptr) return nonce.made <= floor_ ? Use::stale : Use::fresh;
  if (count == kOneUse || entry->last == kOneUse) return Use::stale;
  if (count > entry->last) return Use::fresh;
  const uint32_t behind = entry->last - count;
  return behind < kWindow && (entry->window >> behind & 1) == 0 ? Use::fresh : Use::replayed;
}

void NonceCounts::use(Instant now, const NonceInfo& nonce, uint32_t count, Duration validity) {
  turn_over(now, validity);
  newest_in_young_ = std::max(newest_in_young_, nonce.made);
  Entry& entry = young_[nonce.id];
  if (entry.window == 0 && !old_.empty()) {
    const auto it = old_.find(nonce.id);
    if (it != old_.end()) {
      entry = it->second;
      old_.erase(it);
    }
  }
  if (count > entry.last) {
    const uint32_t ahead = count - entry.last;
    entry.window = ahead < kWindow ? entry.window << ahead | 1 : 1;
    entry.last = count;
  } else {
    entry.window |= 1ull << (entry.last - count);
  }
}

void NonceCounts::turn_over(Instant now, Duration validity) {
  longest_ = std::max(longest_, validity);
  if (young_.size() < half_ && now - young_since_ < longest_) return;
  if (!old_.empty()) floor_ = std::max(floor_, newest_in_old_);
  std::swap(young_, old_);
  young_.clear();
  newest_in_old_ = newest_in_young_;
  newest_in_young_ = {};
  young_since_ = now;
}

}  // namespace carillon::sip::auth
