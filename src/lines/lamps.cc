// What is so of a line: its calls in all shards, its registration, what was published, its mailbox; and telling those
// who watch when that changes.

#include <algorithm>
#include <utility>

#include "lines/lines_impl.h"

namespace carillon::lines {
namespace {

std::vector<call::LineLeg> legs_here(Context& c, EntityId line) {
  call::Context calls{c.now, c.snapshot, c.stack, c.registrar, c.identifier, c.out, c.posts};
  return c.calls.legs_of(calls, line);
}

bool has(const std::vector<call::LineLeg>& all, const std::string& id) {
  return std::any_of(all.begin(), all.end(), [&](const call::LineLeg& leg) { return leg.id == id; });
}

bool is_busy(const call::LineLeg& leg) { return leg.initiator || leg.state == call::LineLeg::State::confirmed; }

uint64_t hash_of(const Presence& p) {
  uint64_t hash = hash_bytes(p.note, p.open ? 2 : 1);
  for (const std::string& activity : p.activities) hash = hash_bytes(activity, hash);
  return hash;
}

}  // namespace

void Lines::Impl::tell_all(Lamp& lamp, Package p) {
  each(lamp, p, [this](Watcher& w) { queue(w); });
}

// The shards are asked for the calls of a line while somebody watches them.
void Lines::Impl::watch_calls(Context& c, Lamp& lamp) {
  const bool on = lamp.wants_calls();
  if (on == lamp.calls_watched) return;
  lamp.calls_watched = on;
  c.calls.watch(lamp.line, on);
  for (uint16_t s = 0; s < options.shards; s++) {
    if (s != options.shard) c.mail.push_back({s, WatchLine{lamp.line, options.shard, on}});
  }
  lamp.calls.reset();
  lamp.sequence++;
  auto legs = on ? legs_here(c, lamp.line) : std::vector<call::LineLeg>();
  if (legs.empty()) return;
  lamp.calls = std::make_unique<LampCalls>();
  lamp.calls->shown = legs;
  lamp.calls->by_shard.push_back({options.shard, std::move(legs)});
}

void Lines::Impl::take_legs(Context& c, Lamp& lamp, uint16_t shard, std::vector<call::LineLeg>&& legs) {
  if (lamp.calls == nullptr) {
    if (legs.empty()) return;
    lamp.calls = std::make_unique<LampCalls>();
  }
  auto& all = lamp.calls->by_shard;
  auto at = std::find_if(all.begin(), all.end(), [&](const auto& of) { return of.shard == shard; });
  if (at == all.end()) {
    if (legs.empty()) return;
    at = all.insert(at, {shard, {}});
  }
  if (at->legs == legs) return;
  at->legs = std::move(legs);
  calls_changed(c, lamp);
}

void Lines::Impl::calls_changed(Context& c, Lamp& lamp) {
  LampCalls& calls = *lamp.calls;
  std::vector<call::LineLeg> now;
  for (const auto& of : calls.by_shard) now.insert(now.end(), of.legs.begin(), of.legs.end());
  lamp.sequence++;
  for (auto& leg : calls.shown) {
    if (!has(now, leg.id)) calls.gone.push_back({lamp.sequence, std::move(leg)});
  }
  if (calls.gone.size() > kGoneLegs)
    calls.gone.erase(calls.gone.begin(), calls.gone.end() - static_cast<std::ptrdiff_t>(kGoneLegs));
  calls.shown = std::move(now);
  tell_all(lamp, Package::dialog);
  presence_changed(c, lamp);
  target_changed(c, lamp);
}

Presence Lines::Impl::presence_of(const Context& c, const Lamp& lamp) const {
  Presence p;
  for (const registrar::Binding* b : c.registrar.of_line(lamp.line)) p.open |= b->expires > c.now;
  const Publication* latest = nullptr;
  for (const PublicationRef ref : lamp.publications) {
    const Publication* one = publications.find(ref);
    if (one == nullptr || one->expires <= c.now) continue;
    if (latest == nullptr || one->made > latest->made) latest = one;
  }
  bool busy = false;
  if (lamp.calls != nullptr) {
    for (const auto& of : lamp.calls->by_shard) busy |= std::any_of(of.legs.begin(), of.legs.end(), is_busy);
  }
  if (latest != nullptr) {
    p.open = latest->says.open.value_or(p.open);
    p.note = latest->says.note;
    p.activities = latest->says.activities;
  }
  if (!busy) return p;
  if (p.note.empty()) p.note = "On the phone";
  if (std::find(p.activities.begin(), p.activities.end(), "on-the-phone") == p.activities.end())
    p.activities.emplace_back("on-the-phone");
  return p;
}

void Lines::Impl::note_presence(Context& c, Lamp& lamp) { lamp.presence_shown = hash_of(presence_of(c, lamp)); }

void Lines::Impl::presence_changed(Context& c, Lamp& lamp) {
  if (lamp.watchers[static_cast<size_t>(Package::presence)] == 0) return;
  const uint64_t now = hash_of(presence_of(c, lamp));
  if (std::exchange(lamp.presence_shown, now) == now) return;
  tell_all(lamp, Package::presence);
}

void Lines::Impl::mailbox_changed(Context& c, EntityId line) {
  std::vector<EntityId> subscribed;  // phones: they need not hear it twice
  if (Lamp* lamp = find_lamp(line)) {
    tell_all(*lamp, Package::message_summary);
    each(*lamp, Package::message_summary, [&](const Watcher& w) { subscribed.push_back(w.phone); });
  }
  for (const registrar::Binding* b : c.registrar.of_line(line)) {
    if (std::find(subscribed.begin(), subscribed.end(), b->phone) == subscribed.end())
      greetings.push_back({b->id, kNever, true});
  }
}

void Lines::Impl::receive(Context& c, const WatchLine& m) {
  c.calls.watch(m.line, m.on);
  if (!m.on) {
    watched_for.erase(m.line);
    return;
  }
  watched_for[m.line] = m.owner;
  auto legs = legs_here(c, m.line);
  if (!legs.empty()) c.mail.push_back({m.owner, LineActivity{m.line, options.shard, std::move(legs)}});
}

void Lines::Impl::receive(Context& c, LineActivity&& m) {
  Lamp* lamp = find_lamp(m.line);
  if (lamp != nullptr && lamp->calls_watched) take_legs(c, *lamp, m.shard, std::move(m.legs));
}

void Lines::Impl::turn(Context& c) {
  last_turn = c.now;
  changed.clear();
  c.calls.take_changed(changed);
  for (const EntityId line : changed) {
    if (const auto owner = watched_for.find(line); owner != watched_for.end()) {
      c.mail.push_back({owner->second, LineActivity{line, options.shard, legs_here(c, line)}});
    } else if (Lamp* lamp = find_lamp(line)) {
      take_legs(c, *lamp, options.shard, legs_here(c, line));
    }
  }
  if (!due.empty() || !greetings.empty()) send_queued(c);
}

}  // namespace carillon::lines
