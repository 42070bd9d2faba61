#pragma once
// All calls of a shard: events in, features asked in their order, actions out (docs/ARCHITECTURE.md, section 6).
// Single owner; no clock, no sockets, no store.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "call/bandwidth.h"
#include "call/call_back_note.h"
#include "call/config_request.h"
#include "call/hunt_memory.h"
#include "call/line_legs.h"
#include "call/news.h"
#include "config/snapshot.h"
#include "registrar/identity.h"
#include "registrar/registrar.h"
#include "sip/stack.h"
#include "state/cdr.h"
#include "state/store.h"

namespace carillon::call {

class AppearanceCounts;  // counts.h

// Unique for ever in a data directory: seconds of creation in the high half, then 8 bits of shard and a 24-bit counter.
using CallId = uint64_t;
constexpr unsigned shard_of_call(CallId id) { return static_cast<unsigned>(id >> 24) & 0xff; }

// A call as an administrator sees it (`carillon call list`).
struct CallInfo {
  CallId id = 0;
  Instant start, answer;  // answer zero: not yet
  std::string state;      // "ringing", "answered", "parking", "parked", "ending"
  std::string calling_number, calling_device, called_number, called_device;
  std::string calling_call_id, called_call_id;
};

// What a shard has to arrange with another one (move.h).
struct Removal {
  enum class Kind : uint8_t {
    call,   // `record` and the request that it moves for go to `shard`
    here,   // requests with the To tag `tag`, minted by `shard`, are for us
    gone,   // no longer
    fetch,  // the call of the dialog with the local tag `tag` is wanted here, for that request, which comes back with
            // it
  } kind = Kind::call;
  uint16_t shard = 0;
  CallId id = 0;
  std::string record;
  std::string tag;
  std::vector<std::string> tags;  // of the call that moves
  sip::Flow flow;
  std::string bytes;
};

// Everything that a handler may use. The engine holds no pointers beyond a call of it.
struct Context {
  Instant now;
  const config::SnapshotPtr& snapshot;
  sip::Stack& stack;
  registrar::Registrar& registrar;
  registrar::Identifier& identifier;
  sip::Out& out;
  std::vector<state::Post>& posts;
  uint16_t shards = 1;
  std::vector<Removal>* removals = nullptr;         // where there is more than one shard
  std::vector<ConfigRequest>* requests = nullptr;   // null: there is no administration to be asked
  std::vector<CallBackNote>* call_backs = nullptr;  // for the lines
  bool handed_over = false;                         // another shard has sent the request here: it goes no further
};

// Where an INVITE belongs that dials for a call: pickup, park numbers.
struct Belongs {
  std::optional<uint16_t> shard = {};  // nothing: to whichever it came
  bool unsure = false;                 // nothing rings that it could pick up, as far as the others have told yet
};

struct EngineOptions {
  uint16_t shard = 0;
  std::vector<sip::Listener> listeners;
  std::string server_header;
  uint32_t calls = limits::kCalls;     // at once: 503 above
  AppearanceCounts* counts = nullptr;  // of all shards, and outliving them; null: this one is alone
  bool callers_from_outside = false;   // for tests: every caller counts as one who is no phone of ours
  bool phones_are_outside = false;     // for tests: who is told of a party is told as the world outside is
};

class Engine {
 public:
  Engine(EngineOptions options, Random& random);
  ~Engine();

  // An INVITE without To tag of an identified caller. Not yet accepted by the stack.
  void invite(Context& context, const sip::Event& event, const registrar::Identity& caller);
  Belongs shard_of_dialled(Context& context, const sip::Event& event, const registrar::Identity& caller) const;
  // Any request with a To tag, ACKs included; finds the leg, checks flow or digest, or answers 481.
  void in_dialog(Context& context, const sip::Event& event);
  // response, timeout, unreachable, no_ack, no_prack, cancelled of the engine's transactions.
  void event(Context& context, const sip::Event& event);
  // The store has made durable what was posted with `token`.
  void done(Context& context, state::Token token);
  // The answer to what was asked with `token`; a change that was made is in the snapshot by now.
  void answered(Context& context, state::Token token, const ConfigAnswer& answer);
  // A connection is gone: requests in its dialogs look for another way.
  void lost(sip::ConnectionId connection);
  // The target of a call-back is free.
  void call_back(Context& context, const CallBackNote& due);
  void fire(Context& context);
  Instant next_deadline() const;

  // Boot: a call record from the state store becomes a call again, and is posted anew. False when the record cannot be
  // read.
  bool restore(Context& context, CallId id, std::string_view record);
  // The shard, of so many, that takes this record of a parked call; nothing for other calls, whose id says it.
  static std::optional<uint16_t> shard_of_record(std::string_view record, uint16_t shards);
  // A call that another shard has had comes here (Removal::Kind::call). False when it cannot be read, or there is no
  // room.
  bool arrive(Context& context, CallId id, std::string_view record);
  // Another shard wants the call of the dialog with this local tag (Removal::Kind::fetch), for a request that goes
  // there with it. When nothing is to be done for now, since something is under way in the call: later.
  enum class Sent : uint8_t { yes, later, unknown };
  Sent send_call(Context& context, std::string_view tag, uint16_t shard, const sip::Flow& flow, std::string_view bytes);
  // Has a dialog of this shard's this local tag?
  bool knows_tag(std::string_view tag) const;
  // Ends a call from our side (administrator, drain): BYE or 480 to both. False when there is no such call.
  bool release(Context& context, CallId id);
  // The engine takes no new calls any more (503); for draining.
  void drain();

  // What this shard's calls have taken of locations' bandwidth or given back since it was asked last, for the other
  // shards; false when there is nothing. And another shard's.
  bool take_bandwidth_changes(std::vector<BandwidthChange>& to);
  void absorb(const BandwidthChange& change);
  // The same for what they should know of this shard's calls (news.h).
  bool take_news(std::vector<News>& to);
  void absorb(const News& news);
  // The same of what hunts remember.
  bool take_hunt_news(std::vector<HuntNews>& to);
  void absorb(const HuntNews& news);
  // What the calls of all shards take.
  const Bandwidth& bandwidth() const;

  size_t calls() const;
  // Legs, timers and other things of calls that live: zero when nothing is left over.
  size_t leftovers() const;
  void for_each(const std::function<void(const CallInfo&)>& f) const;

  // Who watches a line, or a park number by its key (park_lamp.h), says so; then its changes are noted, and may be
  // asked for after each turn.
  void watch(config::EntityId line, bool on);
  void take_changed(std::vector<config::EntityId>& to);
  // The line's legs that are not over.
  std::vector<LineLeg> legs_of(Context& context, config::EntityId line);
  struct Counters {
    uint64_t attempts = 0, answered = 0, failed = 0;
  };
  const Counters& counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::call
