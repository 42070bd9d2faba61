// Call-backs: whose target is watched here. A line is free when a phone of it is registered and it has no calls, in any
// shard, for kQuiet; then the calls of this shard are told (call/call_back.h).

#include <algorithm>
#include <utility>

#include "lines/lines_impl.h"

namespace carillon::lines {

namespace {

using Kind = call::CallBackNote::Kind;

constexpr Duration kQuiet = seconds(2);
constexpr Duration kLater = seconds(30);  // after somebody was busy
constexpr size_t kOfLine = 10;            // that one line on one phone may have waiting

bool same(const call::CallBackNote& a, const call::CallBackNote& b) {
  return a.phone == b.phone && a.line == b.line && a.target == b.target;
}

}  // namespace

CallBackInfo info_of(const config::Snapshot& s, const CallBack& b) {
  CallBackInfo info;
  info.key = b.key;
  if (const config::LineView* line = s.line(b.note.line)) info.number = line->number;
  if (const config::PhoneView* phone = s.phone(b.note.phone)) info.phone = phone->name;
  if (const config::LineView* target = s.line(b.note.target)) info.target = target->number;
  info.state = b.at_work ? "calling" : b.note.after_use ? "away" : "waiting";
  info.since = made_at(b.key);
  info.expires = b.expires;
  return info;
}

bool Lines::Impl::is_used(const Lamp& lamp) const {
  if (lamp.calls == nullptr) return false;
  return std::any_of(lamp.calls->by_shard.begin(), lamp.calls->by_shard.end(),
                     [](const auto& of) { return !of.legs.empty(); });
}

// Looks again when it has been quiet for a while.
void Lines::Impl::look_later(CallBack& b, Instant when) {
  b.due = std::min(when, b.expires);
  call_backs_due = std::min(call_backs_due, b.due);
}

void Lines::Impl::target_changed(Context& c, const Lamp& lamp) {
  if (lamp.call_backs == 0) return;
  const bool used = is_used(lamp);
  for (CallBack& b : call_backs) {
    if (b.note.target != lamp.line || b.at_work) continue;
    if (used && std::exchange(b.note.after_use, false)) post(c, b);
    look_later(b, c.now + kQuiet);
  }
}

void Lines::Impl::drop_call_back(Context& c, size_t at) {
  CallBack& b = call_backs[at];
  post_removal(c, state::RecordKind::call_back, b.key);
  if (Lamp* lamp = find_lamp(b.note.target); lamp != nullptr && lamp->call_backs != 0) {
    lamp->call_backs--;
    watch_calls(c, *lamp);
    drop_lamp_if_idle(*lamp);
  }
  call_backs.erase(call_backs.begin() + static_cast<std::ptrdiff_t>(at));
}

void Lines::Impl::keep_call_back(Context& c, CallBack&& b, const config::LineView& target) {
  Lamp& lamp = lamp_of(target);
  lamp.call_backs++;
  watch_calls(c, lamp);
  look_later(b, c.now + kQuiet + kQuiet);  // the other shards say by then what they have
  call_backs.push_back(std::move(b));
}

// "" when it is noted, else why not.
std::string Lines::Impl::want_call_back(Context& c, const call::CallBackNote& note) {
  const config::LineView* target = c.snapshot->line(note.target);
  if (target == nullptr) return "There is no such line";
  size_t of_line = 0;
  for (size_t i = 0; i < call_backs.size(); i++) {
    if (same(call_backs[i].note, note)) {
      if (call_backs[i].at_work) return "That call-back is under way";
      drop_call_back(c, i);
      break;
    }
    of_line += call_backs[i].note.phone == note.phone && call_backs[i].note.line == note.line;
  }
  if (of_line >= kOfLine || call_backs.size() >= limits::kCallBacks || lamps.full())
    return "Too many call-backs are waiting";
  CallBack b;
  b.note = note;
  b.expires = c.now + c.snapshot->parameters().call_back_duration;
  b.key = next_key(c);
  post(c, b);
  keep_call_back(c, std::move(b), *target);
  return "";
}

void Lines::Impl::call_back(Context& c, const call::CallBackNote& note) {
  if (note.kind == Kind::wanted) {
    call::CallBackNote answer = note;
    answer.fault = want_call_back(c, note);
    answer.kind = answer.fault.empty() ? Kind::accepted : Kind::refused;
    return c.notes.push_back(std::move(answer));
  }
  for (size_t i = call_backs.size(); i-- > 0;) {
    CallBack& b = call_backs[i];
    if (note.kind == Kind::cancelled) {
      if (b.note.phone == note.phone && b.note.line == note.line) drop_call_back(c, i);
    } else if (same(b.note, note) && note.kind == Kind::over) {
      drop_call_back(c, i);
    } else if (same(b.note, note)) {
      b.at_work = false;
      b.note.after_use = note.after_use;
      post(c, b);
      look_later(b, c.now + kLater);
    }
  }
}

void Lines::Impl::look(Context& c, CallBack& b) {
  b.due = b.expires;
  const Lamp* lamp = find_lamp(b.note.target);
  if (b.at_work || lamp == nullptr || is_used(*lamp) || b.note.after_use) return;
  const auto bindings = c.registrar.of_line(b.note.target);
  const bool there =
      std::any_of(bindings.begin(), bindings.end(), [&](const auto* one) { return one->expires > c.now; });
  if (!there) return;
  b.at_work = true;
  c.notes.push_back(b.note);
  c.notes.back().kind = Kind::due;
}

void Lines::Impl::fire_call_backs(Context& c) {
  if (c.now < call_backs_due) return;
  call_backs_due = kNever;
  for (size_t i = call_backs.size(); i-- > 0;) {
    CallBack& b = call_backs[i];
    if (c.now >= b.expires && !b.at_work) {
      drop_call_back(c, i);
      continue;
    }
    if (c.now >= b.due) look(c, b);
    if (!b.at_work) call_backs_due = std::min(call_backs_due, b.due);
  }
}

// Lines and phones that are gone.
void Lines::Impl::check_call_backs(Context& c) {
  for (size_t i = call_backs.size(); i-- > 0;) {
    const call::CallBackNote& n = call_backs[i].note;
    const config::PhoneView* phone = c.snapshot->phone(n.phone);
    const config::LineView* target = c.snapshot->line(n.target);
    const Lamp* lamp = find_lamp(n.target);
    const bool same_number = target != nullptr && lamp != nullptr && lamp->number == target->number;
    if (!same_number || phone == nullptr || phone->appearance(n.line) == nullptr) drop_call_back(c, i);
  }
}

}  // namespace carillon::lines
