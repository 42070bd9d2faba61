#pragma once
// One shard: SIP core, registrar and calls behind one door. The server drives it with sockets, the simulator with a
// world; both by the same calls (docs/ARCHITECTURE.md, section 5.1). Single owner.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "call/engine.h"
#include "config/snapshot.h"
#include "lines/lines.h"
#include "registrar/registrar.h"
#include "sip/locate/answer.h"
#include "sip/stack.h"
#include "state/store.h"

namespace carillon::shard {

struct ShardOptions {
  uint16_t index = 0;
  uint16_t shards = 1;
  std::vector<sip::Listener> listeners;
  sip::TimerValues timers;
  std::string nonce_key;                     // 32 bytes, the same for all shards
  std::string server_header;                 // "" for none
  call::AppearanceCounts* counts = nullptr;  // of all shards, outliving them; may be null where there is one
};

// Between shards.
struct Handoff {  // a message that another shard owns, raw
  sip::Flow flow;
  std::string bytes;
  bool settled = false;  // the addressee owns it, whatever its tags and Call-ID say
  uint8_t hops = 0;      // so often it has been passed on after a dialog that moves
};
struct Arrival {  // an answered call that goes on in the addressee, and the request that it was sent for
  call::CallId id = 0;
  std::string record;
  std::vector<std::string> tags;  // ours in its dialogs
  Handoff request;
};
struct Reroute {  // the dialog of the addressee's tag `tag` is in `shard`; or no longer anywhere
  std::string tag;
  uint16_t shard = 0;
  bool gone = false;
};
struct Fetch {  // `shard` wants the call of the dialog with the local tag `tag`; the request comes back with it, or
                // alone
  std::string tag;
  Handoff request;
  uint16_t shard = 0;
  bool passed_on = false;  // the dialog had moved once already
};
struct Seek {  // an INVITE that does not find what it dials for: goes round all shards and back, behind what they have
               // yet to tell
  Handoff request;
  uint16_t left = 0;  // steps that it has yet to go; after the last it is where it began
};
using ToShard = std::variant<Handoff, registrar::BindingChange, call::BandwidthChange, call::News, call::HuntNews,
                             Arrival, Reroute, Fetch, Seek, lines::Message>;
struct Mail {
  uint16_t shard = 0;  // addressee
  ToShard message;
};

// What a turn wants done.
struct Output {
  sip::Out sip;  // transmit and lookups; events are consumed inside
  std::vector<state::Post> posts;
  std::vector<Mail> mail;
  std::vector<sip::ConnectionId> proven;      // connections that said something valid: no longer strangers
  std::vector<sip::ConnectionId> close;       // connections to be closed after what is sent on them
  std::vector<call::ConfigRequest> requests;  // for the administration; each is answered by answered()
  void clear() { sip.clear(), posts.clear(), mail.clear(), proven.clear(), close.clear(), requests.clear(); }
};

// Every message in and out, for `carillon trace`; called only when set.
using TraceFn = std::function<void(Instant, bool incoming, const sip::Flow&, std::string_view bytes)>;

class Shard {
 public:
  Shard(ShardOptions options, Random& random, config::SnapshotPtr snapshot);
  ~Shard();

  // A datagram, or one framed message of a stream; `bytes` may be changed (unfolding) and must live until the call
  // returns.
  void receive(Instant now, const sip::Flow& flow, std::span<char> bytes, Output& out);
  // What another shard sent.
  void receive_mail(Instant now, ToShard&& message, Output& out);
  void done(Instant now, state::Token token, Output& out);
  // The administration's answer to a ConfigRequest, after the snapshot that has the change.
  void answered(Instant now, state::Token token, const call::ConfigAnswer& answer, Output& out);
  void lost(Instant now, sip::ConnectionId connection, Output& out);
  void unsent(Instant now, const sip::Flow& flow, Output& out);
  void located(Instant now, uint64_t query, const sip::DnsAnswer& answer, Output& out);
  void configure(Instant now, config::SnapshotPtr snapshot, Output& out);
  void fire(Instant now, Output& out);
  Instant next_deadline() const;

  // Boot, before the listeners open.
  void restore(Instant now, const state::Loaded& loaded, Output& out);
  void drain();
  bool release(Instant now, call::CallId id, Output& out);
  // What waits in a line's mailbox; false when there is no such line. REQUIRES: the shard owns the line's number.
  bool set_mailbox(Instant now, config::EntityId line, const lines::Mailbox& mailbox, Output& out);

  // Forgets a call-back that waits here; false when there is none of this key.
  bool remove_call_back(Instant now, uint64_t key, Output& out);

  // Views for the admin side, called in a turn by the owner.
  const registrar::Registrar& registrar() const;
  const call::Engine& calls() const;
  const lines::Lines& lines() const;
  const config::Snapshot& snapshot() const;
  const registrar::Refusals& refusals() const;
  struct Counters {
    uint64_t messages_in = 0, not_sip = 0, malformed = 0, requests[sip::kMethods] = {}, challenges = 0,
             registrations = 0, refusals = 0;
  };
  const Counters& counters() const;
  const sip::Stack& stack() const;
  // Nothing of calls and transactions is left: for audits, after quiet.
  size_t leftovers() const;
  void trace(TraceFn trace);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::shard
