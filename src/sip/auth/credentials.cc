#include "sip/auth/credentials.h"

#include "base/text.h"
#include "sip/message/chars.h"

namespace carillon::sip::auth {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool all_hex(View s) { return chars::all(s, chars::kHex); }

// Reads "name = value" pairs one after the other.
class Reader {
 public:
  explicit Reader(View text) : p_(text.data()), end_(text.data() + text.size()) {}

  struct Pair {
    View name, value;
    bool escaped = false;
  };
  bool failed() const { return failed_; }

  // The next pair; false at the end or on broken text.
  bool next(Pair& pair) {
    while (p_ < end_ && (is_blank(*p_) || *p_ == ',')) p_++;
    if (p_ == end_) return false;
    pair.name = token();
    skip_blanks();
    if (pair.name.empty() || p_ == end_ || *p_ != '=') return fail();
    p_++;
    skip_blanks();
    if (!value(pair)) return fail();
    skip_blanks();
    return p_ == end_ || *p_ == ',' || fail();
  }

 private:
  bool fail() {
    failed_ = true;
    return false;
  }
  void skip_blanks() {
    while (p_ < end_ && is_blank(*p_)) p_++;
  }
  View token() {
    const char* begin = p_;
    p_ = chars::skip(p_, end_, chars::kToken);
    return {begin, static_cast<size_t>(p_ - begin)};
  }
  bool value(Pair& pair) {
    pair.escaped = false;
    if (p_ == end_ || *p_ != '"') {
      pair.value = token();
      return !pair.value.empty();
    }
    const char* begin = ++p_;
    p_ = chars::skip(p_, end_, chars::kQuoted);
    while (p_ < end_ && *p_ == '\\') {
      pair.escaped = true;
      if (end_ - p_ < 2) return false;
      p_ = chars::skip(p_ + 2, end_, chars::kQuoted);
    }
    if (p_ == end_ || *p_ != '"') return false;
    pair.value = {begin, static_cast<size_t>(p_ - begin)};
    p_++;
    return true;
  }

  const char* p_;
  const char* end_;
  bool failed_ = false;
};

enum Seen : unsigned {
  kUsername = 1,
  kRealm = 2,
  kNonce = 4,
  kUri = 8,
  kResponse = 16,
  kCnonce = 32,
  kNc = 64,
  kQop = 128,
  kAlgorithm = 256,
};
constexpr unsigned kNeeded = kUsername | kRealm | kNonce | kUri | kResponse;

struct Slot {
  View* where = nullptr;
  unsigned bit = 0;
};

// Where the parameter goes; a null place for one that we do not use. One comparison each: no two names that we know
// have both their length and their first letter in common.
Slot slot_of(Credentials& c, View name) {
  const auto is = [name](View known) { return iequals(name, known); };
  switch (name.size() << 8 | static_cast<unsigned char>(ascii_lower(name.front()))) {
    case 2 << 8 | 'n':
      return is("nc") ? Slot{&c.nc, kNc} : Slot{};
    case 3 << 8 | 'u':
      return is("uri") ? Slot{&c.uri, kUri} : Slot{};
    case 3 << 8 | 'q':
      return is("qop") ? Slot{&c.qop, kQop} : Slot{};
    case 5 << 8 | 'r':
      return is("realm") ? Slot{&c.realm, kRealm} : Slot{};
    case 5 << 8 | 'n':
      return is("nonce") ? Slot{&c.nonce, kNonce} : Slot{};
    case 6 << 8 | 'c':
      return is("cnonce") ? Slot{&c.cnonce, kCnonce} : Slot{};
    case 8 << 8 | 'u':
      return is("username") ? Slot{&c.username, kUsername} : Slot{};
    case 8 << 8 | 'r':
      return is("response") ? Slot{&c.response, kResponse} : Slot{};
    case 9 << 8 | 'a':
      return is("algorithm") ? Slot{&c.algorithm, kAlgorithm} : Slot{};
    default:
      return {};
  }
}

}  // namespace

bool is_digest(View value) {
  value = trim(value);
  return value.size() > 6 && iequals(value.substr(0, 6), "Digest") && is_blank(value[6]);
}

std::optional<Credentials> Credentials::parse(View value) {
  if (!is_digest(value)) return {};
  Credentials c;
  unsigned seen = 0;
  Reader reader(trim(value).substr(7));
  Reader::Pair pair;
  while (reader.next(pair)) {
    const Slot slot = slot_of(c, pair.name);
    if (slot.where == nullptr) {
      if (iequals(pair.name, "userhash")) c.userhash = iequals(pair.value, "true");
      continue;
    }
    if ((seen & slot.bit) != 0) return {};
    seen |= slot.bit;
    *slot.where = pair.value;
    if (slot.bit == kUsername) c.username_escaped = pair.escaped;
  }
  if (reader.failed() || (seen & kNeeded) != kNeeded) return {};
  // Present but empty is not the same as absent.
  if (((seen & kQop) != 0 && c.qop.empty()) || ((seen & kNc) != 0 && c.nc.empty())) return {};
  if ((seen & kAlgorithm) != 0 && c.algorithm.empty()) return {};
  c.has_cnonce = (seen & kCnonce) != 0;
  return c;
}

std::optional<crypto::Algorithm> Credentials::known_algorithm() const {
  if (algorithm.empty() || iequals(algorithm, "MD5")) return crypto::Algorithm::md5;
  if (iequals(algorithm, "SHA-256")) return crypto::Algorithm::sha256;
  return {};
}

bool Credentials::well_formed() const {
  const auto a = known_algorithm();
  if (!a || userhash || username.empty() || nonce.empty() || uri.empty()) return false;
  if (response.size() != crypto::hex_size(*a) || !all_hex(response)) return false;
  if (qop.empty()) return *a == crypto::Algorithm::md5;
  return iequals(qop, "auth") && nc.size() == 8 && all_hex(nc) && has_cnonce && !cnonce.empty() && count() > 0;
}

uint32_t Credentials::count() const {
  uint32_t n = 0;
  std::from_chars(nc.data(), nc.data() + nc.size(), n, 16);
  return n;
}

View unquoted(View quoted, char* buffer, size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < quoted.size(); i++) {
    if (quoted[i] == '\\' && i + 1 < quoted.size()) i++;
    if (n == size) return {};
    buffer[n++] = quoted[i];
  }
  return {buffer, n};
}

}  // namespace carillon::sip::auth
