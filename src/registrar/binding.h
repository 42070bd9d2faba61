#pragma once
// One contact of one line, registered by one phone (RFC 3261 §10). A value without pointers: it becomes a record.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/compact_text.h"
#include "base/time.h"
#include "config/snapshot.h"
#include "sip/flow.h"

namespace carillon::registrar {

using config::EntityId;
using config::View;

// Unique for ever in a data directory: seconds of creation in the high half, shard and a counter in the low half.
using BindingId = uint64_t;

// Would the hash have verified (decisions: "would verify")?
enum class Verification : uint8_t { yes, no, no_credentials };

struct Binding {
  BindingId id = 0;
  EntityId line = 0;
  EntityId phone = 0;
  CompactText number;  // the user of the address of record, as the line says it
  CompactText digest_user;
  CompactText contact;         // URI as registered, without brackets
  CompactText contact_params;  // as registered, without expires
  sip::Flow flow;              // by which it is reached
  CompactText path;            // Path values joined by ", ", "" when none
  CompactText instance;        // +sip.instance, "" when none
  uint32_t reg_id = 0;         // RFC 5626, 0 when none
  uint16_t q = 1000;           // thousandths
  CompactText call_id;
  uint32_t cseq = 0;
  Instant registered;  // first
  Instant refreshed;   // last
  Instant expires;
  Instant nonce_made;  // of the nonce that identified it last: keepalives pass while that is alive
  CompactText user_agent;
  Verification verification = Verification::no;
  bool verified = false;  // the hash was demanded and right
  bool durable = false;   // as it stands, but for refreshes, it is in the state store
  bool reachable = true;  // false: its connection is gone (way.h says what that means)

  // The versioned record for the state store, and back; nothing when the record is damaged or of a later version. A
  // connection does not outlive the process: a binding over one comes back unreachable. `durable` is not part of it.
  std::string to_blob() const;
  static std::optional<Binding> from_blob(std::string_view blob);
};

}  // namespace carillon::registrar
