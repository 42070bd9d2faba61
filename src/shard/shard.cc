#include "shard/shard.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "shard/shard_impl.h"
#include "sip/route_key.h"
#include "sip/scan.h"

namespace carillon::shard {
namespace {

sip::StackOptions stack_options(const ShardOptions& o) {
  return {o.index, o.shards, o.timers, o.listeners, o.server_header};
}

call::EngineOptions engine_options(const ShardOptions& o) {
  call::EngineOptions to;
  to.shard = o.index;
  to.listeners = o.listeners;
  to.server_header = o.server_header;
  to.counts = o.counts;
  return to;
}

}  // namespace

Shard::Impl::Impl(ShardOptions given, Random& random_bits, config::SnapshotPtr first)
    : options_(std::move(given)),
      random(random_bits),
      snapshot(std::move(first)),
      stack(stack_options(options_), random),
      registrar(options_.index, random),
      identifier({options_.index, options_.nonce_key}, random),
      engine(engine_options(options_), random),
      lines({options_.index, options_.shards, options_.listeners}, random),
      hosts(options_.listeners) {}

void Shard::Impl::receive(Instant now, const sip::Flow& flow, std::span<char> bytes, bool settled, Output& out) {
  if (!sought) counters.messages_in++;
  const std::string_view text(bytes.data(), bytes.size());
  if (options_.shards > 1 && !settled) {
    const sip::Scan scan = sip::scan(text);
    const unsigned owner = sip::shard_of(scan, options_.shards);
    if (owner != options_.index) {
      out.mail.push_back({static_cast<uint16_t>(owner), Handoff{flow, std::string(text)}});
      return;
    }
    if (went_elsewhere(now, flow, bytes, scan, out)) return;
  }
  if (handed_over && went_back(flow, bytes, out)) return;
  if (trace && !sought) trace(now, true, flow, text);
  const auto framing = sip::is_stream(flow.transport) ? sip::Framing::stream : sip::Framing::datagram;
  const sip::ParseFault fault = message.parse(bytes, framing);
  if (fault.kind == sip::ParseFault::Kind::not_sip) {
    counters.not_sip++;
    return;
  }
  if (fault.kind == sip::ParseFault::Kind::bad) {
    counters.malformed++;
    if (fault.answerable && message.is_request()) stack.refuse(flow, message, fault, out.sip);
    return;
  }
  if (message.is_request() && !sought) counters.requests[static_cast<size_t>(message.method())]++;
  if (sip::is_stream(flow.transport)) out.proven.push_back(flow.connection);
  stack.receive(now, flow, message, out.sip);
}

void Shard::Impl::receive(Instant now, lines::Message&& message, Output& out) {
  using Kind = call::CallBackNote::Kind;
  const auto* note = std::get_if<call::CallBackNote>(&message);
  if (note != nullptr && (note->kind == Kind::accepted || note->kind == Kind::refused)) return notes.push_back(*note);
  with_lines(now, out, [&](lines::Context& context) { lines.receive(context, std::move(message)); });
}

void Shard::Impl::drain_events(Instant now, Output& out) {
  for (size_t i = 0; i < out.sip.events.size(); i++) {
    const sip::Event event = out.sip.events[i];
    handle(now, event, out);
  }
  out.sip.events.clear();
  finish_turn(now, out);
}

void Shard::Impl::handle(Instant now, const sip::Event& event, Output& out) {
  if (event.kind == sip::EventKind::request) {
    request(now, event, out);
    return;
  }
  const bool of_client = event.kind == sip::EventKind::response || event.kind == sip::EventKind::timeout ||
                         event.kind == sip::EventKind::unreachable;
  if (of_client && lines::is_ours(event.user)) {
    with_lines(now, out, [&](lines::Context& context) { lines.event(context, event); });
    return;
  }
  // Whoever the dialog belongs to by now: an acknowledged 2xx is not repeated.
  if (event.kind == sip::EventKind::ack && event.txn.valid()) stack.acked(event.txn);
  with_engine(now, out, [&](call::Context& context) {
    if (event.kind == sip::EventKind::ack) {
      engine.in_dialog(context, event);
    } else {
      engine.event(context, event);
    }
  });
}

void Shard::Impl::adopt_posts(Instant now, Output& out, size_t first) {
  for (size_t i = first; i < out.posts.size(); i++) {
    state::Post& post = out.posts[i];
    if (post.token == 0) continue;
    Pending p;
    p.limit = now + limits::kInternalAnswer;
    p.engine = post.token;
    p.token = post.token = ++next_token;
    pending.push_back(std::move(p));
  }
}

// To whom each note is for, until nothing is left to be said.
void Shard::Impl::pass_notes(Instant now, Output& out) {
  while (!notes.empty()) {
    const std::vector<call::CallBackNote> batch = std::exchange(notes, {});
    for (const call::CallBackNote& note : batch) pass_note(now, note, out);
  }
}

void Shard::Impl::pass_note(Instant now, const call::CallBackNote& note, Output& out) {
  using Kind = call::CallBackNote::Kind;
  const auto send = [&](uint16_t to) { out.mail.push_back({to, lines::Message(note)}); };
  if (note.kind == Kind::due) {
    with_engine(now, out, [&](call::Context& c) { engine.call_back(c, note); });
  } else if (note.kind == Kind::accepted || note.kind == Kind::refused) {
    if (note.shard != options_.index) return send(note.shard);
    with_engine(now, out, [&](call::Context& c) { engine.answered(c, note.token, {note.fault, {}}); });
  } else if (note.kind == Kind::cancelled) {
    for (uint16_t s = 0; s < options_.shards; s++) {
      if (s != options_.index) send(s);
    }
    with_lines(now, out, [&](lines::Context& c) { lines.call_back(c, note); });
  } else {
    const config::LineView* target = snapshot->line(note.target);
    const auto owner =
        target == nullptr ? options_.index : static_cast<uint16_t>(sip::shard_of_user(target->number, options_.shards));
    if (owner != options_.index) return send(owner);
    with_lines(now, out, [&](lines::Context& c) { lines.call_back(c, note); });
  }
}

void Shard::Impl::finish_turn(Instant now, Output& out) {
  pass_notes(now, out);
  with_lines(now, out, [&](lines::Context& context) {
    for (const registrar::BindingChange& change : changes) {
      const bool begins = change.kind == registrar::BindingChange::Kind::put || !change.binding.call_id.empty();
      lines.registration(context, change.binding.line, change.binding.id, begins);
    }
    lines.durable(context);
    lines.turn(context);
  });
  for (lines::Mail& letter : letters) out.mail.push_back({letter.shard, std::move(letter.message)});
  letters.clear();
  for (state::Post& post : out.posts) post.shard = options_.index;
  tell_others(changes, out);
  changes.clear();
  if (engine.take_news(news)) tell_others(news, out);
  if (engine.take_bandwidth_changes(bandwidth)) tell_others(bandwidth, out);
  if (engine.take_hunt_news(hunted)) tell_others(hunted, out);
}

void Shard::Impl::give_up_waiting(Instant now, Output& out) {
  while (!pending.empty() && pending.front().limit <= now) {
    Pending p = std::move(pending.front());
    pending.pop_front();
    // The engine gives up by itself: what it waits for is not durable, and nobody may say that it is.
    if (p.engine != 0) continue;
    stack.respond(now, p.txn, {503, "Store Unavailable", {}, "Retry-After: 5\r\n", {}, {}}, out.sip);
  }
}

void Shard::Impl::answer(Instant now, Pending& p, Output& out) {
  if (p.engine != 0) {
    with_engine(now, out, [&](call::Context& context) { engine.done(context, p.engine); });
    return;
  }
  registrar.durable_until(p.mark);
  stack.respond(now, p.txn, {p.status, p.reason, {}, p.headers, {}, {}}, out.sip);
}

Shard::Shard(ShardOptions options, Random& random, config::SnapshotPtr snapshot)
    : impl_(std::make_unique<Impl>(std::move(options), random, std::move(snapshot))) {}
Shard::~Shard() = default;

void Shard::receive(Instant now, const sip::Flow& flow, std::span<char> bytes, Output& out) {
  impl_->receive(now, flow, bytes, false, out);
  impl_->drain_events(now, out);
}

void Shard::receive_mail(Instant now, ToShard&& mail, Output& out) {
  if (auto* handoff = std::get_if<Handoff>(&mail)) {
    impl_->handed_over = handoff->settled;
    impl_->hops = handoff->hops;
    impl_->receive(now, handoff->flow, handoff->bytes, handoff->settled, out);
    impl_->drain_events(now, out);
    impl_->handed_over = false;
    impl_->hops = 0;
  } else if (auto* arrival = std::get_if<Arrival>(&mail)) {
    impl_->arrive(now, std::move(*arrival), out);
  } else if (auto* change = std::get_if<Reroute>(&mail)) {
    impl_->reroute(now, std::move(*change));
  } else if (auto* wish = std::get_if<Fetch>(&mail)) {
    impl_->fetch(now, std::move(*wish), out);
  } else if (auto* sought = std::get_if<Seek>(&mail)) {
    impl_->seek(now, std::move(*sought), out);
  } else if (auto* bandwidth = std::get_if<call::BandwidthChange>(&mail)) {
    impl_->engine.absorb(*bandwidth);
  } else if (auto* news = std::get_if<call::News>(&mail)) {
    impl_->engine.absorb(*news);
  } else if (auto* hunted = std::get_if<call::HuntNews>(&mail)) {
    impl_->engine.absorb(*hunted);
  } else if (auto* binding = std::get_if<registrar::BindingChange>(&mail)) {
    impl_->registrar.absorb(*binding);
    impl_->with_lines(now, out, [&](lines::Context& context) {
      impl_->lines.registration(context, binding->binding.line, binding->binding.id, false);
    });
  } else {
    impl_->receive(now, std::get<lines::Message>(std::move(mail)), out);
  }
  impl_->drain_events(now, out);
}

void Shard::done(Instant now, state::Token token, Output& out) {
  auto& pending = impl_->pending;
  while (!pending.empty() && pending.front().token <= token) {
    Pending p = std::move(pending.front());
    pending.pop_front();
    impl_->answer(now, p, out);
  }
  impl_->drain_events(now, out);
}

void Shard::answered(Instant now, state::Token token, const call::ConfigAnswer& answer, Output& out) {
  impl_->with_engine(now, out, [&](call::Context& context) { impl_->engine.answered(context, token, answer); });
  impl_->drain_events(now, out);
}

void Shard::lost(Instant now, sip::ConnectionId connection, Output& out) {
  impl_->stack.lost(now, connection, out.sip);
  impl_->registrar.lost(connection);
  impl_->engine.lost(connection);
  impl_->drain_events(now, out);
}

void Shard::unsent(Instant now, const sip::Flow& flow, Output& out) {
  impl_->stack.unsent(now, flow, out.sip);
  impl_->drain_events(now, out);
}

void Shard::located(Instant now, uint64_t query, const sip::DnsAnswer& answer, Output& out) {
  impl_->stack.located(now, query, answer, out.sip);
  impl_->drain_events(now, out);
}

void Shard::configure(Instant now, config::SnapshotPtr snapshot, Output& out) {
  impl_->snapshot = std::move(snapshot);
  impl_->hosts.forget();
  impl_->registrar.configuration_changed(now, *impl_->snapshot, out.posts, impl_->changes);
  impl_->with_lines(now, out, [&](lines::Context& context) { impl_->lines.configuration_changed(context); });
  impl_->finish_turn(now, out);
}

void Shard::fire(Instant now, Output& out) {
  impl_->stack.fire(now, out.sip);
  impl_->drain_events(now, out);
  impl_->give_up_waiting(now, out);
  impl_->with_engine(now, out, [&](call::Context& context) { impl_->engine.fire(context); });
  impl_->registrar.fire(now, out.posts, impl_->changes);
  impl_->with_lines(now, out, [&](lines::Context& context) { impl_->lines.fire(context); });
  impl_->drain_events(now, out);
}

Instant Shard::next_deadline() const {
  const Instant store = impl_->pending.empty() ? kNever : impl_->pending.front().limit;
  return std::min({impl_->stack.next_deadline(), impl_->registrar.next_deadline(), impl_->engine.next_deadline(),
                   impl_->lines.next_deadline(), store});
}

void Shard::restore(Instant now, const state::Loaded& loaded, Output& out) {
  for (const auto& row : loaded.bindings) {
    auto binding = registrar::Binding::from_blob(row.blob);
    if (!binding || row.expires <= now) continue;
    binding->id = row.key;
    binding->expires = row.expires;
    if (row.cseq != 0) binding->cseq = row.cseq;  // refreshed since the record was written
    binding->durable = true;
    impl_->registrar.put(std::move(*binding));
  }
  for (const auto& row : loaded.calls) {
    const auto parked = call::Engine::shard_of_record(row.blob, impl_->options_.shards);
    const unsigned owner = parked ? *parked : call::shard_of_call(row.key) % impl_->options_.shards;
    if (owner != impl_->options_.index) continue;
    impl_->with_engine(now, out, [&](call::Context& c) { impl_->engine.restore(c, row.key, row.blob); });
  }
  // What the configuration no longer allows does not come back.
  impl_->registrar.configuration_changed(now, *impl_->snapshot, out.posts, impl_->changes);
  impl_->changes.clear();
  impl_->with_lines(now, out, [&](lines::Context& context) { impl_->lines.restore(context, loaded); });
  impl_->finish_turn(now, out);
}

void Shard::drain() { impl_->engine.drain(); }

bool Shard::release(Instant now, call::CallId id, Output& out) {
  bool found = false;
  impl_->with_engine(now, out, [&](call::Context& context) { found = impl_->engine.release(context, id); });
  impl_->drain_events(now, out);
  return found;
}

bool Shard::set_mailbox(Instant now, config::EntityId line, const lines::Mailbox& mailbox, Output& out) {
  bool known = false;
  impl_->with_lines(now, out,
                    [&](lines::Context& context) { known = impl_->lines.set_mailbox(context, line, mailbox); });
  impl_->drain_events(now, out);
  return known;
}

bool Shard::remove_call_back(Instant now, uint64_t key, Output& out) {
  bool known = false;
  impl_->with_lines(now, out, [&](lines::Context& context) { known = impl_->lines.remove_call_back(context, key); });
  impl_->drain_events(now, out);
  return known;
}

const registrar::Registrar& Shard::registrar() const { return impl_->registrar; }
const call::Engine& Shard::calls() const { return impl_->engine; }
const lines::Lines& Shard::lines() const { return impl_->lines; }
const config::Snapshot& Shard::snapshot() const { return *impl_->snapshot; }
const registrar::Refusals& Shard::refusals() const { return impl_->identifier.refusals(); }
const Shard::Counters& Shard::counters() const { return impl_->counters; }
const sip::Stack& Shard::stack() const { return impl_->stack; }

size_t Shard::leftovers() const {
  return impl_->lines.leftovers() + impl_->engine.leftovers() + impl_->engine.calls() + impl_->stack.transactions() +
         impl_->pending.size() + impl_->rerouted.size() - impl_->fading.size();
}

void Shard::trace(TraceFn trace) { impl_->trace = std::move(trace); }

}  // namespace carillon::shard
