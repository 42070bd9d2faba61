// Session timers (RFC 4028) on each leg by itself: requests that only refresh end here, ours are sent when half the
// interval is over, and a leg whose party has gone silent ends the call. A refresh also shows who the other party is:
// one is sent when a trusted phone says in such a request that it has become another.

#include <utility>

#include "base/text.h"
#include "call/cause.h"
#include "call/feature.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/session_timer.h"
#include "call/talk.h"

namespace carillon::call {

namespace {

void retry_later(Turn& t, Leg& leg) {
  leg.retry_at = t.now() + glare_wait(t.core, leg);
  t.core.alarms.arm(leg.retry_at, {leg.self.bits(), Alarm::retry});
}

void refresh(Turn& t, Leg& leg) {
  if (leg.offering.valid() || leg.serving.valid() || leg.owes_ack || leg.awaited_ack != 0) return retry_later(t, leg);
  const bool for_itself = !std::exchange(leg.show_anew, false);
  const bool by_update = leg.peer_update && (t.profile(leg).refresh_by_update || leg.sent_sdp.empty() || !for_itself);
  if (!by_update && leg.sent_sdp.empty()) return arm_session_timer(t, leg);  // no way to ask
  Exchange* x = add_exchange(t, leg, nullptr, Exchange::Kind::refresh);
  if (x == nullptr) return retry_later(t, leg);
  x->invite = !by_update;
  x->offered = x->invite;
  leg.offering = x->self;
  std::string& h = t.core.text;
  h.clear();
  append_contact(h, leg);
  h.append(kAllowLine).append(kSupportedLine);
  append_session_timer_request(h, leg);
  append_other_party(h, t, leg, "calling");
  const std::string sdp = x->invite ? leg.sent_sdp : std::string();
  send_request(t, leg, *x, x->invite ? "INVITE" : "UPDATE", h, sdp.empty() ? View() : kSdp, sdp);
}

// The party of `leg` is shown as another one from now on.
void show_to_peer(Turn& t, const Leg& leg) {
  touch(t.call);
  Leg* peer = t.peer(leg);
  if (peer == nullptr || !peer->established()) return;
  peer->show_anew = true;
  refresh(t, *peer);
}

// Once more when the other party is ready for it.
void again(Turn& t, Leg& leg, bool by_update) {
  leg.show_anew |= by_update || leg.refresh != Refresh::ours;
  retry_later(t, leg);
}

Verdict on_leg(Turn& t, Leg& leg, const LegEvent& e) {
  if (e.kind != LegEvent::Kind::expired || !leg.established()) return Verdict::pass;
  if (leg.refresh == Refresh::ours || leg.show_anew) {
    refresh(t, leg);
  } else {
    end_call(t, {.status = 408, .cause = cause::kTimer});
  }
  return Verdict::taken;
}

// UPDATE without a description: for this leg alone.
Verdict on_request(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  if (m.method() != sip::Method::update || !m.body().empty()) return Verdict::pass;
  std::string& h = t.core.text;
  h.clear();
  if (leg.established()) {
    if (const auto least = too_brief(t, leg, m)) {
      h.append("Min-SE: ");
      append_number(h, static_cast<uint64_t>(least->seconds()));
      h.append("\r\n");
      answer_request(t, e, 422, h, {}, {});
      return Verdict::taken;
    }
    agree_as_server(t, leg, m);
    arm_session_timer(t, leg);
    append_session_timer_answer(h, leg);
  }
  append_contact(h, leg);
  h.append(kAllowLine);
  const bool other = hear_identity(t, leg, m);
  append_other_party(h, t, leg, "called");
  answer_request(t, e, 200, h, {}, {});
  if (other) show_to_peer(t, leg);
  return Verdict::taken;
}

Verdict on_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e) {
  if (x.kind != Exchange::Kind::refresh) return Verdict::pass;
  const bool invite = x.invite;
  drop_exchange(t.core, x);
  if (e.kind == LegEvent::Kind::answered) {
    if (invite) send_ack(t, leg, e.message->cseq().number, {});
    sip::refresh_target(leg.dialog, *e.message);
    agree_as_client(t, leg, *e.message);
    arm_session_timer(t, leg);
  } else if (e.status == 491) {
    again(t, leg, !invite);
  } else if (e.status == 408 || e.status == 481) {
    end_call(t, {.status = 408, .cause = cause_of_status(e.status)});
  } else if (e.status == 422 && e.message != nullptr && take_422(leg, *e.message)) {
    again(t, leg, !invite);
  } else {
    if (!invite) leg.peer_update = false;  // the next one goes by re-INVITE
    arm_session_timer(t, leg);
  }
  return Verdict::taken;
}

}  // namespace

extern const Feature session_refresh;
const Feature session_refresh{
    .name = "session_refresh", .on_leg = on_leg, .on_request = on_request, .on_result = on_result};

}  // namespace carillon::call
