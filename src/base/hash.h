#pragma once
// One fast hash for look-ups by text. Keyed, so that a stranger cannot choose colliding keys.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace carillon {

// Sets the process-wide key; call once at start, before any table is filled. The default is fixed, for tests.
void set_hash_key(uint64_t key);
extern uint64_t g_hash_key;

inline uint64_t hash_mix(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a ^ 0xa0761d6478bd642full) * (b ^ 0xe7037ed1a0b428dbull);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t hash_bytes(std::string_view s, uint64_t seed) {
  uint64_t h = seed ^ g_hash_key ^ (s.size() * 0x9e3779b97f4a7c15ull);
  const char* p = s.data();
  size_t n = s.size();
  while (n >= 16) {
    uint64_t a, b;
    std::memcpy(&a, p, 8), std::memcpy(&b, p + 8, 8);
    h = hash_mix(a ^ h, b + 0x589965cc75374cc3ull);
    p += 16, n -= 16;
  }
  uint64_t a = 0, b = 0;
  if (n >= 8) {
    std::memcpy(&a, p, 8), std::memcpy(&b, p + n - 8, 8);
  } else if (n > 0) {
    std::memcpy(&a, p, n);
  }
  return hash_mix(a ^ h, b ^ 0x1d8e4e27c47d124full);
}

struct TextHash {
  using is_transparent = void;
  uint64_t operator()(std::string_view s) const { return hash_bytes(s, 0); }
};
struct TextEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};

}  // namespace carillon
