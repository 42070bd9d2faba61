#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/hmac.h"

namespace carillon::crypto {
namespace {

TEST(Digest, Md5OfRfc1321) {
  EXPECT_EQ(digest_hex(Algorithm::md5, ""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(digest_hex(Algorithm::md5, "message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(
      digest_hex(Algorithm::md5, "12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
      "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(Digest, Sha256OfFips180) {
  EXPECT_EQ(digest_hex(Algorithm::sha256, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, AHasherIsUsedAgainAndAgain) {
  Hasher hasher(Algorithm::md5);
  char first[32];
  char second[32];
  for (char* out : {first, second}) {
    hasher.begin();
    hasher.add("message ");
    hasher.add("digest");
    hasher.finish_hex(out);
  }
  EXPECT_EQ(View(first, 32), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(View(second, 32), View(first, 32));
}

TEST(Digest, SecretsCompareByContent) {
  EXPECT_TRUE(equal_secret("abc", "abc"));
  EXPECT_FALSE(equal_secret("abc", "abd"));
  EXPECT_FALSE(equal_secret("abc", "abcd"));
  EXPECT_TRUE(equal_secret("", ""));
}

std::string mac_of(std::string_view key, std::string_view message) {
  Hmac hmac(key);
  unsigned char out[kMacSize];
  hmac.mac(message, out);
  hmac.mac(message, out);  // the kept state is not used up
  return hex({reinterpret_cast<const char*>(out), kMacSize});
}

TEST(Hmac, OfRfc4231) {
  EXPECT_EQ(mac_of(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(mac_of("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(mac_of(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Aead, OpensWhatItSealed) {
  Sealer sealer(std::string(kKeySize, 'k'));
  const SealNonce nonce{1, 2, 3};
  const std::string sealed = sealer.seal("secret", "user/alice", nonce);
  EXPECT_EQ(sealed.size(), 6 + kSealNonceSize + kSealTagSize);
  EXPECT_EQ(sealed.find("secret"), std::string::npos);
  EXPECT_EQ(sealer.open(sealed, "user/alice"), "secret");
  EXPECT_EQ(sealer.open(sealer.seal("", "", nonce), ""), "");
}

TEST(Aead, RefusesWhatWasChangedMovedCutOrSealedByAnother) {
  Sealer sealer(std::string(kKeySize, 'k'));
  Sealer other(std::string(kKeySize, 'o'));
  const std::string sealed = sealer.seal("secret", "user/alice", {7});
  EXPECT_FALSE(sealer.open(sealed, "user/bob"));
  EXPECT_FALSE(other.open(sealed, "user/alice"));
  for (size_t i = 0; i < sealed.size(); i++) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(sealer.open(changed, "user/alice")) << i;
    EXPECT_FALSE(sealer.open(sealed.substr(0, i), "user/alice")) << i;
  }
}

TEST(Aead, AesGcmTestCase14) {  // "The Galois/Counter Mode of Operation", appendix B
  Sealer sealer(std::string(kKeySize, '\0'));
  EXPECT_EQ(hex(sealer.seal(std::string(16, '\0'), "", {}).substr(kSealNonceSize)),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(KeyFile, RoundTripAndRefusals) {
  const std::string key(kKeySize, '\x5a');
  const auto read = parse_key_file(key_file_text(key));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, key);
  EXPECT_FALSE(parse_key_file(""));
  EXPECT_FALSE(parse_key_file("carillon-key-1\nabcd\n"));
  EXPECT_FALSE(parse_key_file("something else\n" + std::string(64, 'a')));
}

}  // namespace
}  // namespace carillon::crypto
