#include "call/line_legs.h"

#include <utility>

#include "call/core.h"
#include "call/hunt.h"
#include "call/move.h"

namespace carillon::call {

size_t LineLegs::find(config::EntityId line) const {
  size_t at = home(line);
  while (cells_[at].line != 0 && cells_[at].line != line) at = (at + 1) & mask();
  return at;
}

LineLegs::Cell& LineLegs::make(config::EntityId line) {
  size_t at = find(line);
  if (cells_[at].line != 0) return cells_[at];
  if ((used_ + 1) * 2 > cells_.size()) {
    std::vector<Cell> old(cells_.size() * 2);
    std::swap(old, cells_);
    for (const Cell& c : old) {
      if (c.line != 0) cells_[find(c.line)] = c;
    }
    at = find(line);
  }
  used_++;
  cells_[at].line = line;
  return cells_[at];
}

// Linear probing without tombstones: later cells of the same run move up.
void LineLegs::drop_if_idle(size_t gap) {
  const Cell& c = cells_[gap];
  if (c.line == 0 || c.watched || c.first.valid()) return;
  used_--;
  for (size_t at = (gap + 1) & mask(); cells_[at].line != 0; at = (at + 1) & mask()) {
    const size_t wanted = home(cells_[at].line);
    if (((at - wanted) & mask()) < ((at - gap) & mask())) continue;
    cells_[gap] = cells_[at];
    gap = at;
  }
  cells_[gap] = Cell();
}

void LineLegs::link(Slab<Leg>& legs, Leg& leg) {
  Cell& c = make(leg.line);
  leg.line_next = c.first;
  leg.line_previous = {};
  if (Leg* head = legs.find(c.first)) head->line_previous = leg.self;
  c.first = leg.self;
  leg.under_line = leg.line;
}

void LineLegs::unlink(Slab<Leg>& legs, Leg& leg) {
  const size_t at = find(leg.under_line);
  if (Leg* next = legs.find(leg.line_next)) next->line_previous = leg.line_previous;
  if (Leg* previous = legs.find(leg.line_previous)) {
    previous->line_next = leg.line_next;
  } else {
    cells_[at].first = leg.line_next;
  }
  leg.under_line = 0;
  drop_if_idle(at);
}

void LineLegs::take_out(Slab<Leg>& legs, Leg& leg) {
  if (leg.under_line == 0) return;
  changed(leg.under_line);
  unlink(legs, leg);
}

void LineLegs::place(Slab<Leg>& legs, Leg& leg) {
  const config::EntityId wanted = leg.over() ? 0 : leg.line;
  if (wanted == leg.under_line) return;
  take_out(legs, leg);
  if (wanted != 0) {
    link(legs, leg);
    changed(wanted);
  }
}

void LineLegs::watch(config::EntityId line, bool on) {
  if (line == 0 || watches(line) == on) return;
  if (on) {
    make(line).watched = true;
    watched_++;
    return;
  }
  const size_t at = find(line);
  cells_[at].watched = cells_[at].noted = false;
  watched_--;
  drop_if_idle(at);
}

void LineLegs::changed(config::EntityId line) {
  if (watched_ == 0) return;
  Cell& c = cells_[find(line)];
  if (!c.watched || std::exchange(c.noted, true)) return;
  changed_.push_back(line);
}

void LineLegs::take_changed(std::vector<config::EntityId>& to) {
  for (const config::EntityId line : changed_) {
    Cell& c = cells_[find(line)];
    if (!c.watched || !std::exchange(c.noted, false)) continue;
    to.push_back(line);
  }
  changed_.clear();
}

namespace {

LineLeg::State state_of(const Leg& leg) {
  if (leg.established()) return LineLeg::State::confirmed;
  return leg.progress == Progress::early ? LineLeg::State::early : LineLeg::State::trying;
}

// Everything of view_of() that may change while the leg lives, as a number that is never 0.
uint64_t fingerprint(const Turn& t, const Leg& leg) {
  const bool calls = t.is_caller(leg);
  const Party& other = calls ? t.call.called : t.call.calling;
  const uint64_t flags = static_cast<uint64_t>(state_of(leg)) << 2 | (leg.hold != sdp::Hold::none ? 2u : 0u) |
                         static_cast<uint64_t>(other.hides) << 8;
  return hash_bytes(leg.dialog.remote_tag, hash_bytes(other.name, hash_bytes(other.number, flags))) | 1;
}

}  // namespace

void place_leg(Turn& t, Leg& leg) {
  if (is_stand_in(leg)) return;  // nobody's call but that of whom it stands for
  LineLegs& lines = t.core.lines;
  const config::EntityId before = leg.under_line;
  lines.place(t.core.legs, leg);
  if (leg.under_line != before) note_hunted(t, before, leg.under_line);
  if (leg.under_line == 0 || !lines.watches(leg.under_line)) return;
  const uint64_t now = fingerprint(t, leg);
  if (std::exchange(leg.line_shown, now) != now) lines.changed(leg.under_line);
}

LineLeg view_of(const Turn& t, const Leg& leg) {
  LineLeg v;
  v.id = leg.dialog.local_tag;
  v.call_id = leg.dialog.call_id;
  v.our_tag = leg.dialog.local_tag;
  v.phone_tag = leg.dialog.remote_tag;
  v.phone = leg.phone;
  v.state = state_of(leg);
  v.initiator = leg.inbound;
  v.holds = leg.hold != sdp::Hold::none;
  const bool calls = t.is_caller(leg);
  const Party& other = calls ? t.call.called : t.call.calling;
  if (!hides_number(other.hides)) v.number = other.number;
  if (!hides_name(other.hides)) v.name = other.name;
  return v;
}

}  // namespace carillon::call
