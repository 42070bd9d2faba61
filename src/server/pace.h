#pragma once
// Is traffic so dense that waking for each datagram costs more than handling it? Then the shard's loop lets a few
// gather first: on a virtual machine a wake-up costs some 10 µs, a message 3 (docs/adr/0013).

#include <cstddef>

#include "base/time.h"

namespace carillon::server {

class Pace {
 public:
  static constexpr Duration kWindow = milliseconds(20);
  static constexpr int64_t kDense = 6000;                 // messages a second
  static constexpr Duration kGather = microseconds(800);  // how long they may gather: far below what a caller notices

  void count(size_t messages, Instant now) {
    messages_ += messages;
    const Duration passed = now - began_;
    if (passed < kWindow) return;
    dense_ = passed < seconds(1) && static_cast<int64_t>(messages_) * 1'000'000 > kDense * passed.us;
    messages_ = 0;
    began_ = now;
  }
  bool dense() const { return dense_; }

 private:
  size_t messages_ = 0;
  Instant began_;
  bool dense_ = false;
};

}  // namespace carillon::server
