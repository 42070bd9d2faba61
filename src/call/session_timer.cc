#include "call/session_timer.h"

#include <algorithm>

namespace carillon::call {

namespace {

uint32_t whole_seconds(Duration d) { return static_cast<uint32_t>(std::max<int64_t>(d.seconds(), 0)); }

// What the phone's profile wants, and what was learnt of the party's own minimum.
sip::SessionPolicy policy_of(const Turn& t, const Leg& leg) {
  const config::SipProfileView& profile = t.profile(leg);
  const uint32_t minimum = std::max(whole_seconds(profile.min_se), whole_seconds(leg.min_se));
  return {whole_seconds(profile.session_expires), std::max(minimum, sip::SessionPolicy().minimum)};
}

sip::SessionTimer timer_of(const Leg& leg) {
  return {leg.refresh, whole_seconds(leg.session_expires),
          std::max(whole_seconds(leg.min_se), sip::SessionPolicy().minimum)};
}

void take(Leg& leg, const sip::SessionTimer& timer) {
  leg.refresh = timer.refresher;
  leg.session_expires = seconds(timer.interval);
}

}  // namespace

void learn_abilities(Leg& leg, const sip::Message& m) {
  if (m.find(sip::HeaderId::allow) != nullptr) leg.peer_update = m.lists(sip::HeaderId::allow, "UPDATE");
  if (m.find(sip::HeaderId::supported) != nullptr) {
    leg.peer_timer = m.lists(sip::HeaderId::supported, "timer");
    leg.peer_100rel = m.lists(sip::HeaderId::supported, "100rel");
  }
  if (m.lists(sip::HeaderId::require, "100rel")) leg.peer_100rel = true;
}

std::optional<Duration> too_brief(const Turn& t, const Leg& leg, const sip::Message& request) {
  const auto least = sip::too_small(policy_of(t, leg), request);
  return least ? std::optional(seconds(*least)) : std::nullopt;
}

void agree_as_server(const Turn& t, Leg& leg, const sip::Message& request) {
  take(leg, sip::agree_as_server(policy_of(t, leg), request));
}

void agree_as_client(const Turn& t, Leg& leg, const sip::Message& response) {
  take(leg, sip::agree_as_client(policy_of(t, leg), response));
}

bool take_422(Leg& leg, const sip::Message& response) {
  const sip::SessionTimer tried = timer_of(leg);
  const auto next = sip::after_422({tried.interval, tried.minimum}, response);
  if (!next) return false;
  leg.min_se = seconds(next->minimum);
  leg.session_expires = seconds(next->interval);
  return true;
}

void append_session_timer_request(std::string& out, const Leg& leg) {
  sip::append_session_request(out, {0, timer_of(leg).minimum}, timer_of(leg));
}

void append_session_timer_answer(std::string& out, const Leg& leg) {
  // A party that does not know timers is not told of ours (RFC 4028 §9).
  if (leg.peer_timer && leg.session_expires > Duration{}) sip::append_session_answer(out, timer_of(leg));
}

void arm_session_timer(Turn& t, Leg& leg) {
  const Instant due = timer_of(leg).deadline(t.now());
  if (due == kNever) return t.core.schedule.clear(t.core.legs, leg);
  t.core.schedule.start(t.now());
  t.core.schedule.set(t.core.legs, leg.self.index, leg, due);
}

}  // namespace carillon::call
