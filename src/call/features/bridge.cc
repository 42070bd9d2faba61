// The plain two-party call: takes whatever no other feature has taken.

#include "call/answer.h"
#include "call/cause.h"
#include "call/feature.h"
#include "call/finish.h"
#include "call/modify.h"
#include "call/relay.h"
#include "call/talk.h"

namespace carillon::call {

namespace {

// The Expires of its INVITE (RFC 3261 §13.3.1), which was shorter than t301.
bool is_callers_deadline(const Turn& t) { return t.call.patience < t.context.snapshot->parameters().no_answer_release; }

Verdict on_leg(Turn& t, Leg& leg, const LegEvent& e) {
  switch (e.kind) {
    case LegEvent::Kind::ringing:
      pass_ringing(t, leg, *e.message);
      break;
    case LegEvent::Kind::answered:
      pass_answer(t, leg, *e.message);
      break;
    case LegEvent::Kind::failed:
      pass_failure(t, leg, e.status, e.message);
      break;
    case LegEvent::Kind::expired:  // nobody answered
      refuse_call(t, {.status = is_callers_deadline(t) ? 487 : 480, .cause = cause::kNoAnswer});
      break;
  }
  return Verdict::taken;
}

void answer_options(Turn& t, const sip::Event& e) {
  std::string& h = t.core.text;
  h.assign(kAllowLine).append(kAcceptLine).append(kSupportedReliableLine);
  answer_request(t, e, 200, h, {}, {});
}

void take_bye(Turn& t, Leg& leg, const sip::Event& e) {
  // RFC 3261 §15: whom we call must not send BYE before it has answered.
  if (!leg.inbound && (leg.progress == Progress::calling || leg.progress == Progress::early)) {
    return answer_request(t, e, 481, {}, {}, {});
  }
  end_call_by_bye(t, leg, e);
}

Verdict on_request(Turn& t, Leg& leg, const sip::Event& e) {
  switch (e.message->method()) {
    case sip::Method::invite:
    case sip::Method::update:
      pass_modification(t, leg, e);
      break;
    case sip::Method::bye:
      take_bye(t, leg, e);
      break;
    case sip::Method::prack:
      take_prack(t, leg, e);
      break;
    case sip::Method::info:
    case sip::Method::message:
      pass_through(t, leg, e);
      break;
    case sip::Method::options:
      answer_options(t, e);
      break;
    default:
      answer_request(t, e, 405, kAllowLine, {}, {});
      break;
  }
  return Verdict::taken;
}

// Nobody was there: once more by the way that the phone has registered over since, if there is one.
bool bye_again(Turn& t, Leg& leg, const LegEvent& e) {
  if (e.message != nullptr || leg.bye_repeated) return false;
  if (e.status == 503 && sip::is_stream(leg.flow.transport)) leg.flow.connection = sip::kGoneConnection;
  if (!find_way(t, leg)) return false;
  leg.bye_repeated = true;
  leg.progress = Progress::confirmed;
  send_bye(t, leg, t.call.cdr.cause);
  return true;
}

Verdict on_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e) {
  switch (x.kind) {
    case Exchange::Kind::reinvite:
    case Exchange::Kind::update:
      pass_modification_result(t, leg, x, e);
      break;
    case Exchange::Kind::relay:
      pass_through_result(t, leg, x, e);
      break;
    case Exchange::Kind::bye:
      drop_exchange(t.core, x);
      if (!bye_again(t, leg, e)) leg.progress = Progress::ended;
      break;
    case Exchange::Kind::refresh:
    case Exchange::Kind::join:
    case Exchange::Kind::notify:
    case Exchange::Kind::still:
      drop_exchange(t.core, x);
      break;
  }
  return Verdict::taken;
}

}  // namespace

extern const Feature bridge;
const Feature bridge{.name = "bridge", .on_leg = on_leg, .on_request = on_request, .on_result = on_result};

}  // namespace carillon::call
