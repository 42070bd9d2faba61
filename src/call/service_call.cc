#include "call/service_call.h"

#include <utility>

#include "call/cause.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/record.h"
#include "call/relay.h"
#include "call/route.h"
#include "call/session_timer.h"
#include "call/still.h"
#include "call/talk.h"
#include "sdp/still.h"

namespace carillon::call {

namespace {

constexpr Duration kShownFor = seconds(2);  // long enough to be read

bool caller_waits(Turn& t) {
  const Leg* caller = t.caller();
  return caller != nullptr && t.call.stage == Stage::routing && !caller->over() && !caller->established();
}

View still_sdp(Turn& t, Leg& caller) {
  caller.sent_sdp = still_of(t, caller, t.call.offer);
  if (t.call.offer.empty()) sdp::append_still_offer(caller.sent_sdp, caller.origin);
  return caller.sent_sdp;
}

// Or says why not.
void confirm_change(Turn& t, const ConfigAnswer& answer) {
  const std::string words = std::exchange(t.call.words, {});
  if (answer.fault.empty()) return confirm_call(t, words);
  deny_call(t, 403, cause::kRejected, answer.fault);
}

}  // namespace

void answer_alone(Turn& t, Party shown) {
  Call& call = t.call;
  Leg& caller = *t.caller();
  call.called = std::move(shown);
  call.cdr.called_number = call.called.number;
  const View sdp = still_sdp(t, caller);
  t.core.text.clear();
  append_other_party(t.core.text, t, caller, "called");
  caller.awaited_ack = caller.invite_cseq;
  answer_invite(t, caller, caller.invite, 200, t.core.text, sdp, 0);
  caller.progress = Progress::answered;
  caller.offer = OfferAnswer::stable;
  call.stage = Stage::answered;
  call.by_ourselves = true;
  call.offer = {};
  call.crossing = {};
  call.cdr.answer = t.now();
  t.core.counters.answered++;
  touch(call);
}

void confirm_call(Turn& t, std::string_view words) {
  if (!caller_waits(t)) return;
  answer_alone(t, {t.call.cdr.dialled, std::string(words)});
  t.call.ring_due = t.now() + kShownFor;
  t.core.alarms.arm(t.call.ring_due, {t.call.self.bits(), Alarm::ring});
}

state::Token token_of_answer(const Turn& t) { return t.call.self.bits() + 1; }

void await_answer(Turn& t, Answered then) {
  t.call.answered = then;
  t.call.ring_due = t.now() + limits::kInternalAnswer;
  t.core.alarms.arm(t.call.ring_due, {t.call.self.bits(), Alarm::ring});
}

bool ask_administration(Turn& t, ConfigRequest request, Answered then) {
  const config::PhoneView* phone = t.phone(*t.caller());
  if (phone == nullptr) return deny_call(t, 403, cause::kRejected, "Only from a phone of ours"), false;
  if (t.context.requests == nullptr) return deny_call(t, 501, cause_of_status(501), "Nobody to ask here"), false;
  request.token = token_of_answer(t);
  request.shard = t.core.options.shard;
  request.by = phone->name;
  await_answer(t, then);
  t.context.requests->push_back(std::move(request));
  return true;
}

void change_configuration(Turn& t, ConfigRequest request, std::string words) {
  if (ask_administration(t, std::move(request), confirm_change)) t.call.words = std::move(words);
}

void administration_answered(Turn& t, const ConfigAnswer& answer) {
  if (!caller_waits(t) || t.call.answered == nullptr) return;
  t.call.ring_due = kNever;
  std::exchange(t.call.answered, nullptr)(t, answer);
}

void service_time_over(Turn& t) {
  if (t.call.by_ourselves) return end_call(t, {.status = 200});
  if (!caller_waits(t) || std::exchange(t.call.answered, nullptr) == nullptr) return;
  deny_call(t, 503, cause::kTemporary, "The configuration does not answer; try again");
}

}  // namespace carillon::call
