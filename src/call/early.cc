#include "call/early.h"

#include <utility>

#include "call/cause.h"
#include "call/connect.h"
#include "call/finish.h"
#include "call/modify.h"
#include "call/relay.h"
#include "call/talk.h"

namespace carillon::call {

namespace {

using Rel1xx = config::SipProfileView::Rel1xx;

// The phone whose offer waits for the caller's answer; null when there is none.
Leg* waiting_offerer(Turn& t) {
  Leg* leg = t.leg(t.call.early);
  if (leg == nullptr || leg->over()) return nullptr;
  return leg->owes_prack || (leg->owes_ack && !leg->early_settled && !leg->early_sdp.empty()) ? leg : nullptr;
}

// The caller's answer to the phone, in the PRACK or, when the phone has not waited for it, in the ACK.
bool pass_answer_back(Turn& t, Leg& caller, Leg& leg, View sdp) {
  std::string body;
  if (sdp.empty() || show(t, caller, leg, sdp, body) != Shown::ok) return false;
  note_media(t, caller, sdp);
  note_media(t, leg, leg.early_sdp);
  if (leg.owes_prack) send_prack(t, leg, leg.their_reliable.last(), body);
  if (leg.owes_ack) {
    send_ack(t, leg, leg.owed_ack_cseq, leg.owes_prack ? View() : View(body));
    leg.progress = Progress::confirmed;
  }
  leg.owes_prack = false;
  leg.early_settled = true;
  caller.offer = leg.offer = OfferAnswer::stable;
  return true;
}

}  // namespace

bool may_be_reliable(const Turn& t, const Leg& callee) {
  if (t.profile(callee).rel1xx == Rel1xx::disabled) return false;
  if (!t.call.offer.empty() && !callee.delayed) return true;
  if (t.call.forked) return false;
  if (callee.delayed) return true;
  const Leg* caller = t.core.legs.find(t.call.caller);
  if (caller == nullptr || caller->reliable_sdp) return false;  // who has had one offer can take no other so
  return caller->requires_100rel || (caller->peer_100rel && t.profile(*caller).rel1xx != Rel1xx::disabled);
}

bool take_early_offer(Turn& t, Leg& leg) {
  leg.offer = OfferAnswer::offer_received;
  if (!leg.delayed) {  // the caller will answer
    leg.owes_prack = true;
    return true;
  }
  std::string to_caller, to_callee;
  const bool married = marry(t, leg, leg.early_sdp, to_caller, to_callee) == Shown::ok;
  if (!married) return refuse_call(t, {.status = 488, .cause = cause::kIncompatible}), false;
  send_prack(t, leg, leg.their_reliable.last(), to_callee);
  // Until the phone has won, the caller's lines are kept with it.
  leg.peer_lines = std::exchange(t.caller()->lines, {});
  note_media(t, leg, leg.early_sdp);
  leg.offer = OfferAnswer::stable;
  leg.early_settled = true;
  t.call.early_answer = std::move(to_caller);
  return true;
}

void take_prack_body(Turn& t, Leg& caller, const sip::Event& e) {
  const sip::Message& m = *e.message;
  const BodyKind kind = body_kind(m);
  if (kind == BodyKind::other) return answer_request(t, e, 415, kAcceptLine, {}, {});
  if (Leg* leg = waiting_offerer(t)) {
    const bool good = pass_answer_back(t, caller, *leg, sdp_of(m));
    answer_request(t, e, 200, {}, {}, {});
    if (!good) refuse_call(t, {.status = 488, .cause = cause::kIncompatible});
    return;
  }
  if (kind == BodyKind::none) return answer_request(t, e, 200, {}, {}, {});
  if (t.call.answer_held) return answer_request(t, e, 488, {}, {}, {});  // the phone has answered meanwhile
  pass_modification(t, caller, e);
}

}  // namespace carillon::call
