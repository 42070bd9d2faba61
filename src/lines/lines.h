#pragma once
// The state of each directory number and who watches it: message waiting (RFC 3842), busy lamps and shared lines (RFC
// 4235), presence (RFC 3856, 3863) with PUBLISH (RFC 3903), all by the subscriptions of RFC 6665. A number's lamps
// belong to the shard that its number hashes to (sip::shard_of_user); the others tell it what their calls do, and only
// while somebody watches. Single owner; no clock, no sockets, no store.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "call/engine.h"
#include "config/snapshot.h"
#include "registrar/identity.h"
#include "registrar/registrar.h"
#include "sip/stack.h"
#include "state/store.h"

namespace carillon::lines {

using config::EntityId;
using config::View;

// What waits in the mailbox of a line (RFC 3842 §5.2).
struct Mailbox {
  bool waiting = false;  // the lamp
  bool counted = false;  // the counts say something
  uint32_t fresh = 0, old = 0, urgent_fresh = 0, urgent_old = 0;
  bool operator==(const Mailbox&) const = default;
};

// Between shards.
struct WatchLine {  // to all: `owner` wants to know what the calls of this line do, or no more
  EntityId line = 0;
  uint16_t owner = 0;
  bool on = false;
};
struct LineActivity {  // to the owner: the legs that the line has in this shard, all of them
  EntityId line = 0;
  uint16_t shard = 0;
  std::vector<call::LineLeg> legs;
};
using Message = std::variant<WatchLine, LineActivity, call::CallBackNote>;
struct Mail {
  uint16_t shard = 0;  // addressee
  Message message;
};

// A subscription as an administrator sees it.
struct SubscriptionInfo {
  std::string id;  // our tag
  std::string package, number, watcher, phone, contact;
  std::string state;
  Instant since, expires;
  uint64_t notifies = 0;
};
// A call-back that waits, as an administrator sees it.
struct CallBackInfo {
  uint64_t key = 0;  // of its record: names it in all shards
  std::string number, phone, target;
  std::string_view state;  // "waiting": the line is busy or not registered; "away": nobody answered there, and its
                           // phone has not been used since; "calling": the two are being called
  Instant since, expires;
};
struct MailboxInfo {
  EntityId line = 0;
  Mailbox mailbox;
};

// Everything that a handler may use. Nothing is kept of it beyond a call.
struct Context {
  Instant now;
  const config::SnapshotPtr& snapshot;
  sip::Stack& stack;
  registrar::Registrar& registrar;
  registrar::Identifier& identifier;
  call::Engine& calls;
  sip::Out& out;
  std::vector<state::Post>& posts;
  std::vector<Mail>& mail;
  std::vector<call::CallBackNote>& notes;  // for calls of whatever shard
};

struct LinesOptions {
  uint16_t shard = 0, shards = 1;
  std::vector<sip::Listener> listeners;
  uint32_t subscriptions = limits::kSubscriptions;  // at once: 503 above
};

// Client transactions of lines carry this bit in their `user`; the engine's never do.
constexpr uint64_t kOurs = 1ull << 63;
constexpr bool is_ours(uint64_t user) { return (user & kOurs) != 0; }

// The number that a SUBSCRIBE or PUBLISH is about: the Request-URI's.
std::string number_of(const sip::Message& m);

class Lines {
 public:
  Lines(LinesOptions options, Random& random);
  ~Lines();

  // A SUBSCRIBE or PUBLISH without To tag of an identified phone. Not yet accepted by the stack.
  void subscribe(Context& context, const sip::Event& event, const registrar::Identity& who);
  void publish(Context& context, const sip::Event& event, const registrar::Identity& who);
  // A SUBSCRIBE with a To tag; false when that is no subscription of ours.
  bool in_dialog(Context& context, const sip::Event& event);
  // response, timeout, unreachable of our transactions.
  void event(Context& context, const sip::Event& event);

  // A binding was made or changed here, or its phone has begun anew: it hears how its mailbox stands when the binding
  // is durable. For bindings of other shards and those that went: `here` false.
  void registration(Context& context, EntityId line, registrar::BindingId binding, bool here);
  // Some bindings have become durable.
  void durable(Context& context);

  // Sets what waits for a line; false when there is no such line. Durable with the next commit.
  bool set_mailbox(Context& context, EntityId line, const Mailbox& mailbox);
  Mailbox mailbox(EntityId line) const;

  void receive(Context& context, Message&& message);
  // What a call says about call-backs: wanted, cancelled, over, again.
  void call_back(Context& context, const call::CallBackNote& note);
  // After each turn: what calls have changed goes to whoever watches, in bounded batches.
  void turn(Context& context);
  void fire(Context& context);
  Instant next_deadline() const;
  // Who may no longer watch is told so; what is gone is watched by nobody.
  void configuration_changed(Context& context);
  // Boot.
  void restore(Context& context, const state::Loaded& loaded);

  size_t subscriptions() const;
  std::array<size_t, 3> by_package() const;  // message-summary, dialog, presence
  // Subscriptions, publications and things to be sent: zero when nothing is left over.
  size_t leftovers() const;
  void for_each(const config::Snapshot& snapshot, const std::function<void(const SubscriptionInfo&)>& f) const;
  void for_each_call_back(const config::Snapshot& snapshot, const std::function<void(const CallBackInfo&)>& f) const;
  // Forgets a call-back; false when none of this shard has the key. Calls that it has begun go on.
  bool remove_call_back(Context& context, uint64_t key);
  size_t call_backs() const;
  void for_each_mailbox(const std::function<void(const MailboxInfo&)>& f) const;
  struct Counters {
    uint64_t subscribed = 0, refused = 0, notifies = 0, failed = 0, published = 0;
  };
  const Counters& counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::lines
