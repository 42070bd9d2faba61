// The table of bindings over time: changes of other shards, expiry, lost connections, configuration.

#include "registrar/registrar.h"

#include "registrar/examiner.h"
#include "registrar/registrar_impl.h"

namespace carillon::registrar {
namespace {

// A binding that another shard looks after is its to end; if nothing comes from there, it goes this much later.
constexpr Duration kGrace = seconds(5);

bool allowed(const Binding& b, const config::Snapshot& snapshot) {
  const config::PhoneView* phone = snapshot.phone(b.phone);
  if (phone == nullptr || !phone->active || phone->digest_user != b.digest_user) return false;
  if (phone->appearance(b.line) == nullptr || !transport_allowed(*phone->security, b.flow.transport)) return false;
  const config::LineView* line = snapshot.line(b.line);
  return line != nullptr && line->number == b.number;
}

uint16_t shard_in(BindingId id) { return static_cast<uint16_t>(id >> 24 & 0xff); }

}  // namespace

Registrar::Registrar(uint16_t shard, Random& random) : impl_(std::make_unique<Impl>(shard, random)) {}
Registrar::~Registrar() = default;

BindingId Registrar::Impl::mint(Instant now) {
  for (;;) {
    counter = (counter + 1) & 0xffffff;
    const BindingId id =
        static_cast<uint64_t>(now.us / 1000000) << 32 | static_cast<uint64_t>(shard & 0xff) << 24 | counter;
    if (id != 0 && index.find(id) == nullptr) return id;
  }
}

void Registrar::Impl::arm(Entry& e) {
  const Instant due = e.ours ? e.expires : e.expires + kGrace;
  if (due >= e.armed) return;
  e.armed = due;
  timers.arm(due, e.self.bits());
}

void Registrar::put(Binding binding) {
  if (binding.id == 0) return;
  Entry* e = impl_->index.find(binding.id);
  if (e != nullptr) {
    impl_->index.change(*e, [&](Entry& entry) { static_cast<Binding&>(entry) = std::move(binding); });
    e->ours = false;
  } else {
    if (impl_->index.full()) return;
    e = &impl_->index.add(std::move(binding));
    e->ours = shard_in(e->id) == (impl_->shard & 0xff);
  }
  impl_->arm(*e);
}

void Registrar::absorb(const BindingChange& change) {
  if (change.kind == BindingChange::Kind::put) {
    put(change.binding);
    return;
  }
  Entry* e = impl_->index.find(change.binding.id);
  if (e == nullptr) return;
  if (change.kind == BindingChange::Kind::remove) {
    impl_->index.remove(*e);
    return;
  }
  e->ours = false;
  e->expires = change.binding.expires;
  e->refreshed = change.binding.refreshed;
  e->cseq = change.binding.cseq;
  if (!change.binding.call_id.empty()) e->call_id = change.binding.call_id;
  impl_->arm(*e);
}

std::span<const Binding* const> Registrar::of_line(EntityId line) const { return impl_->index.of_line(line); }
const Binding* Registrar::by_flow(const sip::Flow& flow, std::string_view number) const {
  return impl_->index.by_flow(flow, number);
}
const Binding* Registrar::only_phone_of(const sip::Flow& flow) const {
  const Entry* first = impl_->index.of_flow(flow);
  for (const Entry* e = first; e != nullptr; e = e->flow_next) {
    if (e->phone != first->phone) return nullptr;
  }
  return first;
}
bool Registrar::knows_flow(const sip::Flow& flow) const { return impl_->index.of_flow(flow) != nullptr; }
const Binding* Registrar::find(BindingId id) const { return impl_->index.find(id); }
size_t Registrar::size() const { return impl_->index.size(); }
Instant Registrar::next_deadline() const { return impl_->timers.next(); }

void Registrar::for_each(const std::function<void(const Binding&)>& f) const {
  impl_->index.for_each([&f](const Entry& e) { f(e); });
}

void Registrar::lost(sip::ConnectionId connection) {
  sip::Flow flow;
  flow.connection = connection;
  for (const sip::Transport t : {sip::Transport::tcp, sip::Transport::tls}) {
    flow.transport = t;
    for (Entry* e = impl_->index.of_flow(flow); e != nullptr; e = e->flow_next) e->reachable = false;
  }
}

void Registrar::Impl::drop(Entry& e, std::vector<state::Post>& posts, std::vector<BindingChange>& changes) {
  if (e.ours) {
    state::Post& post = posts.emplace_back();
    post.kind = state::PostKind::remove_binding;
    post.key = e.id;
    BindingChange& change = changes.emplace_back();
    change.kind = BindingChange::Kind::remove;
    change.binding.id = e.id;
    change.binding.line = e.line;
  }
  index.remove(e);
}

void Registrar::configuration_changed(Instant, const config::Snapshot& snapshot, std::vector<state::Post>& posts,
                                      std::vector<BindingChange>& changes) {
  impl_->index.for_each([&](Entry& e) {
    if (!allowed(e, snapshot)) impl_->drop(e, posts, changes);
  });
}

void Registrar::fire(Instant now, std::vector<state::Post>& posts, std::vector<BindingChange>& changes) {
  impl_->timers.fire(now, [&](Instant at, uint64_t token) {
    Entry* e = impl_->index.find(Id<Entry>::from_bits(token));
    if (e == nullptr || e->armed != at) return;
    e->armed = kNever;
    if ((e->ours ? e->expires : e->expires + kGrace) <= now) {
      impl_->drop(*e, posts, changes);
    } else {
      impl_->arm(*e);
    }
  });
}

uint64_t Registrar::mark() const { return impl_->last_mark; }

void Registrar::durable_until(uint64_t mark) {
  auto& posted = impl_->posted;
  while (!posted.empty() && posted.front().mark <= mark) {
    Entry* e = impl_->index.find(posted.front().entry);
    if (e != nullptr && e->mark == posted.front().mark) e->durable = true;
    posted.pop_front();
  }
}

}  // namespace carillon::registrar
