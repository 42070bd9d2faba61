#include "base/random.h"

#include <bit>

namespace carillon {
namespace {
void quarter(uint32_t& a, uint32_t& b, uint32_t& c, uint32_t& d) {
  a += b, d = std::rotl(d ^ a, 16);
  c += d, b = std::rotl(b ^ c, 12);
  a += b, d = std::rotl(d ^ a, 8);
  c += d, b = std::rotl(b ^ c, 7);
}
}  // namespace

void Random::refill() {
  std::array<uint32_t, 16> s{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (size_t i = 0; i < 8; i++) s[4 + i] = key_[i];
  s[12] = static_cast<uint32_t>(counter_);
  s[13] = static_cast<uint32_t>(counter_ >> 32);
  counter_++;
  block_ = s;
  for (int round = 0; round < 10; round++) {
    auto& x = block_;
    quarter(x[0], x[4], x[8], x[12]), quarter(x[1], x[5], x[9], x[13]);
    quarter(x[2], x[6], x[10], x[14]), quarter(x[3], x[7], x[11], x[15]);
    quarter(x[0], x[5], x[10], x[15]), quarter(x[1], x[6], x[11], x[12]);
    quarter(x[2], x[7], x[8], x[13]), quarter(x[3], x[4], x[9], x[14]);
  }
  for (size_t i = 0; i < 16; i++) block_[i] += s[i];
  at_ = 0;
}

}  // namespace carillon
