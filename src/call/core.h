#pragma once
// What the engine owns, and what a handler is given. Internal to call/.

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/limits.h"
#include "base/slab.h"
#include "base/timers.h"
#include "call/call.h"
#include "call/call_back_machine.h"
#include "call/counts.h"
#include "call/engine.h"
#include "call/hunt_memory.h"
#include "call/join_machine.h"
#include "call/line_legs.h"
#include "call/news.h"
#include "call/our_hosts.h"
#include "call/park_machine.h"
#include "call/schedule.h"
#include "call/transfer_machine.h"
#include "sdp/session_reader.h"

namespace carillon::call {

// A request of ours inside a dialog that is under way, and the request of the other leg for which it was sent, if any.
struct Exchange {
  enum class Kind : uint8_t {
    reinvite,  // re-INVITE for a re-INVITE or for an UPDATE (to a party that does not know UPDATE)
    update,
    refresh,  // ours, for nobody: session refresh
    relay,    // INFO, MESSAGE: passed through
    bye,
    join,    // re-INVITE of a join
    notify,  // progress of a transfer
    still,   // re-INVITE to a party that has nobody to talk to
  };
  ExchangeRef self;
  Kind kind = Kind::relay;
  bool for_update = false;  // what it answers is an UPDATE
  bool offered = false;     // it carried an offer (else, for re-INVITE, the 2xx brings one)
  bool invite = false;      // the method is INVITE: its 2xx wants an ACK
  LegRef on, from;          // the leg that it was sent on; the leg whose request it relays
  sip::TxnId client, server;
  ExchangeRef next;   // relay: of the same `from`
  uint32_t cseq = 0;  // of ours
  uint32_t max_forwards = limits::kMaxForwards;
  // What was agreed before the offer that is being passed on; null when there is none.
  struct Before {
    sdp::LineMap from_lines, on_lines;
    std::string sent_sdp;  // to the party of `on`
  };
  std::unique_ptr<Before> before;
};
std::string_view to_string(Exchange::Kind k);

enum class Alarm : uint8_t {
  durable,  // of a call: the store has not answered
  retry,    // of a leg: our refresh met 491
  ring,     // of a call: its phones have rung for the time that their line gives them
  overdue,  // of an exchange: the other party has not answered what was passed on
  join,     // of a join: look again, or give up
  park,     // of a park number: its machine's timer, or its party is to be asked again
  shown,    // of a transfer: the transferor has seen where the call is parked
};
struct AlarmToken {
  uint64_t ref = 0;
  Alarm kind = Alarm::durable;
};

// An ACK of ours in a dialog that another shard has by now: a 2xx that is repeated comes here, where its INVITE began.
struct LeftAck {
  std::string tag;  // ours
  uint32_t cseq = 0;
  sip::Transmit ack;
  Instant until;
};

// Which leg an INVITE server transaction belongs to.
struct TxnOwner {
  sip::TxnId txn;
  LegRef leg;
};

struct Core {
  Core(EngineOptions given, Random& random_bits);

  // The leg whose dialog has this local tag, or null.
  Leg* find_leg(std::string_view tag);
  void own(sip::TxnId txn, LegRef leg);
  Leg* owner_of(sip::TxnId txn);
  CallId mint_call(Instant now);
  void lost(sip::ConnectionId connection);
  // Our host on a flow's listener, for Contact.
  const std::string& host_of(const sip::Flow& flow);

  EngineOptions options;
  sip::StackOptions shown;  // for sip::shown_host
  OurHosts our_hosts{options.listeners};
  std::vector<std::string> hosts;  // by listener; "" when it depends on the flow
  std::string host_text;
  Random& random;
  Slab<Call> calls{options.calls};
  Slab<Leg> legs{options.calls * 4};
  Slab<Exchange> exchanges{options.calls * 2};
  Slab<Join> joins{options.calls};
  Slab<Transfer> transfers{options.calls};
  Slab<Parked> parks{options.calls};
  std::map<std::pair<config::EntityId, std::string>, ParkRef> park_numbers;  // by row and number: all that are taken
  std::unordered_map<config::EntityId, ParkRef> park_keys;                   // the same by key (park_lamp.h)
  std::set<config::EntityId> full_parks;                                     // rows that the others know to be full
  Slab<CallBack> call_backs{limits::kCallBacks};
  std::deque<LeftAck> left_acks;   // the oldest first
  std::vector<CallRef> unsettled;  // calls beside the one at work that this turn has changed
  std::vector<TxnOwner> owners;    // by index of the transaction
  std::unordered_map<std::string, LegRef, TextHash, TextEqual> restored;  // tags minted before the last start
  Timers<AlarmToken> alarms;                                              // short ones; long ones are in `schedule`
  Schedule<Leg> schedule;
  OwnCounts counts{options.counts};
  LineLegs lines;
  HuntMemory hunted;
  Bandwidth bandwidth;
  std::vector<News> news;  // for the other shards
  Elsewhere elsewhere;     // what they have told
  // Connections that were lost while there were dialogs; those that no dialog uses are forgotten from time to time.
  boost::unordered_flat_set<sip::ConnectionId> gone;
  std::string headers, body, text;  // buffers, used within one step
  sdp::SessionReader session;       // read from call.offer or a message, used within one step
  Engine::Counters counters;
  uint32_t id_counter = 0;
  bool draining = false;
};

// A call at work: what every handler and feature is given.
struct Turn {
  Core& core;
  Context& context;
  Call& call;

  Instant now() const { return context.now; }
  Leg* leg(LegRef ref) { return core.legs.find(ref); }
  Leg* caller() { return leg(call.caller); }
  Leg* callee() { return leg(call.callee); }
  // Is this the calling side? All others have been called.
  bool is_caller(const Leg& l) const { return l.self == call.caller; }
  // The other party of an answered call, or null: who is neither caller nor callee talks to nobody.
  Leg* peer(const Leg& l) {
    return is_caller(l) ? callee() : l.self == call.callee || !call.callee.valid() ? caller() : nullptr;
  }
  // Configuration of the leg's phone; null when it is not configured any more.
  const config::PhoneView* phone(const Leg& l) const { return context.snapshot->phone(l.phone); }
  const config::SipProfileView& profile(const Leg& l) const;
  template <typename F>
  void each_leg(F&& f) {
    for (LegRef at = call.first; at.valid();) {
      Leg* l = core.legs.find(at);
      if (l == nullptr) return;
      at = l->next;
      f(*l);
    }
  }
};

// What comes back with events of client transactions: what it was for, and the leg or exchange.
enum class Purpose : uint8_t {
  invite = 1,
  exchange = 2,
  prack = 3,
  over = 4,  // the INVITE of a dialog that was hung up: only its remote tag is remembered
};
template <typename T>
constexpr uint64_t user_of(Purpose p, Id<T> id) {
  return static_cast<uint64_t>(p) << 60 | (static_cast<uint64_t>(id.generation) & 0xfffffff) << 32 | id.index;
}
inline uint64_t user_of_tag(std::string_view remote_tag) {
  return static_cast<uint64_t>(Purpose::over) << 60 | hash_bytes(remote_tag, 1) >> 4;
}
constexpr Purpose purpose_of(uint64_t user) { return static_cast<Purpose>(user >> 60); }
// The living value that `user` means, or null.
template <typename T>
T* find_user(Slab<T>& slab, uint64_t user) {
  const auto index = static_cast<uint32_t>(user);
  if ((slab.generation(index) & 0xfffffff) != (user >> 32 & 0xfffffff)) return nullptr;
  return slab.at_index(index);
}

}  // namespace carillon::call
