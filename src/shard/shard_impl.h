#pragma once
// Inside of Shard. Not included elsewhere.

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "call/our_hosts.h"
#include "shard/shard.h"
#include "sip/scan.h"

namespace carillon::shard {

// An answer that waits until what it promises is durable.
struct Pending {
  state::Token token = 0;   // ours, ascending
  Instant limit;            // when we stop waiting for the store
  state::Token engine = 0;  // not 0: the engine waits for this token of its own
  sip::TxnId txn;           // else: the REGISTER to be answered
  uint64_t mark = 0;        // of the registrar, after what the REGISTER posted
  int status = 200;
  std::string reason, headers;
};

struct Shard::Impl {
  Impl(ShardOptions given, Random& random_bits, config::SnapshotPtr first);

  void receive(Instant now, const sip::Flow& flow, std::span<char> bytes, bool settled, Output& out);
  void drain_events(Instant now, Output& out);
  void handle(Instant now, const sip::Event& event, Output& out);
  void request(Instant now, const sip::Event& event, Output& out);
  void out_of_dialog(Instant now, const sip::Event& event, Output& out);
  void register_request(Instant now, const sip::Event& event, Output& out);
  void options(const sip::Event& event, const registrar::Identity& identity, Output& out);
  bool check_domain(Instant now, const sip::Event& event, Output& out);
  // Is this a SUBSCRIBE or PUBLISH about a number of another shard, which has it now?
  bool passed_on(const sip::Event& event, Output& out);
  // Answers what an Identifier did not accept; false when it accepted.
  bool not_accepted(const registrar::Verdict& verdict, const sip::Event& event, Output& out);
  void reply(const sip::Event& event, int status, std::string_view headers, Output& out);
  void answer(Instant now, Pending& pending, Output& out);
  // Calls f(context) and gives the posts that the engine made tokens of ours.
  template <typename F>
  void with_engine(Instant now, Output& out, F&& f) {
    const size_t first = out.posts.size();
    call::Context context{now,           snapshot,        stack,
                          registrar,     identifier,      out.sip,
                          out.posts,     options_.shards, options_.shards > 1 ? &removals : nullptr,
                          &out.requests, &notes,          handed_over};
    f(context);
    if (!removals.empty()) send_away(now, out);
    adopt_posts(now, out, first);
  }
  template <typename F>
  void with_lines(Instant now, Output& out, F&& f) {
    lines::Context context{now, snapshot, stack, registrar, identifier, engine, out.sip, out.posts, letters, notes};
    f(context);
  }
  void adopt_posts(Instant now, Output& out, size_t first);
  void receive(Instant now, lines::Message&& message, Output& out);
  // What calls and lines say to each other about call-backs.
  void pass_notes(Instant now, Output& out);
  void pass_note(Instant now, const call::CallBackNote& note, Output& out);
  // detours.cc: dialogs whose tags lead elsewhere than where they are.
  void send_away(Instant now, Output& out);
  // The shard that this request is for though its tag or Call-ID leads here; nothing when it is ours.
  std::optional<uint16_t> detour(Instant now, const sip::Scan& scan);
  // It is for another shard, and on its way there; false when there is something to be done here.
  bool went_elsewhere(Instant now, const sip::Flow& flow, std::span<char> bytes, const sip::Scan& scan, Output& out);
  // The same of what has been passed on to this shard, whose dialog has gone on from here.
  bool went_back(const sip::Flow& flow, std::span<char> bytes, Output& out);
  // Is it something for a transaction of this shard?
  bool is_held(const sip::Flow& flow, std::span<char> bytes);
  void arrive(Instant now, Arrival&& arrival, Output& out);
  void fetch(Instant now, Fetch&& wish, Output& out);
  void reroute(Instant now, Reroute&& change);
  // An INVITE that is about a call of another shard goes there, and what follows it; false when it is none.
  bool follow_replaces(Instant now, const sip::Event& event, Output& out);
  bool follow_number(Instant now, const sip::Event& event, const registrar::Identity& who, Output& out);
  void hand_over(Instant now, const sip::Event& event, uint16_t shard, Output& out);
  void seek(Instant now, Seek&& wish, Output& out);
  // Is a request like this one on its way round the shards?
  bool is_sought(Instant now, const sip::Message& request);
  // The store has been silent for too long about these: REGISTERs get a 503, calls go on without their record.
  void give_up_waiting(Instant now, Output& out);
  // Tells who watches what this turn has changed; signs the posts and sends what the other shards must know.
  void finish_turn(Instant now, Output& out);
  template <typename Change>
  void tell_others(const std::vector<Change>& all, Output& out) const {
    for (const Change& change : all) {
      for (uint16_t s = 0; s < options_.shards; s++) {
        if (s != options_.index) out.mail.push_back({s, change});
      }
    }
  }

  ShardOptions options_;
  Random& random;
  config::SnapshotPtr snapshot;
  sip::Stack stack;
  registrar::Registrar registrar;
  registrar::Identifier identifier;
  call::Engine engine;
  lines::Lines lines;
  call::OurHosts hosts;
  sip::Message message;
  std::vector<registrar::BindingChange> changes;
  std::vector<call::BandwidthChange> bandwidth;
  std::vector<call::HuntNews> hunted;
  std::vector<lines::Mail> letters;
  std::vector<call::CallBackNote> notes;
  std::deque<Pending> pending;
  state::Token next_token = 0;
  Counters counters;
  TraceFn trace;
  std::string scratch;
  std::vector<call::Removal> removals;
  std::vector<call::News> news;
  bool handed_over = false;  // what is being received has come from another shard
  uint8_t hops = 0;          // its Handoff::hops
  bool sought = false;       // it was here before, and has been round all shards
  struct Detour {
    uint16_t shard = 0;
    Instant until = kNever;
    // Where it was before, while something that was asked there may be asked again.
    uint16_t before = 0;
    Instant before_until{};
  };
  using Detours = std::unordered_map<std::string, Detour, TextHash, TextEqual>;
  Detours rerouted;                                    // our tags of dialogs that are elsewhere
  std::deque<std::pair<Instant, std::string>> fading;  // of them, those whose dialog is over
  Detours sticky;                                      // Call-IDs of INVITEs that went elsewhere
  // INVITEs that go round and come back, by Call-ID and CSeq; until when they are waited for.
  std::unordered_map<std::string, Instant, TextHash, TextEqual> seeking;
};

}  // namespace carillon::shard
