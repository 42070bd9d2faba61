#pragma once
// Inside of Lines. Not included elsewhere.

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/limits.h"
#include "base/slab.h"
#include "call/schedule.h"
#include "lines/documents.h"
#include "lines/lines.h"
#include "lines/packages.h"
#include "sip/route_key.h"
#include "sip/usage/subscription.h"

namespace carillon::lines {

struct Watcher;
struct Publication;
struct Lamp;
using WatcherRef = Id<Watcher>;
using PublicationRef = Id<Publication>;
using LampRef = Id<Lamp>;

// One subscription: at most 1 KiB with all that belongs to it.
struct Watcher {
  sip::Subscription sub;
  WatcherRef self;
  WatcherRef next, previous;  // of the same lamp and package
  WatcherRef phone_next, phone_previous;
  LampRef lamp;
  Package package = Package::dialog;
  bool queued = false;           // stands in the queue of those to be told
  bool asleep = false;           // it cannot be reached: it is told when its phone has registered again
  uint8_t reason = 0;            // why it ends: index into the reasons of RFC 6665 §4.1.3
  uint32_t version = 0;          // of the next dialog-info document (RFC 4235 §4.1.1)
  uint32_t told = 0;             // Lamp::sequence of what it was told last
  EntityId phone = 0, line = 0;  // the watcher: the line is the one in From
  call::Scheduled scheduled;     // when it expires
  uint64_t key = 0;              // of its record
  Instant since;
  uint32_t notifies = 0;
};

// What a phone publishes of its line (RFC 3903): the event state and its entity-tag.
struct Publication {
  PublicationRef self;
  LampRef lamp;
  uint64_t tag = 0;  // the entity-tag, and the key of its record
  EntityId phone = 0;
  Instant expires, made;
  PublishedPresence says;
  call::Scheduled scheduled;
};

// A leg that is over, and Lamp::sequence since when.
struct GoneLeg {
  uint32_t since = 0;
  call::LineLeg leg;
};
constexpr size_t kGoneLegs = 16;  // remembered of a line

// The calls of a line that is watched.
struct LampCalls {
  // Its legs by shard, as each has told last; those of this shard too.
  struct OfShard {
    uint16_t shard = 0;
    std::vector<call::LineLeg> legs;
  };
  std::vector<OfShard> by_shard;
  std::vector<call::LineLeg> shown;  // what the watchers of calls have been told last
  std::vector<GoneLeg> gone;         // over lately, oldest first: told to those who knew of them
};

// One line that is watched, or of which something was published; or a park number that is watched.
struct Lamp {
  LampRef self;
  EntityId line = 0;  // of a park number its key
  std::string number;
  std::array<WatcherRef, kPackages> first;
  std::array<uint32_t, kPackages> watchers{};
  std::vector<PublicationRef> publications;
  std::unique_ptr<LampCalls> calls;  // null while nothing has been heard of any
  uint32_t sequence = 0;             // counts what its calls have been
  uint64_t presence_shown = 0;
  uint32_t call_backs = 0;     // that wait for it to be free
  bool calls_watched = false;  // the shards have been asked
  bool empty() const { return watchers[0] + watchers[1] + watchers[2] + call_backs == 0 && publications.empty(); }
  bool wants_calls() const {
    if (call_backs != 0) return true;
    for (size_t i = 0; i < kPackages; i++) {
      if (kPackageFacts[i].of_calls && watchers[i] != 0) return true;
    }
    return false;
  }
};

// Somebody wants to be called back when a line is free.
struct CallBack {
  call::CallBackNote note;  // as it was wanted
  uint64_t key = 0;         // of its record
  Instant due, expires;     // when to look, at the latest when it expires
  bool at_work = false;     // the calls of this shard have it
};

inline Instant made_at(uint64_t key) { return {static_cast<int64_t>(key >> 32) * 1'000'000}; }
CallBackInfo info_of(const config::Snapshot& s, const CallBack& b);

// After a restart a watcher may have heard NOTIFYs that the record does not know: CSeq and version go well past them.
constexpr uint32_t kRecordEvery = 64;  // NOTIFYs

// The dialogs of a dialog-info document, as they were written last: most watchers of a line know the same of it, and
// call it the same.
struct WrittenDialogs {
  LampRef lamp;
  uint32_t sequence = 0, told = 0;
  std::string number, host;
  std::string text;
};

// A phone that is to hear unasked how its mailbox stands.
struct Greeting {
  registrar::BindingId binding = 0;
  Instant limit;      // by then its registration is durable or was refused
  bool news = false;  // the mailbox has changed
};

// What is watched: a line, or (its calls only) a park number.
struct Subject {
  EntityId key = 0;  // of a line its id, of a park number that of call/park_lamp.h
  View number;
  EntityId partition = 0, presence_group = 0;
  bool is_line() const { return key > 0; }
};

enum class Reason : uint8_t { timeout, rejected, noresource, deactivated };

// Who may watch whom, and what a number is (authority.cc).
enum class Permission : uint8_t { granted, unknown, forbidden };
struct Target {
  Permission permission = Permission::unknown;
  Subject subject;
};
// What this request is about, and whether `phone` may have it from this package. `number` must live as long as the
// answer.
Target target_of(const config::Snapshot& snapshot, const config::PhoneView& phone, View number, Package package);
// Whether it still may.
bool may_watch(const config::Snapshot& snapshot, const config::PhoneView& phone, const Subject& subject,
               Package package);
Subject subject_of(const config::LineView& line);
// What a lamp is of, in this configuration; nothing when that is there no more.
std::optional<Subject> subject_of(const config::Snapshot& snapshot, const Lamp& lamp);

struct Lines::Impl {
  Impl(LinesOptions given, Random& random_bits);

