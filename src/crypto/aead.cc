#include "crypto/aead.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/text.h"

namespace carillon::crypto {
namespace {
constexpr std::string_view kKeyFileHead = "carillon-key-1";

unsigned char* bytes_of(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }
const unsigned char* bytes_of(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

int length_of(std::string_view s) {
  CHECK(s.size() <= static_cast<size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(s.size());
}
}  // namespace

struct Sealer::Impl {
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  std::string key;
  ~Impl() {
    OPENSSL_cleanse(key.data(), key.size());
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
  }
  void begin(const unsigned char* nonce, bool sealing, std::string_view aad) {
    CHECK(EVP_CipherInit_ex2(context, cipher, bytes_of(std::string_view(key)), nonce, sealing ? 1 : 0, nullptr) == 1);
    int n = 0;
    CHECK(EVP_CipherUpdate(context, nullptr, &n, bytes_of(aad), length_of(aad)) == 1);
  }
};

Sealer::Sealer(std::string_view key) : impl_(std::make_unique<Impl>()) {
  CHECK(key.size() == kKeySize && impl_->cipher != nullptr && impl_->context != nullptr);
  impl_->key = key;
}

Sealer::~Sealer() = default;

std::string Sealer::seal(std::string_view plain, std::string_view context, const SealNonce& nonce) {
  std::string out(kSealNonceSize + plain.size() + kSealTagSize, '\0');
  std::copy(nonce.begin(), nonce.end(), bytes_of(out));
  impl_->begin(nonce.data(), true, context);
  unsigned char* body = bytes_of(out) + kSealNonceSize;
  int n = 0;
  CHECK(EVP_CipherUpdate(impl_->context, body, &n, bytes_of(plain), length_of(plain)) == 1);
  int rest = 0;
  CHECK(EVP_CipherFinal_ex(impl_->context, body + n, &rest) == 1);
  CHECK(static_cast<size_t>(n + rest) == plain.size());
  CHECK(EVP_CIPHER_CTX_ctrl(impl_->context, EVP_CTRL_AEAD_GET_TAG, kSealTagSize, body + plain.size()) == 1);
  return out;
}

std::optional<std::string> Sealer::open(std::string_view sealed, std::string_view context) {
  if (sealed.size() < kSealNonceSize + kSealTagSize) return {};
  const std::string_view body = sealed.substr(kSealNonceSize, sealed.size() - kSealNonceSize - kSealTagSize);
  std::string tag(sealed.substr(sealed.size() - kSealTagSize));
  impl_->begin(bytes_of(sealed), false, context);
  std::string out(body.size(), '\0');
  int n = 0;
  CHECK(EVP_CipherUpdate(impl_->context, bytes_of(out), &n, bytes_of(body), length_of(body)) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(impl_->context, EVP_CTRL_AEAD_SET_TAG, kSealTagSize, bytes_of(tag)) == 1);
  int rest = 0;
  if (EVP_CipherFinal_ex(impl_->context, bytes_of(out) + n, &rest) != 1) return {};
  return out;
}

std::string key_file_text(std::string_view key) {
  CHECK(key.size() == kKeySize);
  return std::string(kKeyFileHead) + "\n" + hex(key) + "\n";
}

Result<std::string> parse_key_file(std::string_view text) {
  const size_t line = text.find('\n');
  if (line == std::string_view::npos || trim(text.substr(0, line)) != kKeyFileHead) {
    return Fault{FaultKind::invalid,
                 "This is not a Carillon key file: its first line must be " + std::string(kKeyFileHead) + ".", ""};
  }
  std::string_view digits = text.substr(line + 1);
  while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r')) digits.remove_suffix(1);
  auto key = unhex(trim(digits));
  if (!key || key->size() != kKeySize) {
    return Fault{FaultKind::invalid,
                 "The key file is damaged: its second line must be 64 hexadecimal digits. Restore it from a backup.",
                 ""};
  }
  return std::move(*key);
}

}  // namespace carillon::crypto
