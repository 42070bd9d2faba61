#include "digest.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "base/text.h"
#include "wire.h"

namespace carillon::sim {
namespace {

// The text padded to whole blocks of 64 with its length in bits at the end.
std::string padded(std::string_view text, bool big_endian) {
  std::string s(text);
  s += '\x80';
  while (s.size() % 64 != 56) s += '\0';
  const uint64_t bits = static_cast<uint64_t>(text.size()) * 8;
  for (int i = 0; i < 8; i++) s += static_cast<char>(bits >> 8 * (big_endian ? 7 - i : i));
  return s;
}

uint32_t word(const char* p, bool big_endian) {
  uint32_t w = 0;
  for (int i = 0; i < 4; i++) w |= static_cast<uint32_t>(static_cast<uint8_t>(p[i])) << 8 * (big_endian ? 3 - i : i);
  return w;
}

void md5_block(const char* block, uint32_t state[4]) {
  static constexpr int kTurns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  static const std::vector<uint32_t> sines = [] {
    std::vector<uint32_t> all;
    for (int i = 1; i <= 64; i++)
      all.push_back(static_cast<uint32_t>(std::floor(std::fabs(std::sin(i)) * 4294967296.0)));
    return all;
  }();
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  for (int i = 0; i < 64; i++) {
    uint32_t f = 0;
    int g = 0;
    switch (i / 16) {
      case 0:
        f = (b & c) | (~b & d), g = i;
        break;
      case 1:
        f = (d & b) | (~d & c), g = (5 * i + 1) % 16;
        break;
      case 2:
        f = b ^ c ^ d, g = (3 * i + 5) % 16;
        break;
      default:
        f = c ^ (b | ~d), g = (7 * i) % 16;
    }
    const uint32_t rotated =
        std::rotl(a + f + sines[static_cast<size_t>(i)] + word(block + 4 * g, false), kTurns[i / 16][i % 4]);
    a = d, d = c, c = b, b += rotated;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

// The first 32 bits of the fractional parts of the roots of the first primes.
std::vector<uint32_t> root_fractions(size_t n, bool cube) {
  std::vector<uint32_t> all;
  for (int candidate = 2; all.size() < n; candidate++) {
    bool prime = true;
    for (int d = 2; d * d <= candidate; d++) prime = prime && candidate % d != 0;
    if (!prime) continue;
    const long double root =
        cube ? std::cbrt(static_cast<long double>(candidate)) : std::sqrt(static_cast<long double>(candidate));
    all.push_back(static_cast<uint32_t>((root - std::floor(root)) * 4294967296.0L));
  }
  return all;
}

void sha256_block(const char* block, std::vector<uint32_t>& state) {
  static const std::vector<uint32_t> k = root_fractions(64, true);
  uint32_t w[64];
  for (int i = 0; i < 16; i++) w[i] = word(block + 4 * i, true);
  for (int i = 16; i < 64; i++) {
    const uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  std::vector<uint32_t> v = state;
  for (size_t i = 0; i < 64; i++) {
    const uint32_t s1 = std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25);
    const uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
    const uint32_t s0 = std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22);
    const uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    v = {t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
  }
  for (size_t i = 0; i < 8; i++) state[i] += v[i];
}

}  // namespace

std::string md5_hex(std::string_view text) {
  const std::string s = padded(text, false);
  uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  for (size_t at = 0; at < s.size(); at += 64) md5_block(s.data() + at, state);
  std::string bytes;
  for (uint32_t w : state) {
    for (int i = 0; i < 4; i++) bytes += static_cast<char>(w >> 8 * i);
  }
  return hex(bytes);
}

std::string sha256_hex(std::string_view text) {
  const std::string s = padded(text, true);
  std::vector<uint32_t> state = root_fractions(8, false);
  for (size_t at = 0; at < s.size(); at += 64) sha256_block(s.data() + at, state);
  std::string bytes;
  for (uint32_t w : state) {
    for (int i = 3; i >= 0; i--) bytes += static_cast<char>(w >> 8 * i);
  }
  return hex(bytes);
}

std::string authorization(std::string_view challenge, const DigestInput& input) {
  const bool sha = iequals(auth_param(challenge, "algorithm"), "SHA-256");
  const auto h = [sha](const std::string& s) { return sha ? sha256_hex(s) : md5_hex(s); };
  const std::string realm(auth_param(challenge, "realm")), nonce(auth_param(challenge, "nonce"));
  const std::string opaque(auth_param(challenge, "opaque"));
  const bool qop = !input.plain && !auth_param(challenge, "qop").empty();
  char count[16];
  std::snprintf(count, sizeof count, "%08x", input.count);
  const std::string a1 = h(input.user + ":" + realm + ":" + input.password);
  const std::string a2 = h(input.method + ":" + input.uri);
  const std::string middle = qop ? nonce + ":" + count + ":" + input.cnonce + ":auth" : nonce;
  std::string s = "Digest username=\"" + input.user + "\", realm=\"" + realm + "\", nonce=\"" + nonce + "\", uri=\"" +
                  input.uri + "\", response=\"" + h(a1 + ":" + middle + ":" + a2) + "\"";
  s += sha ? ", algorithm=SHA-256" : ", algorithm=MD5";
  if (!opaque.empty()) s += ", opaque=\"" + opaque + "\"";
  if (qop) s += ", qop=auth, nc=" + std::string(count) + ", cnonce=\"" + input.cnonce + "\"";
  return s;
}

}  // namespace carillon::sim
