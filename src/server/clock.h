#pragma once
// The one clock of the server (docs/adr/0003): the wall clock's reading at start, carried on by the monotonic clock.

#include <chrono>

#include "base/time.h"

namespace carillon::server {

class Clock {
 public:
  Clock() : offset_(wall().us - steady()) {}
  Instant now() const { return {steady() + offset_}; }
  static Instant wall() { return {micros(std::chrono::system_clock::now().time_since_epoch())}; }

 private:
  template <typename D>
  static int64_t micros(D d) {
    return std::chrono::duration_cast<std::chrono::microseconds>(d).count();
  }
  static int64_t steady() { return micros(std::chrono::steady_clock::now().time_since_epoch()); }
  int64_t offset_;
};

}  // namespace carillon::server
