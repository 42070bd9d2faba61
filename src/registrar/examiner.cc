#include "registrar/examiner.h"

#include "base/limits.h"
#include "base/text.h"

namespace carillon::registrar {
namespace {

constexpr size_t kMaxCredentials = 4;  // Authorization headers looked at
constexpr Duration kClockSlack = seconds(2);
constexpr Duration kValidityOfStrangers = seconds(600);

// Compared with when there is nothing to compare with, so that it takes as long.
constexpr char kNoHa1[2 * crypto::kMaxDigest + 1] =
    "00000000000000000000000000000000"
    "00000000000000000000000000000000";

void again(Finding& f, RefusalReason reason, bool stale) {
  f.kind = Finding::Kind::again;
  f.reason = reason;
  f.status = 401;
  f.stale = stale;
  // An old nonce that is answered for rightly is the ordinary course of things.
  f.recorded = !stale;
}

void refuse(Finding& f, RefusalReason reason, int status) {
  f.kind = Finding::Kind::refused;
  f.reason = reason;
  f.status = status;
}

bool algorithm_allowed(const config::PhoneView* phone, crypto::Algorithm a) {
  if (phone == nullptr) return a == crypto::Algorithm::md5;
  return a == crypto::Algorithm::md5 ? phone->security->md5 : phone->security->sha256;
}

View ha1_of(const config::PhoneView* phone, crypto::Algorithm a) {
  const size_t size = crypto::hex_size(a);
  if (phone == nullptr || !phone->credentials.present) return {kNoHa1, size};
  return {a == crypto::Algorithm::md5 ? phone->credentials.md5 : phone->credentials.sha256, size};
}

}  // namespace

bool transport_allowed(const config::SecurityView& security, sip::Transport transport) {
  switch (transport) {
    case sip::Transport::udp:
      return security.udp;
    case sip::Transport::tcp:
      return security.tcp;
    case sip::Transport::tls:
      return security.tls;
  }
  return false;
}

Examiner::Examiner(const IdentifierOptions& options, Random& random)
    : shard_(options.shard), nonces_(options.shard, options.nonce_key, random), counts_(limits::kNonceCounts) {}

Finding Examiner::examine(const Question& q) {
  Finding best;
  const sip::Header* first = q.request.find(sip::HeaderId::authorization);
  if (first == nullptr) return best;
  size_t seen = 0;
  for (const sip::Header& h : q.request.headers()) {
    if (h.id != sip::HeaderId::authorization) continue;
    const Finding found = examine_one(q, h.value);
    if (found.kind > best.kind) best = found;
    if (best.kind == Finding::Kind::accepted || ++seen == kMaxCredentials) break;
  }
  return best;
}

Finding Examiner::examine_one(const Question& q, View value) {
  Finding f;
  const auto c = sip::auth::Credentials::parse(value);
  if (!c) {
    again(f, RefusalReason::malformed_credentials, false);
    return f;
  }
  f.user = c->username_escaped ? sip::auth::unquoted(c->username, user_, sizeof user_) : c->username;
  if (c->realm != q.snapshot.parameters().realm || !c->well_formed()) {
    again(f, RefusalReason::malformed_credentials, false);
    return f;
  }
  if (!nonces_.check(c->nonce, q.flow.remote, q.snapshot.parameters().realm, f.nonce)) {
    again(f, RefusalReason::foreign_nonce, false);
    return f;
  }
  bool user_known = false;
  f.phone = q.snapshot.phone_by_digest_user(f.user, &user_known);
  f.count = c->qop.empty() ? 0 : c->count();
  judge(q, *c, user_known, f);
  return f;
}

void Examiner::judge(const Question& q, const sip::auth::Credentials& c, bool user_known, Finding& f) {
  const auto algorithm = *c.known_algorithm();
  const bool matches = verifier_.matches(c, q.request.method_name(), ha1_of(f.phone, algorithm));
  const bool present = f.phone != nullptr && f.phone->credentials.present;
  const bool verify = f.phone == nullptr || must_verify(*f.phone, q.trusted);
  const bool right = present && matches;
  f.verification = right ? Verification::yes : present ? Verification::no : Verification::no_credentials;
  f.verified = verify && right;
  if (!algorithm_allowed(f.phone, algorithm)) return again(f, RefusalReason::malformed_credentials, false);
  if (!age_is_right(q, right || !verify, f)) return;
  if (f.phone == nullptr) {
    const auto reason = user_known ? RefusalReason::user_without_phone : RefusalReason::unknown_user;
    return refuse(f, reason, q.trusted ? 404 : 403);
  }
  if (verify && !right) return refuse(f, present ? RefusalReason::wrong_hash : RefusalReason::no_credentials, 403);
  if (!phone_usable(q, f)) return;
  const auto use = q.counted ? sip::auth::NonceCounts::Use::fresh : counts_.check(f.nonce, f.count);
  if (use == sip::auth::NonceCounts::Use::stale) return again(f, RefusalReason::stale_nonce, true);
  if (use == sip::auth::NonceCounts::Use::replayed) return again(f, RefusalReason::replayed_nonce, false);
  f.kind = Finding::Kind::accepted;
  f.status = 200;
}

// `right`: nothing but the age may be wrong. Only then is the challenge marked stale, so that a phone with a wrong
// password does not go round in circles (RFC 7616 §3.3), and nobody learns from it which users there are.
bool Examiner::age_is_right(const Question& q, bool right, Finding& f) const {
  const Duration validity = f.phone != nullptr ? f.phone->security->nonce_validity : kValidityOfStrangers;
  const bool in_time = f.nonce.made + validity >= q.now && f.nonce.made <= q.now + kClockSlack;
  if (in_time && f.nonce.shard == shard_) return true;
  again(f, RefusalReason::stale_nonce, right && f.phone != nullptr);
  return false;
}

bool Examiner::phone_usable(const Question& q, Finding& f) const {
  if (!f.phone->active) {
    refuse(f, RefusalReason::phone_disabled, 403);
  } else if (!transport_allowed(*f.phone->security, q.flow.transport)) {
    refuse(f, RefusalReason::transport_not_allowed, 403);
  } else if (q.only != nullptr && q.only->id != f.phone->id) {
    refuse(f, RefusalReason::not_a_line, 403);
  } else {
    return true;
  }
  return false;
}

void Examiner::consume(Instant now, const Finding& accepted) {
  counts_.use(now, accepted.nonce, accepted.count, accepted.phone->security->nonce_validity);
}

}  // namespace carillon::registrar
