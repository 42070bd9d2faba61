#include "crypto/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstring>

#include "base/check.h"
#include "crypto/digest.h"

namespace carillon::crypto {
namespace {
constexpr size_t kBlock = 64;
}

struct Hmac::Impl {
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* inner = EVP_MD_CTX_new();  // has taken key ^ ipad
  EVP_MD_CTX* outer = EVP_MD_CTX_new();  // has taken key ^ opad
  EVP_MD_CTX* work = EVP_MD_CTX_new();

  ~Impl() {
    EVP_MD_CTX_free(work);
    EVP_MD_CTX_free(outer);
    EVP_MD_CTX_free(inner);
    EVP_MD_free(algorithm);
  }

  void take(EVP_MD_CTX* context, const unsigned char* key, unsigned char pad) {
    unsigned char block[kBlock];
    for (size_t i = 0; i < kBlock; i++) block[i] = key[i] ^ pad;
    CHECK(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1);
    CHECK(EVP_DigestUpdate(context, block, kBlock) == 1);
    OPENSSL_cleanse(block, kBlock);
  }

  void run(const EVP_MD_CTX* from, const void* bytes, size_t size, unsigned char* out) {
    unsigned length = 0;
    CHECK(EVP_MD_CTX_copy_ex(work, from) == 1);
    CHECK(EVP_DigestUpdate(work, bytes, size) == 1);
    CHECK(EVP_DigestFinal_ex(work, out, &length) == 1);
  }
};

Hmac::Hmac(std::string_view key) : impl_(std::make_unique<Impl>()) {
  CHECK(impl_->algorithm != nullptr && impl_->inner != nullptr && impl_->outer != nullptr && impl_->work != nullptr);
  unsigned char block[kBlock] = {};
  if (key.size() > kBlock) {
    Hasher hasher(Algorithm::sha256);
    hasher.begin();
    hasher.add(key);
    hasher.finish(block);
  } else if (!key.empty()) {
    std::memcpy(block, key.data(), key.size());
  }
  impl_->take(impl_->inner, block, 0x36);
  impl_->take(impl_->outer, block, 0x5c);
  OPENSSL_cleanse(block, kBlock);
}

Hmac::~Hmac() = default;

void Hmac::mac(std::string_view message, unsigned char* out) {
  unsigned char first[kMacSize];
  impl_->run(impl_->inner, message.data(), message.size(), first);
  impl_->run(impl_->outer, first, kMacSize, out);
}

}  // namespace carillon::crypto
