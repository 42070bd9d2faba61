#include "lines/lines.h"

#include <algorithm>

#include "lines/lines_impl.h"

namespace carillon::lines {

Lines::Lines(LinesOptions options, Random& random) : impl_(std::make_unique<Impl>(std::move(options), random)) {}
Lines::~Lines() = default;

void Lines::subscribe(Context& c, const sip::Event& e, const registrar::Identity& who) { impl_->subscribe(c, e, who); }
void Lines::publish(Context& c, const sip::Event& e, const registrar::Identity& who) { impl_->publish(c, e, who); }
bool Lines::in_dialog(Context& c, const sip::Event& e) { return impl_->in_dialog(c, e); }
void Lines::event(Context& c, const sip::Event& e) { impl_->event(c, e); }

void Lines::registration(Context& c, EntityId line, registrar::BindingId binding, bool here) {
  if (here && binding != 0 && impl_->arrivals.size() < limits::kArrivals)
    impl_->arrivals.push_back({binding, c.now + limits::kInternalAnswer});
  if (const registrar::Binding* b = c.registrar.find(binding)) {
    const auto of = impl_->by_phone.find(b->phone);
    WatcherRef at = of == impl_->by_phone.end() ? WatcherRef() : of->second.first;
    for (Watcher* w = impl_->watchers.find(at); w != nullptr; w = impl_->watchers.find(w->phone_next)) {
      if (!w->asleep) continue;
      w->asleep = false;
      impl_->queue(*w);
    }
  }
  if (Lamp* lamp = impl_->find_lamp(line)) {
    impl_->presence_changed(c, *lamp);
    impl_->target_changed(c, *lamp);
  }
}

void Lines::durable(Context& c) {
  auto& waiting = impl_->arrivals;
  while (!waiting.empty()) {
    const registrar::Binding* b = c.registrar.find(waiting.front().binding);
    if (b != nullptr && !b->durable && c.now < waiting.front().limit) return;
    if (b != nullptr && b->durable) impl_->greetings.push_back(waiting.front());
    waiting.pop_front();
  }
}

bool Lines::set_mailbox(Context& c, EntityId line, const Mailbox& mailbox) {
  if (c.snapshot->line(line) == nullptr) return false;
  if (mailbox == Mailbox()) {
    impl_->mailboxes.erase(line);
  } else {
    impl_->mailboxes[line] = mailbox;
  }
  impl_->post(c, line, mailbox);
  impl_->mailbox_changed(c, line);
  return true;
}

Mailbox Lines::mailbox(EntityId line) const {
  const auto at = impl_->mailboxes.find(line);
  return at == impl_->mailboxes.end() ? Mailbox() : at->second;
}

void Lines::receive(Context& c, Message&& message) {
  if (auto* activity = std::get_if<LineActivity>(&message)) {
    impl_->receive(c, std::move(*activity));
  } else if (auto* note = std::get_if<call::CallBackNote>(&message)) {
    impl_->call_back(c, *note);
  } else {
    impl_->receive(c, std::get<WatchLine>(message));
  }
}

void Lines::call_back(Context& c, const call::CallBackNote& note) { impl_->call_back(c, note); }

void Lines::turn(Context& c) { impl_->turn(c); }

void Lines::fire(Context& c) {
  durable(c);
  impl_->expiries.fire(impl_->watchers, c.now, [&](WatcherRef ref) {
    if (Watcher* w = impl_->watchers.find(ref)) impl_->finish(c, *w, Reason::timeout);
  });
  impl_->publication_expiries.fire(impl_->publications, c.now, [&](PublicationRef ref) {
    if (Publication* p = impl_->publications.find(ref)) impl_->remove(c, *p);
  });
  impl_->fire_call_backs(c);
}

Instant Lines::next_deadline() const {
  if (!impl_->due.empty() || !impl_->greetings.empty()) return impl_->last_turn;
  const Instant store = impl_->arrivals.empty() ? kNever : impl_->arrivals.front().limit;
  return std::min({impl_->expiries.next(), impl_->publication_expiries.next(), store, impl_->call_backs_due});
}

void Lines::configuration_changed(Context& c) {
  const config::Snapshot& s = *c.snapshot;
  impl_->watchers.for_each([&](WatcherRef, Watcher& w) {
    const auto subject = subject_of(s, *impl_->lamps.find(w.lamp));
    const config::PhoneView* phone = s.phone(w.phone);
    if (!subject) {
      impl_->finish(c, w, Reason::noresource);
    } else if (phone == nullptr || !phone->active || !may_watch(s, *phone, *subject, w.package)) {
      impl_->finish(c, w, Reason::rejected);
    }
  });
  impl_->publications.for_each([&](PublicationRef, Publication& p) {
    const config::PhoneView* phone = s.phone(p.phone);
    if (phone == nullptr || phone->appearance(impl_->lamps.find(p.lamp)->line) == nullptr) impl_->remove(c, p);
  });
  impl_->check_call_backs(c);
  std::vector<EntityId> gone;
  for (const auto& [line, mailbox] : impl_->mailboxes) {
    if (s.line(line) == nullptr) gone.push_back(line);
  }
  for (const EntityId line : gone) {
    impl_->mailboxes.erase(line);
    impl_->post(c, line, Mailbox());
  }
}

void Lines::restore(Context& c, const state::Loaded& loaded) { impl_->restore(c, loaded); }

size_t Lines::subscriptions() const { return impl_->watchers.size(); }

std::array<size_t, 3> Lines::by_package() const {
  std::array<size_t, kPackages> sums{};
  for (const auto& [line, ref] : impl_->lamp_by_line) {
    const Lamp& lamp = *impl_->lamps.find(ref);
    for (size_t i = 0; i < kPackages; i++) sums[i] += lamp.watchers[i];
  }
  return sums;
}

size_t Lines::leftovers() const {
  const bool idle = impl_->watchers.size() == 0 && impl_->publications.size() == 0 && impl_->call_backs.empty();
  const size_t strange = idle ? impl_->lamps.size() + impl_->by_phone.size() + impl_->by_tag.size() +
                                    impl_->expiries.size() + impl_->publication_expiries.size() + impl_->restored.size()
                              : 0;
  return impl_->watchers.size() + impl_->publications.size() + impl_->arrivals.size() + impl_->greetings.size() +
         strange;
}

void Lines::for_each(const config::Snapshot& s, const std::function<void(const SubscriptionInfo&)>& f) const {
  impl_->watchers.for_each([&](WatcherRef, const Watcher& w) {
    SubscriptionInfo info;
    info.id = w.sub.dialog.local_tag;
    info.package = facts_of(w.package).name;
    info.number = impl_->lamps.find(w.lamp)->number;
    if (const config::LineView* line = s.line(w.line)) info.watcher = line->number;
    if (const config::PhoneView* phone = s.phone(w.phone)) info.phone = phone->name;
    info.contact = w.sub.dialog.target;
    info.state = to_string(w.sub.state);
    info.since = w.since;
    info.expires = w.sub.expires;
    info.notifies = w.notifies;
    f(info);
  });
}

void Lines::for_each_call_back(const config::Snapshot& s, const std::function<void(const CallBackInfo&)>& f) const {
  for (const CallBack& b : impl_->call_backs) f(info_of(s, b));
}

bool Lines::remove_call_back(Context& c, uint64_t key) {
  const auto at = std::find_if(impl_->call_backs.begin(), impl_->call_backs.end(),
                               [key](const CallBack& b) { return b.key == key; });
  if (at == impl_->call_backs.end()) return false;
  impl_->drop_call_back(c, static_cast<size_t>(at - impl_->call_backs.begin()));
  return true;
}

size_t Lines::call_backs() const { return impl_->call_backs.size(); }

void Lines::for_each_mailbox(const std::function<void(const MailboxInfo&)>& f) const {
  for (const auto& [line, mailbox] : impl_->mailboxes) f({line, mailbox});
}

const Lines::Counters& Lines::counters() const { return impl_->counters; }

}  // namespace carillon::lines
