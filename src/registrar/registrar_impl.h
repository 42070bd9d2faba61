#pragma once
// Inside of Registrar. Not included elsewhere.

#include <deque>
#include <string>

#include "base/timers.h"
#include "registrar/index.h"
#include "registrar/register_ask.h"
#include "registrar/registrar.h"

namespace carillon::registrar {

// The value of Date, printed once a second.
class DateLine {
 public:
  // "Date: Sun, 22 Nov 2026 13:32:21 GMT\r\n" (RFC 3261 §20.17).
  std::string_view at(Instant now);

 private:
  int64_t second_ = -1;
  char line_[48];
  size_t size_ = 0;
};

struct Registrar::Impl {
  Impl(uint16_t shard_number, Random& random) : shard(shard_number), counter(random.next32() & 0xffffff) {}

  // One REGISTER on its way.
  struct Turn {
    Instant now;
    const sip::Message& request;
    const sip::Flow& flow;
    const Identity& identity;
    const config::Snapshot& snapshot;
    std::vector<state::Post>& posts;
    std::vector<BindingChange>& changes;
  };
  struct Step {
    const AskedContact* asked = nullptr;
    Entry* entry = nullptr;  // the binding it concerns, null for a new one
    uint32_t lifetime = 0;   // seconds granted; 0: remove
    bool pure = false;       // changes nothing but Call-ID, CSeq and expiry
  };

  Outcome apply(Turn& t);
  std::optional<Problem> plan(Turn& t, bool& repeated);
  std::optional<Problem> plan_star(Turn& t, bool& repeated);
  std::optional<Problem> grant(const Turn& t, const AskedContact& asked, uint32_t& lifetime);
  std::optional<Problem> check_limits(const Turn& t);
  bool give_way(const Turn& t);
  static std::optional<Problem> check_order(const Turn& t, const Entry& e, bool& repeated);
  Entry* match(const Turn& t, const AskedContact& asked);
  // Does nothing but expiry, Call-ID and CSeq set this contact apart from the binding?
  bool same(const Binding& b, const AskedContact& asked, const sip::Flow& flow);

  bool commit(Turn& t);
  void refresh(Turn& t, const Step& s);
  void write(Turn& t, const Step& s);
  void fill(const Turn& t, const Step& s, Binding& b);
  void drop(Entry& e, std::vector<state::Post>& posts, std::vector<BindingChange>& changes);
  Outcome answer(const Turn& t, bool wait);
  Outcome refuse(const Turn& t, const Problem& problem);

  BindingId mint(Instant now);
  void arm(Entry& e);
  void settle();

  uint16_t shard;
  uint32_t counter;
  Index index;
  Timers<uint64_t> timers;  // Id<Entry>
  Ask ask;
  std::vector<Step> steps;
  std::string headers, scratch;
  DateLine date;
  // Which bindings were posted at which mark, oldest first.
  struct Posted {
    uint64_t mark;
    Id<Entry> entry;
  };
  std::deque<Posted> posted;
  uint64_t last_mark = 0;
};

}  // namespace carillon::registrar
