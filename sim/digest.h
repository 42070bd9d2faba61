#pragma once
// Digest as a phone computes it (RFC 2617, RFC 7616), with hashes of its own (RFC 1321, FIPS 180-4), apart from
// sip/auth.

#include <string>
#include <string_view>

namespace carillon::sim {

std::string md5_hex(std::string_view text);
std::string sha256_hex(std::string_view text);

struct DigestInput {
  std::string user, password, method, uri, cnonce;
  uint32_t count = 1;
  bool plain = false;  // RFC 2069 style: no qop even when it is offered
};
// The value of an Authorization header that answers this WWW-Authenticate value.
std::string authorization(std::string_view challenge, const DigestInput& input);

}  // namespace carillon::sim
