#include "call/feature.h"

namespace carillon::call {

extern const Feature barge, replaces, feature_code, pickup, park_numbers, hunt, auto_answer, call_back_calls,
    do_not_disturb, reject_anonymous, caller_filter, forward_all, shared_line, forward_busy, forward_no_answer,
    forward_unregistered, redirect_by_phone, other_contacts, transfer_progress, join_legs, hold, transfer_attended,
    transfer_blind, session_refresh, bridge;

// THE LIST. The first to take an event wins; the order is the precedence, and the reason stands beside it. Where a
// feature that is not there yet belongs, a comment holds its place.
const Feature* const kFeatures[] = {
    &barge,     // INVITE with Join names a dialog of ours (RFC 3911); with both it is a mistake, so this is first
    &replaces,  // INVITE with Replaces names a dialog of ours (RFC 3891): before any routing
    // emergency: must not be forwarded, screened or queued
    &feature_code,  // what is dialled to have something done
    &pickup,        // numbers that are no lines
    &park_numbers,
    &hunt,              // the next of its members comes before forwards of lines; who is logged out never rings
    &reject_anonymous,  // nobody should be sent on who is not let in
    &caller_filter,     // the same by number
    &auto_answer,       // an intercom call is for that phone, and forwarded nowhere
    &call_back_calls,   // whoever waits for one hears nothing of it, and nobody takes the place of who asked for it
    &do_not_disturb,    // before forwarding, a line may have both
    &forward_all,
    // barring
    &shared_line,        // all appearances ring; the first answer wins
    &redirect_by_phone,  // what a phone wants of this very call comes before what its line wants of all
    &forward_busy,       // these three where shared_line found nobody, or nobody came
    &forward_no_answer, &forward_unregistered,
    &other_contacts,  // of a phone's 3xx: whoever was called first has been looked for everywhere
    // voicemail_deposit: after forwards, it is where they end
    &transfer_progress,  // calls that a transfer has made, before anybody takes their stand-in for a caller
    &join_legs,          // whose parties are being joined cannot be asked for another session
    &hold,               // sees re-INVITEs and UPDATEs before they are passed on
    &transfer_attended,  // Replaces that names a dialog of ours; else
    &transfer_blind,     // a number
    // record, conference
    &session_refresh,  // requests that only refresh end here
    &bridge,           // the plain two-party call takes whatever is left
};

Verdict ask_invite(Turn& t, const NewCall& n) {
  for (const Feature* f : kFeatures) {
    if (f->on_invite != nullptr && f->on_invite(t, n) == Verdict::taken) return Verdict::taken;
  }
  return Verdict::pass;
}

Verdict ask_number(Turn& t, const Hop& hop, const dialplan::Decision& found) {
  for (const Feature* f : kFeatures) {
    if (f->on_number != nullptr && f->on_number(t, hop, found) == Verdict::taken) return Verdict::taken;
  }
  return Verdict::pass;
}

void ask_dial(Turn& t, Leg& leg, std::string& headers) {
  for (const Feature* f : kFeatures) {
    if (f->on_dial != nullptr) f->on_dial(t, leg, headers);
  }
}

bool ask_may_replace(Turn& t, const registrar::Identity& who, const Leg& replaced) {
  for (const Feature* f : kFeatures) {
    if (f->may_replace != nullptr && f->may_replace(t, who, replaced) == Verdict::taken) return true;
  }
  return false;
}

Verdict ask_exhausted(Turn& t, const Failure& e) {
  for (const Feature* f : kFeatures) {
    if (f->on_exhausted != nullptr && f->on_exhausted(t, e) == Verdict::taken) return Verdict::taken;
  }
  return Verdict::pass;
}

Verdict ask_targets(Turn& t, Targets& targets) {
  for (const Feature* f : kFeatures) {
    if (f->on_targets != nullptr && f->on_targets(t, targets) == Verdict::taken) return Verdict::taken;
  }
  return Verdict::pass;
}

Verdict ask_leg(Turn& t, Leg& leg, const LegEvent& e) {
  for (const Feature* f : kFeatures) {
    if (f->on_leg != nullptr && f->on_leg(t, leg, e) == Verdict::taken) return Verdict::taken;
  }
  return Verdict::pass;
}

Verdict ask_request(Turn& t, Leg& leg, const sip::Event& e) {
  for (const Feature* f : kFeatures) {
    if (f->on_request != nullptr && f->on_request(t, leg, e) == Verdict::taken) return Verdict::taken;
  }
  return Verdict::pass;
}

Verdict ask_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e) {
  for (const Feature* f : kFeatures) {
    if (f->on_result != nullptr && f->on_result(t, leg, x, e) == Verdict::taken) return Verdict::taken;
  }
  return Verdict::pass;
}

std::string_view to_string(LegEvent::Kind k) {
  constexpr std::string_view kNames[] = {"ringing", "answered", "failed", "expired"};
  return kNames[static_cast<size_t>(k)];
}

}  // namespace carillon::call
