// RFC 3261 §10.3 steps 6 to 8 over the bindings that one phone has of one line; with RFC 3327 (Path) and RFC 5626
// (outbound). First the whole request is planned, then, if nothing is wrong with it, all of it is done.

#include <algorithm>

#include "base/text.h"
#include "registrar/registrar_impl.h"

namespace carillon::registrar {
namespace {

constexpr size_t kUserAgentBytes = 128;
constexpr Problem kOutOfOrder{500, RefusalReason::out_of_order, "Out Of Order", {}};
constexpr Problem kTooMany{403, RefusalReason::too_many_contacts, {}, {}};
constexpr Problem kTooBrief{423, RefusalReason::interval_too_brief, {}, {}};
constexpr Problem kTwice{400, RefusalReason::malformed_request, "Same Contact Twice", {}};
constexpr Problem kFull{503, RefusalReason::overloaded, {}, "Retry-After: 60\r\n"};

bool same_contact(const sip::Uri& a, sip::View b) {
  if (a.text == b) return true;
  const auto other = sip::Uri::parse(b);
  return other && sip::same_uri(a, *other);
}

}  // namespace

Outcome Registrar::apply(Instant now, const sip::Message& request, const sip::Flow& flow, const Identity& identity,
                         const config::Snapshot& snapshot, std::vector<state::Post>& posts,
                         std::vector<BindingChange>& changes) {
  CHECK(identity.phone != nullptr && identity.line != nullptr);
  Impl::Turn t{now, request, flow, identity, snapshot, posts, changes};
  return impl_->apply(t);
}

Outcome Registrar::Impl::apply(Turn& t) {
  if (const auto problem = read_register(t.request, ask)) return refuse(t, *problem);
  steps.clear();
  bool repeated = false;
  if (const auto problem = ask.star ? plan_star(t, repeated) : plan(t, repeated)) return refuse(t, *problem);
  // A CSeq that was seen already under this Call-ID: the same request again, past its transaction. It was done.
  if (repeated) return answer(t, false);
  return answer(t, commit(t));
}

std::optional<Problem> Registrar::Impl::plan_star(Turn& t, bool& repeated) {
  for (const Binding* b : index.of_line(t.identity.line->id)) {
    if (b->phone != t.identity.phone->id) continue;
    Entry* e = index.find(b->id);
    if (const auto problem = check_order(t, *e, repeated)) return problem;
    steps.push_back({nullptr, e, 0, false});
  }
  return {};
}

std::optional<Problem> Registrar::Impl::plan(Turn& t, bool& repeated) {
  for (size_t i = 0; i < ask.count; i++) {
    Step s;
    s.asked = &ask.contacts[i];
    if (const auto problem = grant(t, *s.asked, s.lifetime)) return problem;
    s.entry = match(t, *s.asked);
    if (s.entry != nullptr) {
      if (const auto problem = check_order(t, *s.entry, repeated)) return problem;
      s.pure = s.lifetime > 0 && s.entry->durable && same(*s.entry, *s.asked, t.flow);
    }
    for (const Step& other : steps) {
      const bool outbound = s.asked->reg_id != other.asked->reg_id;
      if ((s.entry != nullptr && s.entry == other.entry) ||
          (!outbound && same_contact(s.asked->address.uri, other.asked->address.uri.text))) {
        return kTwice;
      }
    }
    if (s.entry != nullptr || s.lifetime > 0) steps.push_back(s);
  }
  return check_limits(t);
}

// The lifetime: the contact's own, the header's, or the keepalive interval; between the bounds.
std::optional<Problem> Registrar::Impl::grant(const Turn& t, const AskedContact& asked, uint32_t& lifetime) {
  const config::ParametersView& p = t.snapshot.parameters();
  const auto keepalive = static_cast<uint32_t>(p.keepalive.seconds());
  const auto wanted = asked.expires ? asked.expires : ask.expires;
  if (wanted == 0u) {
    lifetime = 0;
    return {};
  }
  if (wanted && seconds(*wanted) < p.min_expires && *wanted < 3600) {
    headers.assign("Min-Expires: ");
    append_number(headers, static_cast<uint64_t>(p.min_expires.seconds()));
    headers += "\r\n";
    return kTooBrief;
  }
  const bool fixed = t.identity.phone->sip != nullptr && t.identity.phone->sip->fixed_expires;
  lifetime = fixed || !wanted ? keepalive : std::min(*wanted, static_cast<uint32_t>(p.max_expires.seconds()));
  lifetime = std::max(lifetime, 1u);
  return {};
}

// With reg-id, instance and reg-id name the binding (RFC 5626 §6); else the URI does (RFC 3261 §19.1.4).
Entry* Registrar::Impl::match(const Turn& t, const AskedContact& asked) {
  const Binding* by_uri = nullptr;
  for (const Binding* b : index.of_line(t.identity.line->id)) {
    if (b->phone != t.identity.phone->id) continue;
    if (asked.reg_id != 0 && b->reg_id == asked.reg_id && b->instance == asked.instance) return index.find(b->id);
    if (asked.reg_id != 0 && b->reg_id != 0) continue;
    if (by_uri == nullptr && same_contact(asked.address.uri, b->contact)) by_uri = b;
  }
  return by_uri == nullptr ? nullptr : index.find(by_uri->id);
}

std::optional<Problem> Registrar::Impl::check_order(const Turn& t, const Entry& e, bool& repeated) {
  const uint32_t cseq = t.request.cseq().number;
  if (e.cseq < cseq || e.call_id != t.request.call_id()) return {};
  if (cseq < e.cseq) return kOutOfOrder;
  repeated = true;
  return {};
}

std::optional<Problem> Registrar::Impl::check_limits(const Turn& t) {
  size_t line = 0;
  size_t phone = 0;
  for (const Binding* b : index.of_line(t.identity.line->id)) line++, phone += b->phone == t.identity.phone->id;
  size_t added = 0;
  size_t removed = 0;
  for (const Step& s : steps) added += s.entry == nullptr, removed += s.entry != nullptr && s.lifetime == 0;
  if (added == 0) return {};
  const auto over = [&] {
    return line + added - removed > limits::kBindingsPerLine || phone + added - removed > limits::kBindingsPerPhone;
  };
  while (over()) {
    if (!give_way(t)) return kTooMany;
    removed++;
  }
  return index.size() + added > limits::kBindings ? std::optional(kFull) : std::nullopt;
}

// A phone that connects anew each time leaves bindings behind that nobody can use: the stalest of them goes.
bool Registrar::Impl::give_way(const Turn& t) {
  Entry* stalest = nullptr;
  for (const Binding* b : index.of_line(t.identity.line->id)) {
    if (b->phone != t.identity.phone->id || b->reachable) continue;
    if (stalest != nullptr && stalest->refreshed <= b->refreshed) continue;
    Entry* e = index.find(b->id);
    const bool asked = std::any_of(steps.begin(), steps.end(), [e](const Step& s) { return s.entry == e; });
    if (!asked) stalest = e;
  }
  if (stalest != nullptr) steps.push_back({nullptr, stalest, 0, false});
  return stalest != nullptr;
}

bool Registrar::Impl::same(const Binding& b, const AskedContact& asked, const sip::Flow& flow) {
  if (b.contact != asked.address.uri.text || !b.flow.same_way(flow) || b.flow.listener != flow.listener) return false;
  if (b.path != ask.path || b.instance != asked.instance || b.reg_id != asked.reg_id || b.q != asked.q) return false;
  if (!b.reachable) return false;
  scratch.clear();
  append_params_without_expires(scratch, asked.address.params);
  return b.contact_params == scratch;
}

// What may be written behind goes first, so that the last post is one that the answer must wait for.
bool Registrar::Impl::commit(Turn& t) {
  for (const Step& s : steps) {
    if (s.pure) refresh(t, s);
  }
  bool wait = false;
  for (const Step& s : steps) {
    if (s.pure) continue;
    wait = true;
    if (s.lifetime == 0) {
      s.entry->ours = true;
      drop(*s.entry, t.posts, t.changes);
    } else {
      write(t, s);
    }
  }
  return wait;
}

void Registrar::Impl::refresh(Turn& t, const Step& s) {
  Entry& e = *s.entry;
  const bool new_call = e.call_id != t.request.call_id();
  if (new_call) e.call_id = t.request.call_id();
  e.cseq = t.request.cseq().number;
  e.refreshed = t.now;
  e.expires = t.now + seconds(s.lifetime);
  e.ours = true;
  if (t.identity.nonce_made.us != 0) {
    e.nonce_made = t.identity.nonce_made;
    e.verification = t.identity.verification;
    e.verified = t.identity.verified;
  }
  arm(e);
  state::Post& post = t.posts.emplace_back();
  post.kind = state::PostKind::refresh_binding;
  post.key = e.id;
  post.expires = e.expires;
  post.cseq = e.cseq;
  BindingChange& change = t.changes.emplace_back();
  change.kind = BindingChange::Kind::refresh;
  change.binding.id = e.id;
  change.binding.line = e.line;
  change.binding.expires = e.expires;
  change.binding.refreshed = e.refreshed;
  change.binding.cseq = e.cseq;
  if (new_call) change.binding.call_id = e.call_id;
}

void Registrar::Impl::fill(const Turn& t, const Step& s, Binding& b) {
  b.line = t.identity.line->id;
  b.phone = t.identity.phone->id;
  b.number = t.identity.line->number;
  b.digest_user = t.identity.digest_user;
  b.contact = s.asked->address.uri.text;
  scratch.clear();
  append_params_without_expires(scratch, s.asked->address.params);
  b.contact_params = scratch;
  b.flow = t.flow;
  b.path = ask.path;
  b.instance = s.asked->instance;
  b.reg_id = s.asked->reg_id;
  b.q = s.asked->q;
  b.call_id = t.request.call_id();
  b.cseq = t.request.cseq().number;
  b.refreshed = t.now;
  b.expires = t.now + seconds(s.lifetime);
  b.user_agent = t.request.value(sip::HeaderId::user_agent).substr(0, kUserAgentBytes);
  if (t.identity.nonce_made.us != 0) b.nonce_made = t.identity.nonce_made;
  b.verification = t.identity.verification;
  b.verified = t.identity.verified;
  b.durable = false;
  b.reachable = true;
}

void Registrar::Impl::write(Turn& t, const Step& s) {
  Entry* e = s.entry;
  if (e != nullptr) {
    index.change(*e, [&](Entry& entry) { fill(t, s, entry); });
  } else {
    Binding b;
    fill(t, s, b);
    b.id = mint(t.now);
    b.registered = t.now;
    e = &index.add(std::move(b));
  }
  e->ours = true;
  e->mark = ++last_mark;
  posted.push_back({e->mark, e->self});
  arm(*e);
  state::Post& post = t.posts.emplace_back();
  post.kind = state::PostKind::put_binding;
  post.key = e->id;
  post.expires = e->expires;
  post.cseq = e->cseq;
  post.blob = e->to_blob();
  BindingChange& change = t.changes.emplace_back();
  change.kind = BindingChange::Kind::put;
  change.binding = *e;
}

const Binding* Registrar::refreshed_by(const sip::Message& request, const sip::Flow& flow,
                                       std::string_view number) const {
  const Entry* first = impl_->index.by_flow(flow, number);
  const Entry* same_call = first;
  while (same_call != nullptr && same_call->call_id != request.call_id()) same_call = same_call->twin;
  if (same_call == nullptr) return nullptr;
  Ask& ask = impl_->ask;
  if (read_register(request, ask) || ask.star || ask.count == 0) return nullptr;
  const Binding* oldest = nullptr;
  for (size_t i = 0; i < ask.count; i++) {
    const AskedContact& asked = ask.contacts[i];
    if ((asked.expires ? asked.expires : ask.expires) == 0u) return nullptr;
    const Entry* e = first;
    while (e != nullptr && (e->number != number || e->call_id != request.call_id() || !impl_->same(*e, asked, flow)))
      e = e->twin;
    if (e == nullptr || (oldest != nullptr && e->phone != oldest->phone)) return nullptr;
    if (oldest == nullptr || e->nonce_made < oldest->nonce_made) oldest = e;
  }
  return oldest;
}

}  // namespace carillon::registrar
