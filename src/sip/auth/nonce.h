#pragma once
// Nonces that need no table: they carry when and by whom they were made and prove it, and prove with it that whoever
// presents one receives at the address that it was sent to (RFC 7616 §3.3, §5.4).
//
//   version (1) | shard (2) | time in ms (6) | random (8) | HMAC-SHA-256/128 over these, the source IP and the realm
//
// in base64url: 44 characters. The port of the source is left out on purpose, since NAT and TCP change it.

#include <cstdint>
#include <string_view>

#include "base/address.h"
#include "base/random.h"
#include "base/time.h"
#include "crypto/hmac.h"

namespace carillon::sip::auth {

using View = std::string_view;

constexpr size_t kNonceSize = 44;

// What a nonce of ours says. `id` is unique to it.
struct NonceInfo {
  uint16_t shard = 0;
  Instant made;
  uint64_t id = 0;
};

// Belongs to one thread; 0.2 µs each way.
class NonceMaker {
 public:
  // `key`: 32 secret bytes, the same for all shards and kept over restarts.
  NonceMaker(uint16_t shard, View key, Random& random);

  // A view into this object until the next call.
  View mint(Instant now, const Address& source, View realm);
  // True and `info` filled when we made this nonce for this source and realm, however long ago and on whichever shard.
  bool check(View nonce, const Address& source, View realm, NonceInfo& info);

 private:
  void mac(const unsigned char* fields, const Address& source, View realm, unsigned char* out);

  uint16_t shard_;
  Random& random_;
  crypto::Hmac hmac_;
  char text_[kNonceSize];
};

}  // namespace carillon::sip::auth
