#include "call/dial.h"

#include <algorithm>

#include "base/text.h"
#include "call/admission.h"
#include "call/cause.h"
#include "call/connect.h"
#include "call/diversion.h"
#include "call/early.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/media.h"
#include "call/relay.h"
#include "call/route.h"
#include "call/session_timer.h"
#include "call/talk.h"
#include "registrar/way.h"
#include "sip/message/content_type.h"
#include "sip/message/values.h"

namespace carillon::call {

namespace {

using config::EntityId;

constexpr View kHopsHeader = "X-Carillon-Hops";

void refuse(Turn& t, int status, int cause, View headers) {
  refuse_call(t, {.status = status, .cause = cause, .headers = headers});
}

// A caller that takes no session description cannot be answered (RFC 3261 §20.1).
bool takes_sdp(const sip::Message& m) {
  if (m.find(sip::HeaderId::accept) == nullptr) return true;
  bool takes = false;
  sip::for_each_value(m, sip::HeaderId::accept, [&takes](View value) {
    const auto range = sip::ContentType::parse(value.substr(0, value.find(';')));
    takes = range && (range->is("application", "sdp") || range->is("application", "*") || range->is("*", "*"));
    return !takes;
  });
  return takes;
}

// What the INVITE must be before anything is looked up. False: it has been refused.
bool check_invite(Turn& t, const NewCall& n) {
  const sip::Message& m = *n.event.message;
  Leg& caller = *t.caller();
  if (caller.dialog.target.empty()) return deny_call(t, 400, cause::kProtocol, "Contact is missing"), false;
  const BodyKind kind = body_kind(m);
  if (kind == BodyKind::other) return refuse(t, 415, cause_of_status(415), kAcceptLine), false;
  if (!takes_sdp(m)) return refuse(t, 406, cause_of_status(406), kAcceptLine), false;
  if (kind == BodyKind::sdp) {
    const auto fault = t.core.session.parse(sdp_of(m));
    if (fault != sdp::Session::Fault::none) return deny_call(t, 400, cause::kProtocol, to_string(fault)), false;
    t.call.offer = sdp_of(m);
    caller.offer = OfferAnswer::offer_received;
  }
  if (const auto least = too_brief(t, caller, m)) {
    std::string line = "Min-SE: ";
    append_number(line, static_cast<uint64_t>(least->seconds()));
    return refuse(t, 422, cause_of_status(422), line + "\r\n"), false;
  }
  if (demands_session_privacy(m)) {
    return deny_call(t, 500, cause_of_status(500), "Media goes from phone to phone: no privacy of the session"), false;
  }
  if (t.call.hops > t.context.snapshot->parameters().max_hops) return refuse(t, 482, cause_of_status(482), {}), false;
  return true;
}

// Counts the call for the caller's own appearance, which has at most so many; false: they are full.
bool count_caller(Turn& t, const NewCall& n) {
  const config::AppearanceView* appearance = n.caller.appearance;
  if (appearance == nullptr || n.caller.phone == nullptr) return true;
  Leg& caller = *t.caller();
  return caller.counted = t.core.counts.take(caller.phone, caller.line, appearance->max_calls);
}

// Counts the call for the called appearance; false: since it was looked at, calls of other shards have filled it.
bool count_called(Turn& t, const Target& target, bool& counted) {
  const EntityId phone = target.binding->phone, line = target.binding->line;
  bool already = false;
  t.each_leg([&](const Leg& o) { already |= o.counted && o.phone == phone && o.line == line; });
  if (already) return true;
  const config::AppearanceView* a = target.appearance;
  const uint32_t limit = a == nullptr ? UINT32_MAX : std::min(a->busy_trigger, a->max_calls);
  return counted = t.core.counts.take(phone, line, limit);
}

// How long phones may ring for this call, one after the other or together (RFC 3261 §13.2.1 for Expires).
Duration patience_of(const Turn& t, const sip::Message& invite) {
  const Duration longest = t.context.snapshot->parameters().no_answer_release;
  const auto expires = invite.number(sip::HeaderId::expires);
  return expires && *expires > 0 ? std::min(longest, seconds(*expires)) : longest;
}

// The Path of a registration is the route set of what is sent to it (RFC 3327 §5.3).
template <typename F>
void for_each_route(View path, F&& f) {
  sip::Values values(path);
  View value;
  while (values.next(value)) f(value);
}

void append_offered(std::string& h, const Turn& t, const Leg& leg) {
  h.append(kAllowLine).append(may_be_reliable(t, leg) ? kSupportedReliableLine : kSupportedLine).append(kAcceptLine);
}

}  // namespace

bool is_older_flow(std::span<const registrar::Binding* const> all, const registrar::Binding& b) {
  if (b.reg_id == 0 || b.instance.empty()) return false;
  return std::any_of(all.begin(), all.end(), [&](const registrar::Binding* o) {
    return o->phone == b.phone && o->reg_id != 0 && o->instance == b.instance && registrar::has_way(*o) &&
           (o->refreshed > b.refreshed || (o->refreshed == b.refreshed && o->id > b.id));
  });
}

void begin_call(Turn& t, const NewCall& n) {
  if (!check_invite(t, n)) return;
  if (!count_caller(t, n)) {
    return deny_call(t, 486, cause::kBusy, "The calling line appearance has its maximum number of calls");
  }
  if (ask_invite(t, n) == Verdict::taken) return;
  if (n.dialled.empty()) return refuse(t, 484, cause_of_status(484), {});
  const bool withheld = hides_number(t.call.calling.hides);
  append_crossing(t.call.crossing, *n.event.message, withheld ? Crossing::withheld_invite : Crossing::invite);
  t.call.patience = patience_of(t, *n.event.message);
  const Routed routed = route_call(t, {.number = n.dialled, .reach = reach_of(n.caller.line, n.caller.phone)});
  if (routed != Routed::yes) refuse(t, 404, cause::kUnallocated, {});
}

void dial(Turn& t, const Target& target) {
  if (t.core.legs.full() || t.call.branches >= limits::kBranchesInAll) return;
  bool counted = false;
  if (!count_called(t, target, counted)) {
    if (t.call.best.status == 0) t.call.best = {486, cause::kBusy, Lack::busy, false};
    return;
  }
  t.call.branches++;
  const registrar::Binding& b = *target.binding;
  Leg& leg = add_leg(t, false, registrar::way_to(b).value_or(b.flow));
  leg.outbound = b.reg_id != 0;
  leg.phone = b.phone;
  leg.line = b.line;
  leg.binding = b.id;
  leg.session_expires = t.profile(leg).session_expires;
  leg.min_se = t.profile(leg).min_se;
  leg.counted = counted;
  sip::Dialog& d = leg.dialog;
  d.call_id = t.context.stack.mint_call_id();
  aim(d, b);
  append_caller(d.local, leg.user, t, leg);
  append_name_addr(d.remote, {}, t.call.called.number, domain_of(t, leg));
  send_invite(t, leg);
}

void aim(sip::Dialog& d, const registrar::Binding& b) {
  d.target = b.contact;
  d.routes.clear();
  for_each_route(b.path, [&](View route) { d.routes.emplace_back(route); });
}

void send_invite(Turn& t, Leg& leg) {
  Call& call = t.call;
  std::string& body = t.core.body;
  body.clear();
  leg.delayed = !call.offer.empty() && t.profile(leg).delayed_offer;
  if (!call.offer.empty() && !leg.delayed) {
    const Shown shown = show(t, *t.caller(), leg, call.offer, body);
    if (shown != Shown::ok) {
      call.best = {488, call.no_bandwidth ? cause::kOutOfBandwidth : cause::kIncompatible};
      leg.progress = Progress::ended;
      return;
    }
    leg.offer = OfferAnswer::offer_sent;
  } else if (!has_room(t, *t.caller(), leg)) {
    note_no_room(t, *t.caller(), leg);
    call.best = {488, cause::kOutOfBandwidth};
    leg.progress = Progress::ended;
    return;
  }
  reserve(t, *t.caller(), leg, body);
  std::string& h = t.core.headers;
  h.clear();
  leg.invite_cseq = sip::next_cseq(leg.dialog);
  sip::append_request_lines(h, leg.dialog, "INVITE", leg.invite_cseq, call.max_forwards - 1);
  append_contact(h, leg);
  append_offered(h, t, leg);
  append_session_timer_request(h, leg);
  append_other_party(h, t, leg, "calling");
  append_redirections(h, t, leg);
  ask_dial(t, leg, h);
  h.append(call.crossing);
  h.append(kHopsHeader).append(": ");
  append_number(h, call.hops + 1);
  h.append("\r\n");
  sip::RequestParts p;
  p.method = "INVITE";
  p.request_uri = sip::request_uri(leg.dialog);
  p.headers = h;
  p.content_type = body.empty() ? View() : kSdp;
  p.body = body;
  p.target.flow = leg.flow;
  p.target.reconnect_port = reconnect_port(leg);
  p.user = user_of(Purpose::invite, leg.self);
  leg.invite = t.context.stack.request(t.now(), p, t.context.out);
  leg.progress = leg.invite.valid() ? Progress::calling : Progress::ended;
}

bool dial_next_flow(Turn& t, const Leg& failed) {
  const registrar::Binding* used = t.context.registrar.find(failed.binding);
  if (used == nullptr || used->reg_id == 0 || used->instance.empty()) return false;
  const registrar::Binding* next = nullptr;
  for (const registrar::Binding* b : t.context.registrar.of_line(failed.line)) {
    if (b->phone != used->phone || b->reg_id == 0 || b->instance != used->instance) continue;
    if (b->expires <= t.now() || !registrar::has_way(*b)) continue;
    const bool older = b->refreshed < used->refreshed || (b->refreshed == used->refreshed && b->id < used->id);
    if (older && (next == nullptr || b->refreshed > next->refreshed)) next = b;
  }
  if (next == nullptr) return false;
  const config::PhoneView* phone = t.context.snapshot->phone(next->phone);
  if (phone == nullptr) return false;
  dial(t, {next, phone, phone->appearance(next->line)});
  return true;
}

}  // namespace carillon::call
