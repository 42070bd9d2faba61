#include "sip/auth/digest.h"

#include "base/text.h"

namespace carillon::sip::auth {
namespace {

void append_one(std::string& to, const Challenge& c, View algorithm) {
  to += "WWW-Authenticate: Digest realm=\"";
  for (const char ch : c.realm) {
    if (ch == '"' || ch == '\\') to += '\\';
    to += ch;
  }
  to.append("\",nonce=\"").append(c.nonce).append("\",algorithm=").append(algorithm).append(",qop=\"auth\"");
  if (c.stale) to += ",stale=true";
  to += "\r\n";
}

}  // namespace

Verifier::Verifier() : md5_(crypto::Algorithm::md5), sha256_(crypto::Algorithm::sha256) {}

View Verifier::expected(const Credentials& c, View method, View ha1) {
  crypto::Hasher& hasher = c.known_algorithm() == crypto::Algorithm::sha256 ? sha256_ : md5_;
  const size_t size = crypto::hex_size(hasher.algorithm());
  hasher.begin();
  hasher.add(method);
  hasher.add(":");
  hasher.add(c.uri);
  hasher.finish_hex(ha2_);
  hasher.begin();
  hasher.add(ha1);
  hasher.add(":");
  hasher.add(c.nonce);
  hasher.add(":");
  if (!c.qop.empty()) {
    for (const View part : {c.nc, c.cnonce, c.qop}) {
      hasher.add(part);
      hasher.add(":");
    }
  }
  hasher.add({ha2_, size});
  hasher.finish_hex(response_);
  return {response_, size};
}

bool Verifier::matches(const Credentials& c, View method, View ha1) {
  const View right = expected(c, method, ha1);
  if (c.response.size() != right.size()) return false;
  char given[2 * crypto::kMaxDigest];
  for (size_t i = 0; i < right.size(); i++) given[i] = ascii_lower(c.response[i]);
  return crypto::equal_secret({given, right.size()}, right);
}

std::string make_ha1(crypto::Algorithm algorithm, View user, View realm, View password) {
  std::string text;
  text.append(user).append(":").append(realm).append(":").append(password);
  return crypto::digest_hex(algorithm, text);
}

void append_challenge(std::string& to, const Challenge& challenge) {
  if (challenge.sha256) append_one(to, challenge, "SHA-256");
  if (challenge.md5 || !challenge.sha256) append_one(to, challenge, "MD5");
}

}  // namespace carillon::sip::auth
