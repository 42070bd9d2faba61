#pragma once
// Message digests with kept contexts. A Hasher belongs to one thread; making one is slow (it fetches the algorithm),
// using one is not: 0.1 µs for 60 bytes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace carillon::crypto {

using View = std::string_view;

enum class Algorithm : uint8_t { md5, sha256 };

constexpr size_t kMaxDigest = 32;  // bytes
constexpr size_t digest_size(Algorithm a) { return a == Algorithm::md5 ? 16 : 32; }
constexpr size_t hex_size(Algorithm a) { return 2 * digest_size(a); }

// begin(), add() as often as wanted, then one of the finish functions.
class Hasher {
 public:
  explicit Hasher(Algorithm algorithm);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Algorithm algorithm() const { return algorithm_; }
  void begin();
  void add(View bytes);
  // Writes digest_size() bytes.
  void finish(unsigned char* out);
  // Writes hex_size() characters of lower-case hex, without a terminating zero.
  void finish_hex(char* out);

 private:
  struct Impl;
  Algorithm algorithm_;
  std::unique_ptr<Impl> impl_;
};

// `bytes` as lower-case hex into `out`, two characters each.
void write_hex(const unsigned char* bytes, size_t size, char* out);

// One digest in hex, for where speed does not matter.
std::string digest_hex(Algorithm algorithm, View bytes);

// Equal in content? Takes the same time wherever the difference is; texts of different lengths differ at once.
bool equal_secret(View a, View b);

}  // namespace carillon::crypto
