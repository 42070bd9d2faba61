#include "call/modify.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"
#include "call/admission.h"
#include "call/cause.h"
#include "call/connect.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/session_timer.h"
#include "call/talk.h"

namespace carillon::call {

namespace {

using Kind = Exchange::Kind;

constexpr size_t kOpenRelays = 16;           // INFOs and MESSAGEs of one party that wait at once
constexpr Duration kPatience = seconds(24);  // 64*T1 less two repetitions at T2

// RFC 3311 §5.1: before the call is answered an offer may go by UPDATE where the first one was answered reliably, here
// on both legs. Only the phone whose answer the caller has can be meant.
Leg* early_peer(Turn& t, const Leg& leg) {
  Leg* caller = t.caller();
  Leg* callee = t.leg(t.call.early);
  if (t.call.stage != Stage::ringing || caller == nullptr || callee == nullptr) return nullptr;
  const bool settled = caller->has_reliable_answer && !callee->early_sdp.empty() && !t.call.answer_held;
  if (!settled || caller->over() || callee->progress != Progress::early) return nullptr;
  Leg* peer = &leg == caller ? callee : &leg == callee ? caller : nullptr;
  return peer != nullptr && peer->peer_update ? peer : nullptr;
}

// Why a modification cannot be taken up now; 0 when it can.
// RFC 3261 §14.2: 491 while ours is under way on this leg, 500 with Retry-After while theirs is. RFC 3311 §5.2 says the
// same.
int obstacle(Turn& t, const Leg& leg, const Leg* peer, bool early) {
  if (!early) {
    if (t.call.stage != Stage::answered || leg.progress == Progress::calling || leg.progress == Progress::early)
      return 500;
    if (peer == nullptr || !peer->established()) return 491;
  }
  if (leg.offering.valid()) return 491;
  if (leg.serving.valid()) return 500;
  if (peer->offering.valid() || peer->serving.valid() || peer->owes_ack || leg.owes_ack) return 491;
  return 0;
}

uint32_t forwards_left(const sip::Message& m) {
  const uint32_t had = m.number(sip::HeaderId::max_forwards).value_or(limits::kMaxForwards);
  return had == 0 ? 0 : std::min(had, 255u) - 1;
}

void refuse_modification(Turn& t, const sip::Event& e, int status) {
  std::string lines;
  if (status == 500) {
    lines = "Retry-After: ";
    append_number(lines, t.core.random.below(10) + 1);
    lines += "\r\n";
  }
  answer_request(t, e, status, lines, {}, {});
}

// Session timers of their request; false when it was answered 422.
bool agree(Turn& t, Leg& leg, const sip::Event& e) {
  const auto least = too_brief(t, leg, *e.message);
  if (!least) return agree_as_server(t, leg, *e.message), true;
  std::string line = "Min-SE: ";
  append_number(line, static_cast<uint64_t>(least->seconds()));
  return answer_request(t, e, 422, line + "\r\n", {}, {}), false;
}

void answer_modification(Turn& t, Leg& from, const Exchange& x, int status, View sdp) {
  t.core.text.clear();
  if (status < 300) append_other_party(t.core.text, t, from, "called");
  answer_invite(t, from, x.server, status, t.core.text, sdp, 0);
}

// Their answer (or, to a re-INVITE without offer, their offer) for the one who asked.
void pass_success(Turn& t, Leg& on, Exchange& x, const sip::Message& m) {
  Leg* from = t.leg(x.from);
  sip::refresh_target(on.dialog, m);
  learn_abilities(on, m);
  hear_identity(t, on, m);
  if (on.established()) {  // a deadline of a leg that rings is that of its ringing
    agree_as_client(t, on, m);
    arm_session_timer(t, on);
  }
  touch(t.call);
  const View sdp = sdp_of(m);
  std::string body;
  const bool shown = from != nullptr && !sdp.empty() && show(t, on, *from, sdp, body) == Shown::ok;
  if (shown) note_media(t, on, sdp);
  x.before.reset();
  if (x.invite && (x.offered || !shown)) send_ack(t, on, m.cseq().number, {});
  if (from == nullptr) return drop_exchange(t.core, x);  // cancelled meanwhile
  if (!shown) {                                          // a 2xx without the description that was due
    answer_modification(t, *from, x, 500, {});
    return drop_exchange(t.core, x);
  }
  if (!x.for_update) from->awaited_ack = from->dialog.remote_cseq;
  if (from->established()) arm_session_timer(t, *from);
  answer_modification(t, *from, x, 200, body);
  on.offer = from->offer = OfferAnswer::stable;
  if (x.offered) return drop_exchange(t.core, x);
  // Their offer waits for the answer in the ACK: take_ack() ends the exchange.
  on.owes_ack = true;
  on.owed_ack_cseq = m.cseq().number;
  on.offer = OfferAnswer::offer_received, from->offer = OfferAnswer::offer_sent;
  from->serving = {};
}

// What was agreed before an offer, for the case that it comes to nothing.
std::unique_ptr<Exchange::Before> remember(const Leg& leg, const Leg& peer) {
  return std::make_unique<Exchange::Before>(Exchange::Before{leg.lines, peer.lines, peer.sent_sdp});
}

// RFC 3261 §14.1: a modification that fails leaves the session as it was.
void restore(Exchange::Before& before, Leg* leg, Leg& peer) {
  if (leg != nullptr) {
    leg->lines = std::move(before.from_lines);
    leg->hold = leg->hold_before;
  }
  peer.lines = std::move(before.on_lines);
  peer.sent_sdp = std::move(before.sent_sdp);
}

// True when the request is on its way to the other party; else it has been answered.
bool pass_on(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  const bool update = m.method() != sip::Method::invite;  // or a PRACK with an offer
  Leg* early = update ? early_peer(t, leg) : nullptr;
  Leg* peer = early != nullptr ? early : t.peer(leg);
  if (m.method() == sip::Method::prack && early == nullptr) return answer_request(t, e, 488, {}, {}, {}), false;
  if (const int status = obstacle(t, leg, peer, early != nullptr)) return refuse_modification(t, e, status), false;
  const BodyKind kind = body_kind(m);
  if (kind == BodyKind::other) return answer_request(t, e, 415, kAcceptLine, {}, {}), false;
  auto before = remember(leg, *peer);
  std::string body;
  if (kind == BodyKind::sdp) {
    const Shown shown = show(t, leg, *peer, sdp_of(m), body);
    if (shown == Shown::refused) return answer_request(t, e, 488, t.call.warning, {}, {}), false;
    if (shown != Shown::ok) return answer_request(t, e, 400, {}, {}, {}), false;
    reserve(t, leg, *peer, body);
  }
  if (early == nullptr && !agree(t, leg, e)) return restore(*before, &leg, *peer), false;
  Exchange* x = add_exchange(t, *peer, &leg, update && peer->peer_update ? Kind::update : Kind::reinvite);
  const sip::TxnId server = x == nullptr ? sip::TxnId() : t.context.stack.accept(t.now(), e, true, t.context.out);
  if (!server.valid()) {
    if (x != nullptr) drop_exchange(t.core, *x);
    restore(*before, &leg, *peer);
    return t.context.stack.reply(e, {503, {}, {}, {}, {}, {}}, t.context.out), false;
  }
  if (!update) t.core.own(server, leg.self);
  if (update) t.core.alarms.arm(t.now() + kPatience, {x->self.bits(), Alarm::overdue});
  x->server = server;
  x->before = std::move(before);
  x->max_forwards = forwards_left(m);
  x->for_update = update;
  x->offered = !body.empty();
  x->invite = x->kind == Kind::reinvite;
  leg.serving = peer->offering = x->self;
  leg.offer = x->offered ? OfferAnswer::offer_received : OfferAnswer::stable;
  peer->offer = x->offered ? OfferAnswer::offer_sent : OfferAnswer::stable;
  if (kind == BodyKind::sdp) note_media(t, leg, sdp_of(m));
  hear_identity(t, leg, m);
  t.core.text.clear();
  append_modification_lines(t.core.text, *peer);
  append_other_party(t.core.text, t, *peer, "calling");
  const View method = x->invite ? "INVITE" : "UPDATE";
  if (send_request(t, *peer, *x, method, t.core.text, body.empty() ? View() : kSdp, body)) return true;
  t.context.stack.respond(t.now(), server, {503, {}, leg.dialog.local_tag, {}, {}, {}}, t.context.out);
  return false;
}

}  // namespace

void append_modification_lines(std::string& out, const Leg& on) {
  append_contact(out, on);
  out.append(kAllowLine).append(kSupportedLine);
  if (on.established()) append_session_timer_request(out, on);
}

void pass_modification(Turn& t, Leg& leg, const sip::Event& e) {
  if (!pass_on(t, leg, e)) leg.hold = leg.hold_before;
}

void pass_modification_result(Turn& t, Leg& on, Exchange& x, const LegEvent& e) {
  if (e.kind == LegEvent::Kind::answered) return pass_success(t, on, x, *e.message);
  Leg* from = t.leg(x.from);
  const bool gone = e.status == 481 || e.status == 408;  // RFC 3261 §12.2.1.2
  // A party that does not know UPDATE after all is asked by re-INVITE.
  if (x.kind == Kind::update && (e.status == 405 || e.status == 501)) on.peer_update = false;
  on.offer = OfferAnswer::stable;
  if (x.before != nullptr) restore(*x.before, from, on);
  touch(t.call);  // what was reserved for it
  if (from != nullptr) {
    from->offer = OfferAnswer::stable;
    answer_modification(t, *from, x, gone ? 500 : status_for_caller(e.status), {});
  }
  drop_exchange(t.core, x);
  if (gone) end_call(t, {.status = 480, .cause = cause_of_status(e.status)});
}

void modification_cancelled(Turn& t, Leg& leg) {
  Exchange* x = t.core.exchanges.find(leg.serving);
  if (x == nullptr) return;
  answer_modification(t, leg, *x, 487, {});
  t.context.stack.cancel(t.now(), x->client, {}, t.context.out);
  leg.offer = OfferAnswer::stable;
  leg.serving = {};
  x->from = {};
}

void pass_overdue(Turn& t, Exchange& x) {
  Leg* from = t.leg(x.from);
  if (from == nullptr) return;
  t.context.stack.respond(t.now(), x.server, {504, {}, {}, {}, {}, {}}, t.context.out);
  if (from->serving == x.self) {
    from->offer = OfferAnswer::stable;
    from->serving = {};
    x.from = {};
  }  // a relay stays in its list, which bounds how many may be under way; its second answer goes nowhere
}

void pass_through(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  Leg* peer = t.peer(leg);
  if (peer == nullptr || !peer->established()) return answer_request(t, e, 480, {}, {}, {});
  size_t open = 0;
  for (Exchange* o = t.core.exchanges.find(leg.relays); o != nullptr; o = t.core.exchanges.find(o->next)) open++;
  if (open >= kOpenRelays) return answer_request(t, e, 503, "Retry-After: 4\r\n", {}, {});
  Exchange* x = add_exchange(t, *peer, &leg, Kind::relay);
  const sip::TxnId server = x == nullptr ? sip::TxnId() : t.context.stack.accept(t.now(), e, false, t.context.out);
  if (!server.valid()) {
    if (x != nullptr) drop_exchange(t.core, *x);
    return t.context.stack.reply(e, {503, {}, {}, {}, {}, {}}, t.context.out);
  }
  x->server = server;
  x->max_forwards = forwards_left(m);
  x->next = std::exchange(leg.relays, x->self);
  t.core.alarms.arm(t.now() + kPatience, {x->self.bits(), Alarm::overdue});
  t.core.text.clear();
  append_contact(t.core.text, *peer);
  append_crossing(t.core.text, m, Crossing::in_dialog);
  append_body_lines(t.core.text, m);
  if (send_request(t, *peer, *x, m.method_name(), t.core.text, m.value(sip::HeaderId::content_type), m.body())) return;
  t.context.stack.respond(t.now(), server, {503, {}, {}, {}, {}, {}}, t.context.out);
}

void pass_through_result(Turn& t, Leg& on, Exchange& x, const LegEvent& e) {
  const sip::Message* m = e.message;
  std::string lines;
  if (m != nullptr) append_body_lines(lines, *m);
  sip::ResponseParts parts{e.status == 481 ? 480 : e.status, {}, {}, lines, {}, {}};
  if (m != nullptr) parts.content_type = m->value(sip::HeaderId::content_type), parts.body = m->body();
  if (x.from.valid()) t.context.stack.respond(t.now(), x.server, parts, t.context.out);
  const bool gone = e.status == 481 && on.established();
  drop_exchange(t.core, x);
  if (gone) end_call(t, {.status = 480, .cause = cause_of_status(481)});
}

}  // namespace carillon::call
