#include "call/session_timer.h"

#include <algorithm>

#include "base/text.h"
#include "sip/message/values.h"

namespace carillon::call {

namespace {

constexpr Duration kLeast = seconds(90);  // RFC 4028 §4
constexpr Duration kMost = seconds(86400);

Duration in_bounds(Duration d, Duration low, Duration high) { return std::max(low, std::min(d, high)); }

}  // namespace

std::optional<SessionExpires> session_expires_of(const sip::Message& m) {
  const View value = m.value(sip::HeaderId::session_expires);
  if (value.empty()) return {};
  const size_t semicolon = value.find(';');
  const auto number = to_number<uint32_t>(trim(value.substr(0, semicolon)));
  if (!number) return {};
  SessionExpires s{std::min(seconds(*number), kMost)};
  if (semicolon == View::npos) return s;
  const auto refresher = sip::find_param(value.substr(semicolon + 1), "refresher");
  if (refresher && iequals(*refresher, "uac")) s.refresher = SessionExpires::Refresher::uac;
  if (refresher && iequals(*refresher, "uas")) s.refresher = SessionExpires::Refresher::uas;
  return s;
}

void learn_abilities(Leg& leg, const sip::Message& m) {
  if (m.find(sip::HeaderId::allow) != nullptr) leg.peer_update = m.lists(sip::HeaderId::allow, "UPDATE");
  if (m.find(sip::HeaderId::supported) != nullptr) {
    leg.peer_timer = m.lists(sip::HeaderId::supported, "timer");
    leg.peer_100rel = m.lists(sip::HeaderId::supported, "100rel");
  }
  if (m.lists(sip::HeaderId::require, "100rel")) leg.peer_100rel = true;
}

std::optional<Duration> too_brief(const Turn& t, const Leg& leg, const sip::Message& request) {
  const auto asked = session_expires_of(request);
  const Duration least = std::max(kLeast, t.profile(leg).min_se);
  if (!asked || asked->interval >= least || !request.lists(sip::HeaderId::supported, "timer")) return {};
  return least;
}

void agree_as_server(const Turn& t, Leg& leg, const sip::Message& request) {
  const config::SipProfileView& profile = t.profile(leg);
  const auto asked = session_expires_of(request);
  const Duration floor =
      std::max({kLeast, profile.min_se, leg.min_se, seconds(request.number(sip::HeaderId::min_se).value_or(0))});
  leg.session_expires = in_bounds(profile.session_expires, floor, std::max(floor, kMost));
  leg.refresh = Refresh::ours;
  if (!asked) return;
  leg.session_expires = std::max(floor, std::min(asked->interval, leg.session_expires));
  if (leg.peer_timer && asked->refresher == SessionExpires::Refresher::uac) leg.refresh = Refresh::theirs;
}

void agree_as_client(const Turn& t, Leg& leg, const sip::Message& response) {
  const auto said = session_expires_of(response);
  leg.refresh = Refresh::ours;
  if (!said) {
    leg.session_expires = std::max({kLeast, leg.min_se, t.profile(leg).session_expires});
    return;
  }
  leg.session_expires = std::max(said->interval, kLeast);
  if (said->refresher == SessionExpires::Refresher::uas) leg.refresh = Refresh::theirs;
}

void append_session_timer_request(std::string& out, const Leg& leg) {
  if (leg.session_expires <= Duration{}) return;
  out.append("Session-Expires: ");
  append_number(out, static_cast<uint64_t>(leg.session_expires.seconds()));
  if (leg.refresh != Refresh::off) out.append(leg.refresh == Refresh::ours ? ";refresher=uac" : ";refresher=uas");
  out.append("\r\nMin-SE: ");
  append_number(out, static_cast<uint64_t>(std::max(leg.min_se, kLeast).seconds()));
  out.append("\r\n");
}

void append_session_timer_answer(std::string& out, const Leg& leg) {
  if (leg.refresh == Refresh::off || leg.session_expires <= Duration{}) return;
  const bool theirs = leg.refresh == Refresh::theirs;
  // RFC 4028 §9: Require says that they must refresh; a party that does not know timers is not told of ours.
  if (!leg.peer_timer) return;
  if (theirs) out.append("Require: timer\r\n");
  out.append("Session-Expires: ");
  append_number(out, static_cast<uint64_t>(leg.session_expires.seconds()));
  out.append(theirs ? ";refresher=uac\r\n" : ";refresher=uas\r\n");
}

void arm_session_timer(Turn& t, Leg& leg) {
  if (leg.refresh == Refresh::off || leg.session_expires <= Duration{}) return t.core.schedule.clear(t.core.legs, leg);
  const Duration whole = leg.session_expires;
  const Duration wait = leg.refresh == Refresh::ours ? whole / 2 : whole - std::min(seconds(32), whole / 3);
  t.core.schedule.start(t.now());
  t.core.schedule.set(t.core.legs, leg.self.index, leg, t.now() + wait);
}

}  // namespace carillon::call
