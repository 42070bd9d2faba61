#pragma once
// AES-256-GCM (NIST SP 800-38D) for secrets at rest, and the text of the key file that opens them. Files are read and
// written by whoever owns the data directory; here are only their contents. Nonces come from the caller's generator.

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace carillon::crypto {

constexpr size_t kKeySize = 32;        // bytes
constexpr size_t kSealNonceSize = 12;  // bytes
constexpr size_t kSealTagSize = 16;    // bytes

using SealNonce = std::array<unsigned char, kSealNonceSize>;

// Belongs to one thread.
class Sealer {
 public:
  explicit Sealer(std::string_view key);  // REQUIRES: kKeySize bytes
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  // Nonce, ciphertext and tag in one. `context` (say, the table and key of the row) is not kept but must be the same
  // when opening, so that a sealed value cannot be moved to another row. REQUIRES: `nonce` was never used with this
  // key.
  std::string seal(std::string_view plain, std::string_view context, const SealNonce& nonce);
  // The plain text; nothing when it was sealed with another key or context, or was changed.
  std::optional<std::string> open(std::string_view sealed, std::string_view context);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The text of a key file: a line that says what it is, a line with the key in hex. REQUIRES: kKeySize bytes.
std::string key_file_text(std::string_view key);
// The key's bytes; an error that says what to do when the text is not a key file.
Result<std::string> parse_key_file(std::string_view text);

}  // namespace carillon::crypto
