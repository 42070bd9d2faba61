#pragma once
// The notifier's side of a subscription (RFC 6665 §4.2) as a value and a machine: who is told, until when, and which
// NOTIFY is under way. It knows nothing of what is watched; whoever does (lines: lamps, presence, message waiting;
// call: REFER) sends the messages that the machine asks for.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sip/dialog/dialog.h"
#include "sip/out.h"

namespace carillon::sip {

namespace subscription {

enum class State : uint8_t {
  initial,    // the SUBSCRIBE is being answered
  active,     // everything has been told
  notifying,  // a NOTIFY is under way
  due,        // a NOTIFY is under way and does not say what is so by now
  ending,     // the last NOTIFY is under way
  ended,
};
enum class Trigger : uint8_t {
  subscribe,    // the first SUBSCRIBE
  fetch,        // the first SUBSCRIBE, with Expires: 0 (§4.4.3)
  refresh,      // another SUBSCRIBE
  unsubscribe,  // another SUBSCRIBE, with Expires: 0
  change,       // what is watched has changed
  end,          // it has expired, or is not allowed any more
  answered,     // the NOTIFY got an answer that lets the subscription live
  failed,       // the NOTIFY got one that does not, or none
};
enum class Action : uint8_t {
  nothing,
  notify,       // send a NOTIFY that says all
  notify_last,  // the same, with Subscription-State: terminated
  forget,       // nothing is left to be done
};

struct Row {
  State from;
  Trigger trigger;
  Action action;
  State to;
};

// RFC 6665 §4.1.2 and §4.2. A line is an arrow; where there is no line, nothing happens. One NOTIFY is under way at a
// time: changes meanwhile wait, and go out as one. A SUBSCRIBE has its NOTIFY at once all the same (§4.2.1.2); the
// answer to the one before it does not count any more.
constexpr Row kSubscription[] = {
    {State::initial, Trigger::subscribe, Action::notify, State::notifying},
    {State::initial, Trigger::fetch, Action::notify_last, State::ending},
    {State::active, Trigger::refresh, Action::notify, State::notifying},
    {State::active, Trigger::change, Action::notify, State::notifying},
    {State::active, Trigger::unsubscribe, Action::notify_last, State::ending},
    {State::active, Trigger::end, Action::notify_last, State::ending},
    {State::notifying, Trigger::refresh, Action::notify, State::notifying},
    {State::notifying, Trigger::change, Action::nothing, State::due},
    {State::notifying, Trigger::unsubscribe, Action::notify_last, State::ending},
    {State::notifying, Trigger::end, Action::notify_last, State::ending},
    {State::notifying, Trigger::answered, Action::nothing, State::active},
    {State::notifying, Trigger::failed, Action::forget, State::ended},
    {State::due, Trigger::refresh, Action::notify, State::notifying},
    {State::due, Trigger::unsubscribe, Action::notify_last, State::ending},
    {State::due, Trigger::end, Action::notify_last, State::ending},
    {State::due, Trigger::answered, Action::notify, State::notifying},
    {State::due, Trigger::failed, Action::forget, State::ended},
    {State::ending, Trigger::answered, Action::forget, State::ended},
    {State::ending, Trigger::failed, Action::forget, State::ended},
};
std::string_view to_string(State s);
std::string_view to_string(Trigger t);
std::string_view to_string(Action a);

}  // namespace subscription

struct Subscription {
  Dialog dialog;
  std::string event_id;  // of Event, "" when none (§4.5.2)
  subscription::State state = subscription::State::initial;
  TxnId notify;     // the NOTIFY whose answer counts
  Instant expires;  // ended at or before this; zero: with the first NOTIFY
  bool lives() const { return state != subscription::State::ending && state != subscription::State::ended; }
  // Takes the arrow of the machine, if there is one.
  subscription::Action take(subscription::Trigger trigger);
};

// What a SUBSCRIBE or a PUBLISH may ask for.
struct ExpiryBounds {
  uint32_t least = 60, most = 3600, usual = 3600;  // seconds; `usual` when nothing is asked for
};
struct Expiry {
  uint32_t seconds = 0;    // granted; 0: ends at once
  bool too_brief = false;  // 423 with Min-Expires
};
Expiry grant(const Message& request, const ExpiryBounds& bounds);

// The answer to a NOTIFY, 408 for none, and what becomes of the subscription (RFC 6665 §4.2.2, RFC 5057 §5.1).
subscription::Trigger after_notify(int status);

// Why it ends (§4.1.3); "" while it lives.
inline constexpr std::string_view kTimeout = "timeout", kRejected = "rejected", kNoResource = "noresource",
                                  kDeactivated = "deactivated";
// "Event: …" and "Subscription-State: …" of a NOTIFY.
void append_event_lines(std::string& to, std::string_view package, const Subscription& s, std::string_view reason,
                        Instant now);

}  // namespace carillon::sip
