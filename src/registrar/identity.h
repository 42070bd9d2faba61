#pragma once
// Who sends this request: the heart of the description (system.md 2.1-2.2 as amended by decisions.md, "Identity and
// digest"). A pure function of the request, its flow, the snapshot, the bindings and the nonces.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "config/snapshot.h"
#include "registrar/binding.h"
#include "registrar/refusals.h"
#include "sip/message/message.h"
#include "sip/stack.h"

namespace carillon::registrar {

class Registrar;

struct Identity {
  const config::PhoneView* phone = nullptr;  // valid while the snapshot is
  const config::LineView* line = nullptr;
  const config::AppearanceView* appearance = nullptr;
  std::string_view digest_user;
  bool verified = false;  // the hash was right and demanded
  Verification verification = Verification::no;
  Instant nonce_made;  // of the credentials; zero when none were looked at (keepalive, known flow)
};

struct Verdict {
  enum class Kind : uint8_t { accepted, challenge, refused } kind = Kind::refused;
  Identity identity;  // accepted
  // challenge and refused: what to answer. `headers` are whole lines (WWW-Authenticate, Warning …), in a buffer of the
  // Identifier that lives until its next call.
  int status = 403;
  std::string_view reason;  // phrase, "" for the standard one
  std::string_view headers;
};

struct IdentifierOptions {
  uint16_t shard = 0;  // nonces are good only where they were made, so counts have one owner
  // 32 secret bytes, kept in the data directory: after a restart old nonces are stale, not foreign.
  std::string nonce_key;
};

class Identifier {
 public:
  Identifier(IdentifierOptions options, Random& random);
  ~Identifier();

  // For REGISTER: always by credentials, but for keepalives (decisions.md). `registrar` tells about existing bindings.
  Verdict of_register(Instant now, const sip::Message& request, const sip::Flow& flow, const config::Snapshot& snapshot,
                      const Registrar& registrar);
  // For other requests outside a dialog: by the registered flow and the From number where the profile spares the
  // challenge, else by credentials. `again`: the very request was accepted a moment ago, and had to wait since.
  Verdict of_request(Instant now, const sip::Message& request, const sip::Flow& flow, const config::Snapshot& snapshot,
                     const Registrar& registrar, bool again = false);
  // For a request inside a dialog of `phone` that authenticated on `dialog_flow`.
  Verdict in_dialog(Instant now, const sip::Message& request, const sip::Flow& flow, const sip::Flow& dialog_flow,
                    const config::PhoneView& phone, const config::Snapshot& snapshot);
  // Records that an identified phone's request was refused later on (Registrar::apply and others).
  void note(Instant now, const sip::Message& request, const sip::Flow& flow, const Identity& identity,
            RefusalReason reason, int status);
  // Refused attempts so far.
  Refusals& refusals();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::registrar
