// NOTIFY: what watchers are told, one after the other, and what becomes of it (RFC 6665 §4.2.2).

#include <algorithm>
#include <utility>

#include "lines/lines_impl.h"
#include "registrar/way.h"
#include "sip/message/values.h"
#include "sip/message/writer.h"
#include "sip/reconnect.h"

namespace carillon::lines {
namespace {

constexpr View kReasons[] = {sip::kTimeout, sip::kRejected, sip::kNoResource, sip::kDeactivated};
constexpr uint64_t kUnasked = kOurs | 1ull << 62;  // a NOTIFY to nobody's subscription: its answer changes nothing

uint64_t user_of(WatcherRef ref) {
  return kOurs | (static_cast<uint64_t>(ref.generation) & 0xfffffff) << 32 | ref.index;
}

// "sip:1002@pbx:5070" of `"Bob" <sip:1002@pbx:5070;x=y>`: number and host as the watcher wrote them.
Entity entity_of(const Watcher& w, const Lamp& lamp, View other_host) {
  const auto a = sip::NameAddr::parse(w.sub.dialog.local);
  if (!a || !a->uri.is_sip()) return {lamp.number, other_host};
  const View text = a->uri.text;
  const size_t at = text.find('@');
  if (at == View::npos) return {lamp.number, other_host};
  const View rest = text.substr(at + 1);
  return {lamp.number, rest.substr(0, rest.find_first_of(";?>"))};
}

bool is_way(const registrar::Binding& b) { return !sip::is_stream(b.flow.transport) || b.reachable; }

// Where its connection leads when it is gone (RFC 3261 §18.1.1).
uint16_t reconnect_port(const sip::Dialog& d) { return sip::reconnect_port(sip::next_hop(d), d.flow); }

}  // namespace

View Lines::Impl::domain(const Context& c, const sip::Flow& flow) {
  const auto& domains = c.snapshot->parameters().domains;
  if (!domains.empty()) return domains.front();
  return host_text = sip::shown_host(shown, flow);
}

void Lines::Impl::append_contact(std::string& to, View number, const sip::Flow& flow) {
  to.append("Contact: <sip:").append(sip::escape_user(number)).append("@").append(sip::shown_host(shown, flow));
  if (flow.transport == sip::Transport::tcp) to.append(";transport=tcp");
  if (flow.transport == sip::Transport::tls) to.append(";transport=tls");
  to.append(">\r\n");
}

// A registered phone is where it has registered last: its connection may be gone, or a NAT may have moved it; while it
// has not registered anew, a connection is opened to where its subscription says. False when it has no way at present.
bool Lines::Impl::find_way(Context& c, Watcher& w) {
  sip::Flow& flow = w.sub.dialog.flow;
  const bool stream = sip::is_stream(flow.transport);
  const registrar::Binding *same = nullptr, *newest = nullptr;
  size_t ways = 0;
  bool registered = false;
  for (const registrar::Binding* b : c.registrar.of_line(w.line)) {
    if (b->phone != w.phone || b->expires <= c.now) continue;
    registered |= registrar::has_way(*b);
    if (is_way(*b)) {
      if (b->flow.same_way(flow)) return true;
      ways++;
      if (b->contact == w.sub.dialog.target) same = b;
      if (newest == nullptr || b->refreshed > newest->refreshed) newest = b;
    } else if (stream && b->flow.same_way(flow)) {
      flow.connection = 0;
    }
  }
  if (!stream && (ways == 0 || c.registrar.knows_flow(flow))) return true;
  if (stream && flow.connection != 0 && ways == 0) return true;
  if (same == nullptr && (stream || ways == 1)) same = newest;
  if (same != nullptr) flow = same->flow;
  if (!stream || flow.connection != 0) return true;
  const uint16_t port = registered ? reconnect_port(w.sub.dialog) : 0;
  if (port != 0) flow.remote.port = port;
  return port != 0;
}

void Lines::Impl::append_dialog_document(const Entity& entity, const Lamp& lamp, Watcher& w, std::string& to) {
  append_dialog_info_head(to, entity, w.version++);
  const uint32_t told = std::exchange(w.told, lamp.sequence);
  WrittenDialogs& last = written;
  if (last.lamp != lamp.self || last.sequence != lamp.sequence || last.told != told || last.number != entity.number ||
      last.host != entity.host) {
    std::vector<const call::LineLeg*> legs;
    std::vector<call::LineLeg> gone;
    if (lamp.calls != nullptr) {
      for (const auto& of : lamp.calls->by_shard) {
        for (const auto& leg : of.legs) legs.push_back(&leg);
      }
      for (const GoneLeg& g : lamp.calls->gone) {
        if (static_cast<int32_t>(g.since - told) > 0) gone.push_back(g.leg);
      }
    }
    last.lamp = lamp.self, last.sequence = lamp.sequence, last.told = told;
    last.number.assign(entity.number);
    last.host.assign(entity.host);
    last.text.clear();
    append_dialogs(last.text, entity, legs, gone);
  }
  to.append(last.text);
}

void Lines::Impl::append_document(Context& c, Watcher& w, std::string& to) {
  Lamp& lamp = *lamps.find(w.lamp);
  const Entity entity = entity_of(w, lamp, domain(c, w.sub.dialog.flow));
  switch (w.package) {
    case Package::message_summary:
      return append_message_summary(to, entity, [&] {
        const auto at = mailboxes.find(lamp.line);
        return at == mailboxes.end() ? Mailbox() : at->second;
      }());
    case Package::presence:
      return append_presence(to, entity, presence_of(c, lamp));
    case Package::dialog:
      return append_dialog_document(entity, lamp, w, to);
  }
}

void Lines::Impl::notify(Context& c, Watcher& w) {
  const PackageFacts& facts = facts_of(w.package);
  find_way(c, w);
  body.clear();
  // A line that is gone, or may not be seen any more, is not described (RFC 6665 §4.1.2.3).
  const bool described = w.sub.lives() || w.reason == static_cast<uint8_t>(Reason::timeout);
  if (described) append_document(c, w, body);
  headers.clear();
  sip::Dialog& d = w.sub.dialog;
  sip::append_request_lines(headers, d, "NOTIFY", sip::next_cseq(d), limits::kMaxForwards);
  append_contact(headers, lamps.find(w.lamp)->number, d.flow);
  sip::append_event_lines(headers, facts.name, w.sub, kReasons[w.reason], c.now);
  type.clear();
  type.append(facts.type).append("/").append(facts.subtype);
  sip::RequestParts p;
  p.method = "NOTIFY";
  p.request_uri = sip::request_uri(d);
  p.headers = headers;
  p.content_type = body.empty() ? View() : View(type);
  p.body = body;
  p.target.flow = d.flow;
  p.target.reconnect_port = reconnect_port(d);
  p.user = user_of(w.self);
  w.sub.notify = c.stack.request(c.now, p, c.out);
  w.notifies++;
  counters.notifies++;
  if (w.sub.lives() && w.notifies % kRecordEvery == 0) post(c, w);
  if (!w.sub.notify.valid()) act(c, w, w.sub.take(sip::subscription::Trigger::failed));
}

// How the mailbox of its line stands, to one contact, unasked: outside a dialog (system.md 2.9). That nothing waits, to
// one who has only just registered, is said once and not repeated: nobody misses it, and whoever registers and is gone
// (a test, a phone that restarts) is not pursued for half a minute.
void Lines::Impl::greet(Context& c, const registrar::Binding& b, bool news) {
  const config::PhoneView* phone = c.snapshot->phone(b.phone);
  const auto way = news || is_way(b) ? registrar::way_to(b) : std::nullopt;
  if (phone == nullptr || !phone->sip->unsolicited_mwi || b.expires <= c.now || !way) return;
  const std::string host(domain(c, *way));
  const auto at = mailboxes.find(b.line);
  body.clear();
  append_message_summary(body, {b.number, host}, at == mailboxes.end() ? Mailbox() : at->second);
  sip::Dialog d;
  d.call_id = c.stack.mint_call_id();
  d.local_tag = c.stack.mint_tag(0);
  d.local.append("<sip:").append(sip::escape_user(b.number)).append("@").append(host).append(">");
  d.remote = d.local;
  d.target = b.contact;
  sip::Values paths(b.path);
  for (View path; paths.next(path);) d.routes.emplace_back(path);
  headers.clear();
  sip::append_request_lines(headers, d, "NOTIFY", sip::next_cseq(d), limits::kMaxForwards);
  append_contact(headers, b.number, *way);
  headers.append("Event: message-summary\r\nSubscription-State: active\r\n");
  sip::RequestParts p;
  p.method = "NOTIFY";
  p.request_uri = sip::request_uri(d);
  p.headers = headers;
  p.content_type = "application/simple-message-summary";
  p.body = body;
  p.target.flow = *way;
  p.target.reconnect_port = registrar::reconnect_port(b);
  p.user = kUnasked;
  counters.notifies++;
  if (news || at != mailboxes.end()) {
    c.stack.request(c.now, p, c.out);
  } else {
    c.out.transmit.push_back(c.stack.ack(p));  // outside any transaction
  }
}

void Lines::Impl::queue(Watcher& w) {
  if (std::exchange(w.queued, true)) return;
  due.push_back(w.self);
}

// At most so many in a turn: about a millisecond of it. Calls come first, the rest follows in the next.
void Lines::Impl::send_queued(Context& c) {
  size_t room = limits::kNotifiesPerTurn;
  while (!due.empty() && room > 0) {
    Watcher* w = watchers.find(due.front());
    due.pop_front();
    if (w == nullptr) continue;
    w->queued = false;
    if (!find_way(c, *w)) {
      w->asleep = true;
      continue;
    }
    const auto before = w->notifies;
    const WatcherRef self = w->self;
    act(c, *w, w->sub.take(sip::subscription::Trigger::change));
    w = watchers.find(self);
    room -= w == nullptr || w->notifies != before;
  }
  while (!greetings.empty() && room > 0) {
    const Greeting& g = greetings.front();
    if (const registrar::Binding* b = c.registrar.find(g.binding)) greet(c, *b, g.news), room--;
    greetings.pop_front();
  }
}

// A connection was lost under a NOTIFY, or could not be made. A phone that is registered comes back by another, and is
// told then.
bool Lines::Impl::await_way(Context& c, Watcher& w) {
  sip::Flow& flow = w.sub.dialog.flow;
  if (!sip::is_stream(flow.transport) || !w.sub.lives()) return false;
  const bool tried = flow.connection == 0;
  for (const registrar::Binding* b : c.registrar.of_line(w.line)) {
    if (b->phone != w.phone || b->expires <= c.now) continue;
    flow.connection = 0;
    w.sub.state = sip::subscription::State::active;
    if (tried) {
      w.asleep = true;
    } else {
      queue(w);
    }
    return true;
  }
  return false;
}

void Lines::Impl::event(Context& c, const sip::Event& e) {
  if ((e.user & kUnasked) == kUnasked) return;
  const auto index = static_cast<uint32_t>(e.user);
  if ((watchers.generation(index) & 0xfffffff) != (e.user >> 32 & 0xfffffff)) return;
  Watcher* w = watchers.at_index(index);
  if (w == nullptr || w->sub.notify != e.txn) return;
  const int status = e.kind == sip::EventKind::timeout       ? 408
                     : e.kind == sip::EventKind::unreachable ? 480
                                                             : e.message->status();
  if (status < 200) return;
  w->sub.notify = {};
  sip::follow_answer(w->sub.dialog.flow, e);
  if (e.kind == sip::EventKind::unreachable && await_way(c, *w)) return;
  if (status < 300) sip::refresh_target(w->sub.dialog, *e.message);
  const sip::subscription::Trigger what = sip::after_notify(status);
  if (what == sip::subscription::Trigger::failed && w->sub.lives()) counters.failed++;
  act(c, *w, w->sub.take(what));
}

}  // namespace carillon::lines