  // subscribe.cc
  void subscribe(Context& c, const sip::Event& e, const registrar::Identity& who);
  bool in_dialog(Context& c, const sip::Event& e);
  void renew(Context& c, Watcher& w, const sip::Event& e);
  Watcher* find(View tag);
  sip::ExpiryBounds bounds(const Context& c) const;
  void answer(Context& c, const sip::Event& e, int status, View headers);
  // 403, for `carillon refusal list` as well; whoever asks from the trusted networks is told why (decisions.md).
  void refuse(Context& c, const sip::Event& e, const registrar::Identity& who, registrar::RefusalReason why);
  void answer_brief(Context& c, const sip::Event& e);
  void answer_bad_event(Context& c, const sip::Event& e);
  bool make_room(Context& c, EntityId phone);

  // watchers.cc: the table
  Watcher* add(const Subject& subject, Package package, EntityId phone);
  void remove(Context& c, Watcher& w);
  void link(Lamp& lamp, Watcher& w);
  void unlink(Context& c, Watcher& w);
  void arm(Context& c, Watcher& w);
  void finish(Context& c, Watcher& w, Reason why);
  void act(Context& c, Watcher& w, sip::subscription::Action action);
  Lamp& lamp_of(const Subject& subject);
  Lamp& lamp_of(const config::LineView& line) { return lamp_of(subject_of(line)); }
  Lamp* find_lamp(EntityId line);
  void drop_lamp_if_idle(Lamp& lamp);
  template <typename F>
  void each(Lamp& lamp, Package p, F&& f) {
    for (WatcherRef at = lamp.first[static_cast<size_t>(p)]; at.valid();) {
      Watcher* w = watchers.find(at);
      if (w == nullptr) return;
      at = w->next;
      f(*w);
    }
  }

  // notify.cc: what we say
  void notify(Context& c, Watcher& w);
  void append_document(Context& c, Watcher& w, std::string& to);
  void append_dialog_document(const Entity& entity, const Lamp& lamp, Watcher& w, std::string& to);
  void greet(Context& c, const registrar::Binding& b, bool news);
  bool find_way(Context& c, Watcher& w);
  bool await_way(Context& c, Watcher& w);
  View domain(const Context& c, const sip::Flow& flow);
  void append_contact(std::string& to, View number, const sip::Flow& flow);
  void queue(Watcher& w);
  void send_queued(Context& c);
  void event(Context& c, const sip::Event& e);

