#pragma once
// The one long deadline of each leg (no answer, session refresh or expiry), to the second. Legs are linked into the
// slots of a wheel, so a call that ends leaves nothing behind, however far its deadline was.

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/slab.h"
#include "base/time.h"

namespace carillon::call {

// What a scheduled value holds.
struct Scheduled {
  Instant due = kNever;
  uint32_t next = UINT32_MAX, previous = UINT32_MAX;
};

template <typename T>
class Schedule {
 public:
  static constexpr uint32_t kSlots = 512;

  Schedule() { heads_.fill(kNone); }

  // REQUIRES: `value` lives in `slab` at `index`, and has a member `scheduled`.
  void set(Slab<T>& slab, uint32_t index, T& value, Instant due) {
    clear(slab, value);
    if (due == kNever) return;
    due.us = std::max(due.us, hand_ * kSecond);  // the hand does not go back
    value.scheduled.due = due;
    uint32_t& head = heads_[slot(due)];
    value.scheduled.next = head;
    value.scheduled.previous = kNone;
    if (head != kNone) slab.at_index(head)->scheduled.previous = index;
    head = index;
    size_++;
  }

  void clear(Slab<T>& slab, T& value) {
    Scheduled& s = value.scheduled;
    if (s.due == kNever) return;
    if (s.next != kNone) slab.at_index(s.next)->scheduled.previous = s.previous;
    if (s.previous != kNone) {
      slab.at_index(s.previous)->scheduled.next = s.next;
    } else {
      heads_[slot(s.due)] = s.next;
    }
    s = Scheduled();
    size_--;
  }

  // Calls f(id) for each whose second has passed; it is no longer scheduled then. f may do as it likes.
  // REQUIRES: values have a member `self`, their id.
  template <typename F>
  void fire(Slab<T>& slab, Instant now, F&& f) {
    const int64_t last = now.us / kSecond;
    due_.clear();
    const int64_t from = last - hand_ > kSlots ? last - kSlots : hand_;
    for (int64_t second = from; second < last && size_ > 0; second++) {
      uint32_t at = heads_[static_cast<uint64_t>(second) % kSlots];
      while (at != kNone) {
        T& value = *slab.at_index(at);
        at = value.scheduled.next;
        if (value.scheduled.due.us / kSecond > second) continue;
        clear(slab, value);
        due_.push_back(value.self);
      }
    }
    if (hand_ < last) hand_ = last;
    for (const Id<T> id : due_) f(id);
  }

  // The end of the next second that has something in its slot; kNever when there is nothing.
  Instant next() const {
    if (size_ == 0) return kNever;
    for (uint32_t i = 0; i < kSlots; i++) {
      if (heads_[static_cast<uint64_t>(hand_ + i) % kSlots] != kNone) return {(hand_ + i + 1) * kSecond};
    }
    return kNever;
  }

  uint32_t size() const { return size_; }
  // Sets the hand of an empty wheel. Call when the first value comes after a time of quiet.
  void start(Instant now) {
    if (size_ == 0) hand_ = std::max(hand_, now.us / kSecond);
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr int64_t kSecond = 1'000'000;
  static uint32_t slot(Instant due) { return static_cast<uint32_t>(static_cast<uint64_t>(due.us / kSecond) % kSlots); }
  std::array<uint32_t, kSlots> heads_;
  std::vector<Id<T>> due_;
  int64_t hand_ = 0;  // the second that comes next
  uint32_t size_ = 0;
};

}  // namespace carillon::call
