#include "config/vault.h"

#include <cstring>

namespace carillon::config {

namespace {
// Layout of the sealed text: version, MD5 hex, SHA-256 hex, length of the realm (one byte), realm, password.
constexpr char kVersion = 1;
constexpr size_t kHead = 1 + 32 + 64 + 1;
constexpr size_t kMaxRealm = 255;
}  // namespace

Vault::Vault(std::string_view key, const Random& random) : sealer_(key), random_(random) {}

void Vault::derive(std::string_view userid, std::string_view realm, std::string_view password, CredentialsView* to) {
  for (crypto::Hasher* hasher : {&md5_, &sha256_}) {
    hasher->begin();
    hasher->add(userid), hasher->add(":"), hasher->add(realm), hasher->add(":"), hasher->add(password);
  }
  md5_.finish_hex(to->md5);
  sha256_.finish_hex(to->sha256);
  to->present = true;
}

std::string Vault::seal(std::string_view userid, std::string_view realm, std::string_view password) {
  realm = realm.substr(0, kMaxRealm);
  CredentialsView hashes;
  derive(userid, realm, password, &hashes);
  std::string plain(1, kVersion);
  plain.append(hashes.md5, sizeof hashes.md5).append(hashes.sha256, sizeof hashes.sha256);
  plain += static_cast<char>(realm.size());
  plain.append(realm).append(password);
  crypto::SealNonce nonce;
  for (size_t i = 0; i < nonce.size(); i += 4) {
    const uint32_t bits = random_.next32();
    std::memcpy(nonce.data() + i, &bits, 4);
  }
  context_.assign("EndUser.digestCredentials:").append(userid);
  return sealer_.seal(plain, context_, nonce);
}

std::optional<Vault::Opened> Vault::open(std::string_view userid, std::string_view sealed) {
  if (sealed.empty()) return {};
  context_.assign("EndUser.digestCredentials:").append(userid);
  const auto plain = sealer_.open(sealed, context_);
  if (!plain || plain->size() < kHead || plain->front() != kVersion) return {};
  const size_t realm_size = static_cast<unsigned char>((*plain)[kHead - 1]);
  if (plain->size() < kHead + realm_size) return {};
  Opened opened;
  std::memcpy(opened.hashes.md5, plain->data() + 1, 32);
  std::memcpy(opened.hashes.sha256, plain->data() + 33, 64);
  opened.hashes.present = true;
  opened.realm = plain->substr(kHead, realm_size);
  opened.password = plain->substr(kHead + realm_size);
  return opened;
}

std::optional<std::string> Vault::password(std::string_view userid, std::string_view sealed) {
  auto opened = open(userid, sealed);
  if (!opened) return {};
  return std::move(opened->password);
}

CredentialsView Vault::credentials(std::string_view userid, std::string_view realm, std::string_view sealed) {
  const auto opened = open(userid, sealed);
  if (!opened) return {};
  if (opened->realm == realm) return opened->hashes;
  CredentialsView hashes;
  derive(userid, realm, opened->password, &hashes);
  return hashes;
}

}  // namespace carillon::config
