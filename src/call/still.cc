#include "call/still.h"

#include "base/text.h"
#include "call/cause.h"
#include "call/connect.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/join.h"
#include "call/modify.h"
#include "call/park_machine.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/session_timer.h"
#include "call/talk.h"
#include "sdp/still.h"

namespace carillon::call {

namespace {

constexpr uint32_t kTries = 10;  // after the first, of a party that has something open

void ask_later(Turn& t, const Leg& leg, Duration wait) {
  Parked* p = t.core.parks.find(t.call.park);
  if (p == nullptr || p->party != leg.self) return;
  p->still_due = t.now() + wait;
  t.core.alarms.arm(p->still_due, {p->self.bits(), Alarm::park});
}

// 0, or what their request has to be answered in place of 200.
int obstacle(const Leg& leg, BodyKind kind) {
  if (leg.offering.valid()) return 491;  // RFC 3261 §14.2
  return kind == BodyKind::other ? 415 : 0;
}

}  // namespace

std::string still_of(Turn& t, Leg& leg, std::string_view theirs) {
  std::string body;
  leg.origin.address = bare_host(leg.host);
  if (theirs.empty() || t.core.session.parse(theirs) != sdp::Session::Fault::none) return body;
  sdp::append_still_answer(body, *t.core.session, leg.origin);
  return body;
}

void ask_still(Turn& t, Leg& leg) {
  if (!is_quiet(leg) || leg.progress != Progress::confirmed) return ask_later(t, leg, seconds(1));
  const std::string sent = leg.sent_sdp;
  const std::string body = still_of(t, leg, sent);
  Exchange* x = body.empty() ? nullptr : add_exchange(t, leg, nullptr, Exchange::Kind::still);
  if (x == nullptr) return;
  x->invite = x->offered = true;
  leg.offering = x->self;
  leg.offer = OfferAnswer::offer_sent;
  leg.sent_sdp = body;
  t.core.text.clear();
  append_modification_lines(t.core.text, leg);
  append_other_party(t.core.text, t, leg, "calling");
  send_request(t, leg, *x, "INVITE", t.core.text, kSdp, body);
}

void still_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e) {
  drop_exchange(t.core, x);
  leg.offer = OfferAnswer::stable;
  if (e.kind == LegEvent::Kind::answered) {
    send_ack(t, leg, e.message->cseq().number, {});
    sip::refresh_target(leg.dialog, *e.message);
    agree_as_client(t, leg, *e.message);
    arm_session_timer(t, leg);
    touch(t.call);
  } else if (e.status == 491 || e.status == 500) {
    // One that refuses for ever is left with what it sends: nobody gets it.
    Parked* p = t.core.parks.find(t.call.park);
    if (p != nullptr && p->still_tries++ < kTries) ask_later(t, leg, glare_wait(t.core, leg));
  } else if (e.status == 408 || e.status == 481) {
    end_call(t, {.status = 408, .cause = cause_of_status(e.status)});
  }
}

void answer_still(Turn& t, Leg& leg, const sip::Event& e) {
  const sip::Message& m = *e.message;
  const BodyKind kind = body_kind(m);
  if (const int status = obstacle(leg, kind)) return answer_request(t, e, status, kAcceptLine, {}, {});
  if (const auto least = too_brief(t, leg, m)) {
    std::string line = "Min-SE: ";
    append_number(line, static_cast<uint64_t>(least->seconds()));
    return answer_request(t, e, 422, line + "\r\n", {}, {});
  }
  const std::string shown = kind == BodyKind::sdp ? std::string(sdp_of(m)) : leg.sent_sdp;
  const std::string body = still_of(t, leg, shown);
  if (body.empty()) return answer_request(t, e, kind == BodyKind::sdp ? 400 : 488, {}, {}, {});
  agree_as_server(t, leg, m);
  leg.sent_sdp = body;
  arm_session_timer(t, leg);
  touch(t.call);
  if (m.method() != sip::Method::invite) {
    std::string& h = t.core.text;
    h.clear();
    append_session_timer_answer(h, leg);
    append_contact(h, leg);
    return answer_request(t, e, 200, h, kSdp, body);
  }
  const sip::TxnId txn = t.context.stack.accept(t.now(), e, true, t.context.out);
  if (!txn.valid()) return t.context.stack.reply(e, {503, {}, {}, {}, {}, {}}, t.context.out);
  t.core.own(txn, leg.self);
  leg.awaited_ack = m.cseq().number;
  answer_invite(t, leg, txn, 200, {}, body, 0);
}

}  // namespace carillon::call
