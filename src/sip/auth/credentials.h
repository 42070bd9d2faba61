#pragma once
// Digest credentials as they stand in an Authorization header (RFC 7616 §3.4, RFC 3261 §25.1). Views into the header.

#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/digest.h"

namespace carillon::sip::auth {

using View = std::string_view;

struct Credentials {
  View username;  // between the quotes, as written
  View realm;
  View nonce;
  View uri;
  View response;
  View cnonce;
  View nc;         // "" when absent
  View qop;        // "" when absent: RFC 2069 style
  View algorithm;  // "" when absent: MD5
  bool has_cnonce = false;
  bool username_escaped = false;  // has backslashes: read it with unquoted()
  bool userhash = false;          // userhash=true, which we never offer

  // Nothing when the value is not one well-formed set of digest credentials: another scheme, a parameter that stands
  // twice, broken quotes, or one of username, realm, nonce, uri and response missing. Unknown parameters pass.
  static std::optional<Credentials> parse(View value);

  // The algorithm, when it is one that we know.
  std::optional<crypto::Algorithm> known_algorithm() const;
  // Are the parts formed as the algorithm and qop demand: response all hex and of the right length; qop "auth" with nc
  // of eight hex digits and a cnonce, or no qop at all and MD5? qop "auth-int" is not.
  bool well_formed() const;
  // The number in nc. REQUIRES: well_formed() and qop.
  uint32_t count() const;
};

// Is this value of the Digest scheme at all?
bool is_digest(View value);
// `quoted` without its backslashes, in `buffer` of `size`; "" when it does not fit.
View unquoted(View quoted, char* buffer, size_t size);

}  // namespace carillon::sip::auth
