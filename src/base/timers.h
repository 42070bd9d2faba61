#pragma once
// Deadlines with a small token: a hashed wheel with a bitmap of its slots, cheap to arm and to forget. A plain data
// structure: it never calls anyone but the function given to fire(). Cancelling is lazy: the owner ignores a token that
// no longer means anything (a stale Id), or keeps the armed deadline beside its state and compares.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/time.h"

namespace carillon {
using std::size_t;

template <typename Token>
class Timers {
 public:
  // A slot is 2^kShift µs (4.1 ms). A deadline fires in the first turn at or after the end of its slot, never early.
  static constexpr int kShift = 12;
  static constexpr int64_t kSlots = 1 << 14;  // one revolution: 67 s; later deadlines go round again

  Timers() : groups_(kSlots / 64), full_(kSlots / 64) {}

  void arm(Instant at, Token token) {
    const int64_t tick = at.us >> kShift;
    put(hand_moved_ && tick < cursor_ ? cursor_ : tick, {at, token});
    size_++;
  }

  // Calls f(deadline, token) for each deadline not later than `now`, slot by slot; f may arm new ones.
  template <typename F>
  void fire(Instant now, F&& f) {
    const int64_t last = now.us >> kShift;
    if (!std::exchange(hand_moved_, true))
      cursor_ = std::min(cursor_, last);  // before this it stood at the first deadline
    while (size_ > 0) {
      const int64_t tick = next_full();
      if (tick >= last) break;
      cursor_ = tick + 1;
      drain(tick, f);
    }
    if (cursor_ < last) cursor_ = last;
  }

  // When fire() next may have something to do (a wake-up too many each revolution is possible); kNever when empty.
  Instant next() const {
    if (size_ == 0) return kNever;
    return {(next_full() + 1) << kShift};
  }

  size_t size() const { return size_; }

 private:
  struct Entry {
    Instant at;
    Token token;
  };

  using Slot = std::vector<Entry>;
  using Group = std::array<Slot, 64>;  // those of one word of the bitmap

  // REQUIRES: something has been put into its group.
  Slot& slot(size_t i) { return (*groups_[i / 64])[i % 64]; }

  void put(int64_t tick, Entry e) {
    const auto i = static_cast<size_t>(tick & (kSlots - 1));
    if (!started_ && !hand_moved_) cursor_ = tick;  // the first deadline sets the wheel's hand
    started_ = true;
    if (groups_[i / 64] == nullptr) groups_[i / 64] = std::make_unique<Group>();
    slot(i).push_back(e);
    full_[i / 64] |= 1ull << (i % 64);
    if (tick < cursor_) cursor_ = tick;
  }

  template <typename F>
  void drain(int64_t tick, F&& f) {
    const auto i = static_cast<size_t>(tick & (kSlots - 1));
    full_[i / 64] &= ~(1ull << (i % 64));
    due_.clear();
    std::swap(due_, slot(i));
    for (const Entry& e : due_) {
      if ((e.at.us >> kShift) > tick) {
        put(e.at.us >> kShift, e);
        continue;
      }
      size_--;
      f(e.at, e.token);
    }
    if (slot(i).empty() && due_.capacity() <= 256) due_.clear(), std::swap(due_, slot(i));
  }

  // The tick of the first slot with entries at or after the hand. REQUIRES: size_ > 0.
  int64_t next_full() const {
    const auto start = static_cast<size_t>(cursor_ & (kSlots - 1));
    const uint64_t first = full_[start / 64] >> (start % 64);
    if (first != 0) return cursor_ + std::countr_zero(first);
    const size_t words = full_.size();
    for (size_t k = 1; k <= words; k++) {
      const size_t w = (start / 64 + k) % words;
      if (full_[w] == 0) continue;
      const int64_t at = static_cast<int64_t>(w * 64) + std::countr_zero(full_[w]);
      const int64_t ahead = (at - static_cast<int64_t>(start) + kSlots) & (kSlots - 1);
      return cursor_ + ahead;
    }
    return cursor_ + kSlots;
  }

  std::vector<std::unique_ptr<Group>> groups_;  // made when something is put there: a new wheel is small
  std::vector<uint64_t> full_;
  std::vector<Entry> due_;
  int64_t cursor_ = 0;
  size_t size_ = 0;
  bool started_ = false;     // the hand stands somewhere
  bool hand_moved_ = false;  // fire() has been called: nothing may be put behind the hand
};

}  // namespace carillon
