#pragma once
// Digest credentials at rest: sealed with the data directory's key together with the hashes derived from them, so that
// a change of realm locks nobody out. Pure; belongs to one thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "config/snapshot.h"
#include "crypto/aead.h"
#include "crypto/digest.h"

namespace carillon::config {

class Vault {
 public:
  // `key`: crypto::kKeySize bytes; `random` gives the nonces and must be seeded by the system's random bits.
  Vault(std::string_view key, const Random& random);

  // What the store keeps for `password` of `userid`. A sealed value opens for that user id only.
  std::string seal(std::string_view userid, std::string_view realm, std::string_view password);
  // The password again, for a change of user id, comparison, and provisioning.
  std::optional<std::string> password(std::string_view userid, std::string_view sealed);
  // H(userid:realm:password) for the realm in force, from the kept hashes when they are of that realm. `present` is
  // false when there are no credentials or they cannot be opened.
  CredentialsView credentials(std::string_view userid, std::string_view realm, std::string_view sealed);

 private:
  struct Opened {
    std::string realm;
    CredentialsView hashes;
    std::string password;
  };
  std::optional<Opened> open(std::string_view userid, std::string_view sealed);
  void derive(std::string_view userid, std::string_view realm, std::string_view password, CredentialsView* to);

  crypto::Sealer sealer_;
  crypto::Hasher md5_{crypto::Algorithm::md5};
  crypto::Hasher sha256_{crypto::Algorithm::sha256};
  Random random_;
  std::string context_;
};

}  // namespace carillon::config
