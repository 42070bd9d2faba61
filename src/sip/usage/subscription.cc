#include "sip/usage/subscription.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "base/text.h"

namespace carillon::sip {

std::string_view subscription::to_string(State s) {
  constexpr std::string_view kNames[] = {"initial", "active", "notifying", "due", "ending", "ended"};
  return kNames[static_cast<size_t>(s)];
}

std::string_view subscription::to_string(Trigger t) {
  constexpr std::string_view kNames[] = {"subscribe", "fetch", "refresh",  "unsubscribe",
                                         "change",    "end",   "answered", "failed"};
  return kNames[static_cast<size_t>(t)];
}

std::string_view subscription::to_string(Action a) {
  constexpr std::string_view kNames[] = {"nothing", "notify", "notify-last", "forget"};
  return kNames[static_cast<size_t>(a)];
}

subscription::Action Subscription::take(subscription::Trigger trigger) {
  for (const subscription::Row& row : subscription::kSubscription) {
    if (row.from != state || row.trigger != trigger) continue;
    state = row.to;
    return row.action;
  }
  return subscription::Action::nothing;
}

// RFC 6665 §4.2.1.1, RFC 3903 §6: a notifier may shorten, never lengthen.
Expiry grant(const Message& request, const ExpiryBounds& bounds) {
  const auto asked = request.number(HeaderId::expires);
  if (!asked) return {std::min(bounds.usual, bounds.most)};
  if (*asked == 0) return {0};
  if (*asked < bounds.least) return {*asked, true};
  return {std::min(*asked, bounds.most)};
}

subscription::Trigger after_notify(int status) {
  constexpr int kFatal[] = {403, 404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604};
  if (std::find(std::begin(kFatal), std::end(kFatal), status) != std::end(kFatal)) return subscription::Trigger::failed;
  return subscription::Trigger::answered;
}

void append_event_lines(std::string& to, std::string_view package, const Subscription& s, std::string_view reason,
                        Instant now) {
  to.append("Event: ").append(package);
  if (!s.event_id.empty()) to.append(";id=").append(s.event_id);
  to.append("\r\nSubscription-State: ");
  if (s.lives()) {
    to.append("active;expires=");
    append_number(to, static_cast<uint64_t>(std::max<int64_t>((s.expires - now).seconds(), 0)));
  } else {
    to.append("terminated;reason=").append(reason);
  }
  to.append("\r\n");
}

}  // namespace carillon::sip
