#include "sip/message/digest.h"

#include <iterator>

#include "sip/message/grammar.h"

namespace carillon::sip {
namespace {

// auth-param = auth-param-name EQUAL ( token / quoted-string ), comma-separated.
template <typename F>
bool read_auth_params(Cursor& c, F&& keep) {
  do {
    const View name = c.token();
    View value;
    if (name.empty() || !c.separator('=')) return false;
    if (c.at('[') || !c.value(value)) return false;
    if (!keep(name, without_quotes(value), value)) return false;
  } while (c.separator(','));
  return true;
}

bool read_scheme(Cursor& c, View& scheme) {
  scheme = c.token();
  const char* const gap = c.p;
  c.blanks();
  return !scheme.empty() && c.p != gap;
}

// Other schemes than Digest carry parameters, or one token68 (RFC 7235 §2.1); they are not looked
// into.
bool skip_other(Cursor& c) {
  const char* const begin = c.p;
  if (read_auth_params(c, [](View, View, View) { return true; }) && c.finished()) return true;
  c.p = begin;
  return !c.run(chars::kBase64 | chars::kToken).empty();
}

template <typename T>
struct Field {
  View name;
  View T::*place;
};

// Keeps a parameter that `fields` has; false when it was there before.
template <typename T, size_t N>
bool keep_field(const Field<T> (&fields)[N], T& out, View name, View value, View written) {
  for (const Field<T>& f : fields) {
    if (!iequals(f.name, name)) continue;
    if ((out.*f.place).data() != nullptr) return false;
    out.*f.place = value.empty() ? View(written.data(), 0) : value;
    return true;
  }
  return true;
}

constexpr Field<Credentials> kCredentialFields[] = {
    {"username", &Credentials::username}, {"realm", &Credentials::realm},
    {"nonce", &Credentials::nonce},       {"uri", &Credentials::uri},
    {"response", &Credentials::response}, {"algorithm", &Credentials::algorithm},
    {"qop", &Credentials::qop},           {"cnonce", &Credentials::cnonce},
    {"nc", &Credentials::nc},             {"opaque", &Credentials::opaque},
    {"username*", &Credentials::username_star},
};
constexpr Field<Challenge> kChallengeFields[] = {
    {"realm", &Challenge::realm},         {"nonce", &Challenge::nonce},
    {"opaque", &Challenge::opaque},       {"algorithm", &Challenge::algorithm},
    {"domain", &Challenge::domain},       {"qop", &Challenge::qop},
};

}  // namespace

bool read_credentials(Cursor& c, Credentials& out) {
  if (!read_scheme(c, out.scheme)) return false;
  if (!out.is_digest()) return skip_other(c);
  return read_auth_params(c, [&out](View name, View value, View written) {
    if (iequals(name, "userhash")) out.userhash = iequals(value, "true");
    return keep_field(kCredentialFields, out, name, value, written);
  });
}

std::optional<Credentials> Credentials::parse(View value) {
  return read_whole<Credentials>(value, read_credentials);
}

bool read_challenge(Cursor& c, Challenge& out) {
  if (!read_scheme(c, out.scheme)) return false;
  if (!out.is_digest()) return skip_other(c);
  return read_auth_params(c, [&out](View name, View value, View written) {
    if (iequals(name, "stale")) out.stale = iequals(value, "true");
    return keep_field(kChallengeFields, out, name, value, written);
  });
}

std::optional<Challenge> Challenge::parse(View value) {
  return read_whole<Challenge>(value, read_challenge);
}

bool Challenge::offers_qop(View value) const {
  View rest = qop;
  while (!rest.empty()) {
    const View item = rest.substr(0, rest.find(','));
    if (iequals(trim(item), value)) return true;
    rest.remove_prefix(item.size() < rest.size() ? item.size() + 1 : item.size());
  }
  return false;
}

}  // namespace carillon::sip
