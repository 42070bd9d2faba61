#include "call/feature.h"

namespace carillon::call {

extern const Feature shared_line, hold, session_refresh, bridge;

// THE LIST. The first to take an event wins; the order is the precedence, and the reason stands beside it. Where a
// feature that is not there yet belongs, a comment holds its place.
const Feature* const kFeatures[] = {
    // replaces_join: INVITE with Replaces names a dialog of ours (RFC 3891): before any routing
    // emergency: must not be forwarded, screened or queued
    // feature_code, park_retrieve, pickup: numbers that are no lines
    // do_not_disturb: before forwarding, a line may have both
    // forward_all, barring
    &shared_line,  // all appearances ring; the first answer wins
    // hunt, forward_busy, forward_no_answer, forward_unregistered, voicemail_deposit: where shared_line found nobody
    &hold,  // sees re-INVITEs and UPDATEs before they are passed on
    // transfer_attended, transfer_blind, park, record, conference
    &session_refresh,  // requests that only refresh end here
    &bridge,           // the plain two-party call takes whatever is left
};

Verdict ask_invite(Turn& t, const NewCall& n) {
  for (const Feature* f : kFeatures) {
    if (f->on_invite != nullptr && f->on_invite(t, n) == Verdict::taken) return Verdict::taken;
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
