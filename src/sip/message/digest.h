#pragma once
// Authorization, WWW-Authenticate and their Proxy- sisters (RFC 3261 §20.7, RFC 7616 §3, RFC 8760).
// Values are without their quotes, escapes kept; "" when absent. Every parameter we know may stand
// there once.

#include <optional>

#include "base/text.h"

namespace carillon::sip {

struct Credentials {
  View scheme;  // "Digest", as written
  View username, realm, nonce, uri, response, algorithm, qop, cnonce, nc, opaque;
  View username_star;  // RFC 7616 §3.4: ext-value of username*, not decoded
  bool userhash = false;
  bool is_digest() const { return iequals(scheme, "Digest"); }
  static std::optional<Credentials> parse(View value);
};

struct Challenge {
  View scheme;
  View realm, nonce, opaque, algorithm, domain;
  View qop;  // "auth,auth-int"
  bool stale = false;
  bool is_digest() const { return iequals(scheme, "Digest"); }
  // Does `qop` list this value?
  bool offers_qop(View value) const;
  static std::optional<Challenge> parse(View value);
};

}  // namespace carillon::sip
