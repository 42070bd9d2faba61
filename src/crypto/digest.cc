#include "crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/check.h"

namespace carillon::crypto {

struct Hasher::Impl {
  EVP_MD* algorithm = nullptr;
  EVP_MD_CTX* context = nullptr;
  ~Impl() {
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
  }
};

Hasher::Hasher(Algorithm algorithm) : algorithm_(algorithm), impl_(std::make_unique<Impl>()) {
  const char* name = algorithm == Algorithm::md5 ? "MD5" : "SHA256";
  impl_->algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  impl_->context = EVP_MD_CTX_new();
  CHECK(impl_->algorithm != nullptr && impl_->context != nullptr);
  CHECK(EVP_DigestInit_ex2(impl_->context, impl_->algorithm, nullptr) == 1);
}

Hasher::~Hasher() = default;

void Hasher::begin() { CHECK(EVP_DigestInit_ex2(impl_->context, nullptr, nullptr) == 1); }

void Hasher::add(View bytes) { CHECK(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) == 1); }

void Hasher::finish(unsigned char* out) {
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(impl_->context, out, &size) == 1);
}

void Hasher::finish_hex(char* out) {
  unsigned char raw[kMaxDigest];
  finish(raw);
  write_hex(raw, digest_size(algorithm_), out);
}

void write_hex(const unsigned char* bytes, size_t size, char* out) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (size_t i = 0; i < size; i++) {
    out[2 * i] = kDigits[bytes[i] >> 4];
    out[2 * i + 1] = kDigits[bytes[i] & 15];
  }
}

std::string digest_hex(Algorithm algorithm, View bytes) {
  Hasher hasher(algorithm);
  hasher.begin();
  hasher.add(bytes);
  std::string out(hex_size(algorithm), '0');
  hasher.finish_hex(out.data());
  return out;
}

bool equal_secret(View a, View b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

}  // namespace carillon::crypto
