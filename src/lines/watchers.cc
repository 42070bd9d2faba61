// The table of watchers: by lamp and package, by phone, by time.

#include "lines/lines_impl.h"

namespace carillon::lines {

Lines::Impl::Impl(LinesOptions given, Random& random_bits)
    : options(std::move(given)),
      random(random_bits),
      watchers(options.subscriptions),
      lamps(options.subscriptions * 2) {
  shown.shard = options.shard;
  shown.listeners = options.listeners;
  key_counter = random.next32() & 0xffffff;
}

Lamp* Lines::Impl::find_lamp(EntityId line) {
  const auto at = lamp_by_line.find(line);
  return at == lamp_by_line.end() ? nullptr : lamps.find(at->second);
}

Lamp& Lines::Impl::lamp_of(const Subject& subject) {
  if (Lamp* known = find_lamp(subject.key)) return *known;
  const LampRef ref = lamps.emplace();
  Lamp& lamp = *lamps.find(ref);
  lamp.self = ref;
  lamp.line = subject.key;
  lamp.number = subject.number;
  lamp_by_line[subject.key] = ref;
  return lamp;
}

void Lines::Impl::drop_lamp_if_idle(Lamp& lamp) {
  if (!lamp.empty()) return;
  lamp_by_line.erase(lamp.line);
  lamps.erase(LampRef(lamp.self));
}

void Lines::Impl::link(Lamp& lamp, Watcher& w) {
  WatcherRef& first = lamp.first[static_cast<size_t>(w.package)];
  w.lamp = lamp.self;
  w.next = first;
  if (Watcher* head = watchers.find(first)) head->previous = w.self;
  first = w.self;
  lamp.watchers[static_cast<size_t>(w.package)]++;
  OfPhone& of = by_phone[w.phone];
  w.phone_next = of.first;
  if (Watcher* head = watchers.find(of.first)) head->phone_previous = w.self;
  of.first = w.self;
  of.count++;
}

void Lines::Impl::unlink(Context& c, Watcher& w) {
  Lamp& lamp = *lamps.find(w.lamp);
  if (Watcher* next = watchers.find(w.next)) next->previous = w.previous;
  if (Watcher* previous = watchers.find(w.previous)) {
    previous->next = w.next;
  } else {
    lamp.first[static_cast<size_t>(w.package)] = w.next;
  }
  lamp.watchers[static_cast<size_t>(w.package)]--;
  OfPhone& of = by_phone[w.phone];
  if (Watcher* next = watchers.find(w.phone_next)) next->phone_previous = w.phone_previous;
  if (Watcher* previous = watchers.find(w.phone_previous)) {
    previous->phone_next = w.phone_next;
  } else {
    of.first = w.phone_next;
  }
  if (--of.count == 0) by_phone.erase(w.phone);
  watch_calls(c, lamp);
  drop_lamp_if_idle(lamp);
}

Watcher* Lines::Impl::add(const Subject& subject, Package package, EntityId phone) {
  const WatcherRef ref = watchers.emplace();
  Watcher& w = *watchers.find(ref);
  w.self = ref;
  w.package = package;
  w.phone = phone;
  Lamp& lamp = lamp_of(subject);
  w.told = lamp.sequence;
  link(lamp, w);
  return &w;
}

void Lines::Impl::remove(Context& c, Watcher& w) {
  expiries.clear(watchers, w);
  if (w.key != 0) post_removal(c, state::RecordKind::subscription, w.key);
  if (!restored.empty()) restored.erase(w.sub.dialog.local_tag);
  unlink(c, w);
  watchers.erase(WatcherRef(w.self));
}

void Lines::Impl::arm(Context& c, Watcher& w) {
  expiries.start(c.now);
  expiries.set(watchers, w.self.index, w, w.sub.expires);
  post(c, w);
}

// From our side: it is told why, and goes when it has heard it.
void Lines::Impl::finish(Context& c, Watcher& w, Reason why) {
  if (!w.sub.lives()) return;
  w.reason = static_cast<uint8_t>(why);
  expiries.clear(watchers, w);
  act(c, w, w.sub.take(sip::subscription::Trigger::end));
}

void Lines::Impl::act(Context& c, Watcher& w, sip::subscription::Action action) {
  switch (action) {
    case sip::subscription::Action::nothing:
      return;
    case sip::subscription::Action::notify:
      return notify(c, w);
    case sip::subscription::Action::notify_last:
      if (w.key != 0) post_removal(c, state::RecordKind::subscription, w.key);
      w.key = 0;
      return notify(c, w);
    case sip::subscription::Action::forget:
      return remove(c, w);
  }
}

}  // namespace carillon::lines
