#pragma once
// Looks at the credentials of a request and says what they prove: the rows of the table of refusals (decisions.md,
// "Identity and digest") that concern the user, the hash, the nonce and the phone. Inside of Identifier.

#include <string>
#include <string_view>

#include "registrar/identity.h"
#include "sip/auth/digest.h"
#include "sip/auth/nonce.h"
#include "sip/auth/nonce_counts.h"

namespace carillon::registrar {

struct Question {
  Instant now;
  const sip::Message& request;
  const sip::Flow& flow;
  const config::Snapshot& snapshot;
  bool trusted = false;                     // the transport source is inside the trusted networks
  const config::PhoneView* only = nullptr;  // in a dialog: the phone that it belongs to
  bool counted = false;                     // the use of its nonce has been counted before
};

struct Finding {
  // In order of what it tells us: of several credentials the most telling is answered for.
  enum class Kind : uint8_t {
    none,   // no credentials: challenge
    again,  // challenge again
    refused,
    accepted,
  } kind = Kind::none;
  RefusalReason reason = RefusalReason::malformed_credentials;
  int status = 401;
  bool stale = false;                        // of a challenge: only the age was wrong
  bool recorded = true;                      // becomes a row of refusals
  const config::PhoneView* phone = nullptr;  // known, even when refused
  View user;                                 // as given; a view into the request or the examiner
  Verification verification = Verification::no;
  bool verified = false;
  sip::auth::NonceInfo nonce;  // accepted
  uint32_t count = 0;          // accepted: nc, 0 without qop
};

// May the phone come by this transport?
bool transport_allowed(const config::SecurityView& security, sip::Transport transport);
// Must the hash be right? Outside the trusted networks always.
inline bool must_verify(const config::PhoneView& phone, bool trusted) { return phone.security->digest || !trusted; }

class Examiner {
 public:
  Examiner(const IdentifierOptions& options, Random& random);

  void start(Instant now) { counts_.start(now); }
  // The most telling finding over all Authorization headers.
  Finding examine(const Question& q);
  // The accepted credentials have been used; they will not be accepted again.
  void consume(Instant now, const Finding& accepted);
  // A new nonce for the sender; valid until the next call.
  View mint(const Question& q) { return nonces_.mint(q.now, q.flow.remote, q.snapshot.parameters().realm); }

 private:
  Finding examine_one(const Question& q, View value);
  void judge(const Question& q, const sip::auth::Credentials& c, bool user_known, Finding& f);
  bool phone_usable(const Question& q, Finding& f) const;
  bool age_is_right(const Question& q, bool right, Finding& f) const;

  uint16_t shard_;
  sip::auth::Verifier verifier_;
  sip::auth::NonceMaker nonces_;
  sip::auth::NonceCounts counts_;
  char user_[128];
};

}  // namespace carillon::registrar
