#pragma once
// The bindings of all lines in a shard's view, and RFC 3261 §10.3 over them. Every shard holds all bindings; the one
// that owns the address of record (sip::shard_of) changes them and tells the others with BindingChange. Single owner;
// no clock, no store: what must be made durable is posted, and the answer waits for the Done.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "config/snapshot.h"
#include "registrar/binding.h"
#include "registrar/identity.h"
#include "sip/message/message.h"
#include "state/store.h"

namespace carillon::registrar {

// What a REGISTER did. Bindings are changed in memory at once; the 200 leaves when `wait` says so.
struct Outcome {
  int status = 200;
  std::string_view reason;  // phrase, "" for the standard one
  std::string_view
      headers;  // Contact list, Path, Date, Min-Expires, Warning …: lines in a buffer living until the next call
  bool wait = false;  // true: something new was posted, answer after its Done; false: a pure refresh, answer now
  RefusalReason refusal = RefusalReason::bad_contact;  // when status is 4xx
  bool refused = false;
};

// One change, for other shards' copies and for who watches lines.
struct BindingChange {
  enum class Kind : uint8_t { put, refresh, remove } kind = Kind::put;
  Binding binding;  // put: whole; refresh: id, line, expires, cseq, call_id, refreshed; remove: id and line
};

class Registrar {
 public:
  Registrar(uint16_t shard, Random& random);
  ~Registrar();

  // Applies a REGISTER of an identified phone (RFC 3261 §10.3 steps 6-8; all or nothing). Changes go into `posts`
  // (state store) and `changes` (other shards). REQUIRES: identity.phone and identity.line are set.
  Outcome apply(Instant now, const sip::Message& request, const sip::Flow& flow, const Identity& identity,
                const config::Snapshot& snapshot, std::vector<state::Post>& posts, std::vector<BindingChange>& changes);
  // A change that another shard made, or that was loaded at boot.
  void put(Binding binding);
  void absorb(const BindingChange& change);

  // Live bindings of a line, best q first, newest first among equals. Valid until the next change.
  std::span<const Binding* const> of_line(EntityId line) const;
  // The binding that this flow registered for this number, or null (identity by flow).
  const Binding* by_flow(const sip::Flow& flow, std::string_view number) const;
  // A binding of this flow when all that it has are of one phone, else null: for who does not say its number.
  const Binding* only_phone_of(const sip::Flow& flow) const;
  // Has this flow any binding at all (keepalives, OPTIONS)?
  bool knows_flow(const sip::Flow& flow) const;
  const Binding* find(BindingId id) const;
  // The binding of `number` when this REGISTER does nothing but refresh bindings of this flow under the Call-ID that
  // they have (decisions.md: a keepalive), else null. The least recently identified, when it refreshes several.
  const Binding* refreshed_by(const sip::Message& request, const sip::Flow& flow, std::string_view number) const;

  // What was posted so far has this mark; when the Done of a post comes, tell with the mark taken after that post. A
  // binding whose record is not known to be durable is posted again by its next refresh, which then waits.
  uint64_t mark() const;
  void durable_until(uint64_t mark);

  // A connection is gone: bindings that can only be reached over it stay until they expire, but are marked unreachable.
  void lost(sip::ConnectionId connection);
  // Bindings whose phone or line is no longer configured, or whose profile forbids them now, are removed.
  void configuration_changed(Instant now, const config::Snapshot& snapshot, std::vector<state::Post>& posts,
                             std::vector<BindingChange>& changes);
  // Expired bindings go.
  void fire(Instant now, std::vector<state::Post>& posts, std::vector<BindingChange>& changes);
  Instant next_deadline() const;

  size_t size() const;
  void for_each(const std::function<void(const Binding&)>& f) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::registrar