  // lamps.cc: what is so
  void watch_calls(Context& c, Lamp& lamp);
  void take_legs(Context& c, Lamp& lamp, uint16_t shard, std::vector<call::LineLeg>&& legs);
  void calls_changed(Context& c, Lamp& lamp);
  void presence_changed(Context& c, Lamp& lamp);
  void note_presence(Context& c, Lamp& lamp);
  void mailbox_changed(Context& c, EntityId line);
  Presence presence_of(const Context& c, const Lamp& lamp) const;
  void receive(Context& c, const WatchLine& m);
  void receive(Context& c, LineActivity&& m);
  void turn(Context& c);
  void tell_all(Lamp& lamp, Package p);

  // call_backs.cc
  void call_back(Context& c, const call::CallBackNote& note);
  std::string want_call_back(Context& c, const call::CallBackNote& note);
  void keep_call_back(Context& c, CallBack&& b, const config::LineView& target);
  void drop_call_back(Context& c, size_t at);
  void target_changed(Context& c, const Lamp& lamp);
  bool is_used(const Lamp& lamp) const;
  void look_later(CallBack& b, Instant when);
  void look(Context& c, CallBack& b);
  void fire_call_backs(Context& c);
  void check_call_backs(Context& c);

  // publish.cc
  void publish(Context& c, const sip::Event& e, const registrar::Identity& who);
  void publish_new(Context& c, const sip::Event& e, const config::LineView& line, EntityId phone, uint32_t expires);
  void publish_again(Context& c, const sip::Event& e, Publication& p, uint32_t expires);
  bool read_publication(Context& c, const sip::Event& e, PublishedPresence& to);
  void accept_publication(Context& c, const sip::Event& e, Publication& p, uint32_t expires);
  void remove(Context& c, Publication& p);
  Publication* find_publication(View tag);

  // records.cc
  void post(Context& c, Watcher& w);
  void post_removal(Context& c, state::RecordKind kind, uint64_t key);
  void post(Context& c, const Publication& p, const Lamp& lamp);
  void post(Context& c, EntityId line, const Mailbox& m);
  void post(Context& c, const CallBack& b);
  uint64_t next_key(const Context& c);  // of a record; made_at() says when, to the second
  void restore(Context& c, const state::Loaded& loaded);
  bool restore_watcher(Context& c, const state::Loaded::Record& row);
  bool restore_publication(Context& c, const state::Loaded::Record& row);
  bool restore_call_back(Context& c, const state::Loaded::Record& row);

  uint16_t owner_of(View number) const { return static_cast<uint16_t>(sip::shard_of_user(number, options.shards)); }

  LinesOptions options;
  Random& random;
  sip::StackOptions shown;  // for sip::shown_host
  Slab<Watcher> watchers;
  Slab<Publication> publications{limits::kPublications};
  Slab<Lamp> lamps;
  call::Schedule<Watcher> expiries;
  call::Schedule<Publication> publication_expiries;
  boost::unordered_flat_map<EntityId, LampRef> lamp_by_line;
  struct OfPhone {
    WatcherRef first;
    uint32_t count = 0;
  };
  boost::unordered_flat_map<EntityId, OfPhone> by_phone;
  boost::unordered_flat_map<uint64_t, PublicationRef> by_tag;                 // entity-tags
  std::unordered_map<std::string, WatcherRef, TextHash, TextEqual> restored;  // tags of the life before
  boost::unordered_flat_map<EntityId, Mailbox> mailboxes;                     // those that are not empty
  boost::unordered_flat_map<EntityId, uint16_t> watched_for;                  // lines that another shard watches
  std::vector<CallBack> call_backs;                                           // few: looked through
  Instant call_backs_due = kNever;                                            // when to look at one of them
  std::deque<WatcherRef> due;                                                 // to be told, in order
  std::deque<Greeting> arrivals;                                              // bindings that are not durable yet
  std::deque<Greeting> greetings;                                             // to be told unasked
  std::vector<EntityId> changed;
  std::string headers, body, host_text, type;
  WrittenDialogs written;
  Counters counters;
  uint64_t key_counter = 0;
  Instant last_turn;
};

}  // namespace carillon::lines
