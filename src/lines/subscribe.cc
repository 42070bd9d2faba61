// SUBSCRIBE: the first of a subscription, and those inside its dialog (RFC 6665 §4.2.1).

#include <algorithm>

#include "lines/lines_impl.h"
#include "registrar/words.h"
#include "sip/capabilities.h"
#include "sip/message/content_type.h"
#include "sip/message/event.h"
#include "sip/route_key.h"

namespace carillon::lines {
namespace {

constexpr View kTooMany = "Retry-After: 60\r\n";

// Does the watcher take what we would send (RFC 3261 §20.1)? Without Accept it takes the package's own.
bool takes(const sip::Message& m, const PackageFacts& facts) {
  if (m.find(sip::HeaderId::accept) == nullptr) return true;
  bool good = false;
  sip::for_each_value(m, sip::HeaderId::accept, [&](View value) {
    const auto range = sip::ContentType::parse(value.substr(0, value.find(';')));
    good = range && (range->is(facts.type, facts.subtype) || range->is(facts.type, "*") || range->is("*", "*"));
    return !good;
  });
  return good;
}

std::optional<Package> package_asked(const sip::Message& m, std::string& id) {
  const auto event = sip::EventPackage::parse(m.value(sip::HeaderId::event));
  if (!event) return {};
  id = event->id.substr(0, 64);
  return package_of(event->type);
}

// 48 bits that lead from a tag to its watcher.
uint64_t owner_bits(WatcherRef ref) { return static_cast<uint64_t>(ref.generation & 0xffff) << 32 | ref.index; }

// A name-addr without its display name.
std::string without_name(const std::string& party) {
  const auto a = sip::NameAddr::parse(party);
  return a ? "<" + std::string(a->uri.text) + ">" : party;
}

}  // namespace

sip::ExpiryBounds Lines::Impl::bounds(const Context& c) const {
  const auto& p = c.snapshot->parameters();
  return {static_cast<uint32_t>(p.min_subscription.seconds()), static_cast<uint32_t>(p.max_subscription.seconds()),
          static_cast<uint32_t>(p.max_subscription.seconds())};
}

void Lines::Impl::answer(Context& c, const sip::Event& e, int status, View lines) {
  // A refusal keeps nothing; inside a dialog the CSeq is taken, so that a repetition must not be looked at again.
  const bool keeps = status < 300 || !e.message->to_tag().empty();
  const sip::TxnId txn = keeps ? c.stack.accept(c.now, e, false, c.out) : sip::TxnId();
  if (txn.valid()) {
    c.stack.respond(c.now, txn, {status, {}, {}, lines, {}, {}}, c.out);
  } else {
    c.stack.reply(e, {status, {}, {}, lines, {}, {}}, c.out);
  }
  if (status >= 300) counters.refused++;
}

void Lines::Impl::refuse(Context& c, const sip::Event& e, const registrar::Identity& who,
                         registrar::RefusalReason why) {
  c.identifier.note(c.now, *e.message, e.flow, who, why, 403);
  headers.clear();
  if (c.snapshot->parameters().is_trusted(e.flow.remote)) registrar::append_warning(headers, why, {});
  answer(c, e, 403, headers);
}

void Lines::Impl::answer_brief(Context& c, const sip::Event& e) {
  headers.assign("Min-Expires: ");
  append_number(headers, bounds(c).least);
  headers.append("\r\n");
  answer(c, e, 423, headers);
}

void Lines::Impl::answer_bad_event(Context& c, const sip::Event& e) {
  headers.assign("Allow-Events: ").append(sip::kAllowEvents).append("\r\n");
  answer(c, e, 489, headers);
}

Watcher* Lines::Impl::find(View tag) {
  if (const auto key = sip::parse_tag(tag); key && key->shard == options.shard) {
    Watcher* w = watchers.at_index(static_cast<uint32_t>(key->owner));
    if (w != nullptr && w->sub.dialog.local_tag == tag) return w;
  }
  if (restored.empty()) return nullptr;
  const auto at = restored.find(tag);
  return at == restored.end() ? nullptr : watchers.find(at->second);
}

// A phone has so many subscriptions; of more the oldest gives way: most often its phone has forgotten it.
bool Lines::Impl::make_room(Context& c, EntityId phone) {
  const auto of = by_phone.find(phone);
  if (of != by_phone.end() && of->second.count >= limits::kSubscriptionsPerPhone) {
    Watcher* oldest = nullptr;
    for (Watcher* w = watchers.find(of->second.first); w != nullptr; w = watchers.find(w->phone_next)) {
      if (oldest == nullptr || w->since < oldest->since) oldest = w;
    }
    if (oldest != nullptr) finish(c, *oldest, Reason::deactivated);
  }
  return !watchers.full() && !lamps.full();
}

void Lines::Impl::subscribe(Context& c, const sip::Event& e, const registrar::Identity& who) {
  const sip::Message& m = *e.message;
  std::string id;
  const auto package = package_asked(m, id);
  if (!package) return answer_bad_event(c, e);
  const PackageFacts& facts = facts_of(*package);
  if (who.phone == nullptr) return answer(c, e, 403, {});
  const std::string number = number_of(m);
  const Target target = target_of(*c.snapshot, *who.phone, number, *package);
  if (target.permission == Permission::unknown) return answer(c, e, 404, {});
  if (target.permission == Permission::forbidden) return refuse(c, e, who, registrar::RefusalReason::may_not_watch);
  if (!takes(m, facts)) return answer(c, e, 406, {});
  const sip::Expiry expiry = sip::grant(m, bounds(c));
  if (expiry.too_brief) return answer_brief(c, e);
  if (!make_room(c, who.phone->id)) return answer(c, e, 503, kTooMany);
  Watcher& w = *add(target.subject, *package, who.phone->id);
  auto dialog = sip::Dialog::from_request(m, c.stack.mint_tag(owner_bits(w.self)), e.flow);
  const sip::TxnId txn = dialog ? c.stack.accept(c.now, e, false, c.out) : sip::TxnId();
  if (!txn.valid()) {
    w.sub.state = sip::subscription::State::ended;
    remove(c, w);
    const bool busy = dialog.has_value();
    return c.stack.reply(e, {busy ? 503 : 400, busy ? View() : "Missing Contact", {}, {}, {}, {}}, c.out);
  }
  w.sub.dialog = std::move(*dialog);
  w.sub.dialog.early = false;
  w.sub.dialog.local_tag.shrink_to_fit();
  // Nobody reads the names of NOTIFYs, and there may be many subscriptions.
  for (std::string* party : {&w.sub.dialog.local, &w.sub.dialog.remote}) *party = without_name(*party);
  w.sub.event_id = id;
  w.sub.expires = c.now + seconds(expiry.seconds);
  w.line = who.line == nullptr ? 0 : who.line->id;
  w.since = c.now;
  counters.subscribed++;
  watch_calls(c, *lamps.find(w.lamp));
  if (*package == Package::presence) note_presence(c, *lamps.find(w.lamp));
  headers.assign("Expires: ");
  append_number(headers, expiry.seconds);
  headers.append("\r\n");
  append_contact(headers, target.subject.number, e.flow);
  for (const std::string& route : w.sub.dialog.routes)
    headers.append("Record-Route: ").append(route).append("\r\n");  // RFC 3261 §12.1.1
  c.stack.respond(c.now, txn, {200, {}, w.sub.dialog.local_tag, headers, {}, {}}, c.out);
  if (expiry.seconds != 0) arm(c, w);
  act(c, w,
      w.sub.take(expiry.seconds == 0 ? sip::subscription::Trigger::fetch : sip::subscription::Trigger::subscribe));
}

bool Lines::Impl::in_dialog(Context& c, const sip::Event& e) {
  const sip::Message& m = *e.message;
  Watcher* w = find(m.to_tag());
  if (w == nullptr || !w->sub.dialog.owns(m)) return false;
  const config::PhoneView* phone = c.snapshot->phone(w->phone);
  if (phone == nullptr) return answer(c, e, 403, {}), true;
  const auto verdict = c.identifier.in_dialog(c.now, m, e.flow, w->sub.dialog.flow, *phone, *c.snapshot);
  if (verdict.kind != registrar::Verdict::Kind::accepted) {
    c.stack.reply(e, {verdict.status, verdict.reason, {}, verdict.headers, {}, {}}, c.out);
    return true;
  }
  if (const int status = sip::take_cseq(w->sub.dialog, m)) return answer(c, e, status, {}), true;
  std::string id;
  const auto package = package_asked(m, id);
  if (!package) return answer_bad_event(c, e), true;
  if (*package != w->package || id != w->sub.event_id || !w->sub.lives()) return answer(c, e, 481, {}), true;
  sip::refresh_target(w->sub.dialog, m);
  w->sub.dialog.flow = e.flow;
  w->asleep = false;
  renew(c, *w, e);
  return true;
}

void Lines::Impl::renew(Context& c, Watcher& w, const sip::Event& e) {
  const sip::Expiry expiry = sip::grant(*e.message, bounds(c));
  if (expiry.too_brief) return answer_brief(c, e);
  const sip::TxnId txn = c.stack.accept(c.now, e, false, c.out);
  if (!txn.valid()) return c.stack.reply(e, {503, {}, {}, kTooMany, {}, {}}, c.out);
  headers.assign("Expires: ");
  append_number(headers, expiry.seconds);
  headers.append("\r\n");
  append_contact(headers, lamps.find(w.lamp)->number, e.flow);
  c.stack.respond(c.now, txn, {200, {}, {}, headers, {}, {}}, c.out);
  if (expiry.seconds == 0) {
    w.reason = static_cast<uint8_t>(Reason::timeout);
    expiries.clear(watchers, w);
    return act(c, w, w.sub.take(sip::subscription::Trigger::unsubscribe));
  }
  w.sub.expires = c.now + seconds(expiry.seconds);
  arm(c, w);
  act(c, w, w.sub.take(sip::subscription::Trigger::refresh));
}

}  // namespace carillon::lines
