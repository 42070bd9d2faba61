#include "sip/usage/session_timer.h"

#include <algorithm>

#include "base/text.h"

namespace carillon::sip {

namespace {

constexpr uint32_t kSmallest = 90;     // RFC 4028 §5
constexpr uint32_t kLargest = 86'400;  // longer ones are as good as none

uint32_t minimum_of(const Message& m) { return std::max(m.number(HeaderId::min_se).value_or(kSmallest), kSmallest); }

std::optional<SessionExpires> expires_of(const Message& m) {
  const Header* h = m.find(HeaderId::session_expires);
  return h == nullptr ? std::nullopt : SessionExpires::parse(h->value);
}

}  // namespace

Instant SessionTimer::deadline(Instant since) const {
  if (refresher == Refreshes::off || interval == 0) return kNever;
  if (refresher == Refreshes::ours) return since + seconds(interval) / 2;
  return since + seconds(interval) - std::min(seconds(32), seconds(interval) / 3);
}

std::optional<uint32_t> too_small(const SessionPolicy& policy, const Message& request) {
  const auto asked = expires_of(request);
  // Only who knows the extension can make anything of a 422 (RFC 4028 §8.1).
  if (!asked || asked->delta >= policy.minimum || !request.lists(HeaderId::supported, "timer")) return {};
  return std::max(policy.minimum, kSmallest);
}

SessionTimer agree_as_server(const SessionPolicy& policy, const Message& request) {
  SessionTimer t;
  const auto asked = expires_of(request);
  const bool able = request.lists(HeaderId::supported, "timer");
  t.minimum = std::max(minimum_of(request), policy.minimum);
  if (!asked && policy.interval == 0) return t;
  t.interval = asked ? asked->delta : policy.interval;
  // We may lower what was asked, not below either minimum (§9).
  if (asked && policy.interval != 0) t.interval = std::min(t.interval, policy.interval);
  t.interval = std::clamp(t.interval, t.minimum, std::max(kLargest, t.minimum));
  const bool they = able && asked && asked->refresher == Refresher::uac;
  t.refresher = they ? Refreshes::theirs : Refreshes::ours;
  return t;
}

SessionTimer agree_as_client(const SessionPolicy& policy, const Message& response) {
  SessionTimer t;
  t.minimum = std::max(policy.minimum, kSmallest);
  const auto said = expires_of(response);
  if (!said) {
    if (policy.interval == 0) return t;
    t.interval = std::max(policy.interval, t.minimum);
    t.refresher = Refreshes::ours;
    return t;
  }
  t.interval = std::clamp(said->delta, kSmallest, kLargest);
  t.refresher = said->refresher == Refresher::uas ? Refreshes::theirs : Refreshes::ours;
  return t;
}

std::optional<SessionPolicy> after_422(const SessionPolicy& tried, const Message& response) {
  const auto needed = response.number(HeaderId::min_se);
  if (!needed || *needed <= tried.interval || *needed > kLargest) return {};
  return SessionPolicy{std::max(tried.interval, *needed), std::max(tried.minimum, *needed)};
}

void append_session_request(std::string& to, const SessionPolicy& policy, const SessionTimer& timer) {
  const uint32_t interval = timer.interval != 0 ? timer.interval : policy.interval;
  if (interval == 0) return;
  const uint32_t minimum = std::max({policy.minimum, timer.minimum, kSmallest});
  to += "Session-Expires: ";
  append_number(to, std::max(interval, minimum));
  // Of a first request the answer may choose; a refresh keeps the roles (§7.4).
  if (timer.refresher == Refreshes::ours) to += ";refresher=uac";
  if (timer.refresher == Refreshes::theirs) to += ";refresher=uas";
  to += "\r\n";
  if (minimum <= kSmallest) return;
  to += "Min-SE: ";
  append_number(to, minimum);
  to += "\r\n";
}

void append_session_answer(std::string& to, const SessionTimer& timer) {
  if (timer.refresher == Refreshes::off) return;
  if (timer.refresher == Refreshes::theirs) to += "Require: timer\r\n";
  to += "Session-Expires: ";
  append_number(to, timer.interval);
  to += timer.refresher == Refreshes::theirs ? ";refresher=uac\r\n" : ";refresher=uas\r\n";
}

}  // namespace carillon::sip
