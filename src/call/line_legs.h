#pragma once
// Which legs each line has, and which lines that somebody watches have changed: lamps, presence and pickup ask here.
// The legs of a line are linked with each other, so a leg costs two links and no memory of its own; a change costs
// something only where the line is watched. Single owner.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/slab.h"
#include "call/leg.h"

namespace carillon::call {

struct Turn;

// A leg as others may know it: a dialog of the line's own party (RFC 4235 §4.1).
struct LineLeg {
  enum class State : uint8_t { trying, early, confirmed };
  std::string id;       // unlike that of any other dialog, for as long as this one lives
  std::string call_id;  // of the dialog with the phone
  std::string phone_tag, our_tag;
  config::EntityId phone = 0;
  State state = State::trying;
  bool initiator = false;    // its INVITE made the dialog
  bool holds = false;        // it holds the other
  std::string number, name;  // the other party's, "" when it is withheld or not known yet
  bool operator==(const LineLeg&) const = default;
};

class LineLegs {
 public:
  LineLegs() : cells_(64) {}

  // Puts the leg under its line, or takes it out when it is over. Called whenever a leg may have changed.
  void place(Slab<Leg>& legs, Leg& leg);
  // The leg leaves this table, over or not.
  void take_out(Slab<Leg>& legs, Leg& leg);
  // The line's living legs, newest first: f(Leg&) until it returns false. f must not place legs.
  template <typename F>
  void each(Slab<Leg>& legs, config::EntityId line, F&& f) {
    for (Leg* leg = legs.find(cells_[find(line)].first); leg != nullptr; leg = legs.find(leg->line_next)) {
      if (!f(*leg)) return;
    }
  }
  bool has_legs(config::EntityId line) const { return cells_[find(line)].first.valid(); }

  void watch(config::EntityId line, bool on);
  bool watches_any() const { return watched_ != 0; }
  bool watches(config::EntityId line) const { return watched_ != 0 && cells_[find(line)].watched; }
  // Something that others may know of this line is not what it was.
  void changed(config::EntityId line);
  // Watched lines that have changed since the last call, each once.
  void take_changed(std::vector<config::EntityId>& to);

  size_t size() const { return used_; }

 private:
  struct Cell {
    config::EntityId line = 0;  // 0: free
    LegRef first;
    bool watched = false, noted = false;
  };
  size_t mask() const { return cells_.size() - 1; }
  size_t home(config::EntityId line) const { return hash_mix(static_cast<uint64_t>(line), g_hash_key) & mask(); }
  size_t find(config::EntityId line) const;
  Cell& make(config::EntityId line);
  void drop_if_idle(size_t at);
  void link(Slab<Leg>& legs, Leg& leg);
  void unlink(Slab<Leg>& legs, Leg& leg);

  std::vector<Cell> cells_;
  std::vector<config::EntityId> changed_;
  size_t used_ = 0, watched_ = 0;
};

// After every event of a call: its legs stand where they belong, and who watches will be told.
void place_leg(Turn& t, Leg& leg);
// What others may know of it.
LineLeg view_of(const Turn& t, const Leg& leg);

}  // namespace carillon::call
