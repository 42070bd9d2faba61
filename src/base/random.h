#pragma once
// Random bits as an input, like time: the server gives a generator seeded by the system, the simulator a seeded one.

#include <array>
#include <cstddef>
#include <cstdint>

namespace carillon {

// ChaCha20 (RFC 8439 §2.3) run as a generator: unguessable when seeded with 256 secret bits, repeatable from a seed.
// Single owner.
class Random {
 public:
  explicit Random(const std::array<uint32_t, 8>& key) : key_(key) {}
  explicit Random(uint64_t seed)
      : key_{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32), 0x6361u, 0x72696cu, 0x6c6f6eu, 1, 2, 3} {}

  uint32_t next32() {
    if (at_ == block_.size()) refill();
    return block_[at_++];
  }
  uint64_t next64() {
    const uint64_t high = next32();
    return high << 32 | next32();
  }
  // Uniform in [0, n). REQUIRES: n > 0.
  uint32_t below(uint32_t n) { return static_cast<uint32_t>((static_cast<uint64_t>(next32()) * n) >> 32); }
  // True with probability p in [0, 1].
  bool chance(double p) { return next32() < p * 4294967296.0; }

 private:
  void refill();
  std::array<uint32_t, 8> key_;
  std::array<uint32_t, 16> block_{};
  uint64_t counter_ = 0;
  size_t at_ = 16;
};

}  // namespace carillon
