#pragma once
// The server's side of digest authentication (RFC 7616, RFC 8760, and RFC 2069 style without qop): is a response right,
// and the text of a challenge.

#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "sip/auth/credentials.h"

namespace carillon::sip::auth {

// Computes responses. Belongs to one thread; about 0.35 µs a response with MD5.
class Verifier {
 public:
  Verifier();
  // The response that the holder of `ha1` (H(user:realm:password) in lower-case hex) would have given; a view into this
  // object until the next call. REQUIRES: credentials.well_formed().
  View expected(const Credentials& credentials, View method, View ha1);
  // The same compared with what was given, in constant time and without regard to the case of hex digits.
  bool matches(const Credentials& credentials, View method, View ha1);

 private:
  crypto::Hasher md5_, sha256_;
  char ha2_[2 * crypto::kMaxDigest];
  char response_[2 * crypto::kMaxDigest];
};

// H(user:realm:password) in lower-case hex (RFC 7616 §3.4.2).
std::string make_ha1(crypto::Algorithm algorithm, View user, View realm, View password);

struct Challenge {
  View realm;
  View nonce;
  bool md5 = true;
  bool sha256 = false;
  bool stale = false;
};
// Appends a WWW-Authenticate line for each algorithm, the stronger first (RFC 8760 §2.4).
void append_challenge(std::string& to, const Challenge& challenge);

}  // namespace carillon::sip::auth
