#pragma once
// A call to a hunt pilot goes from member to member of the line groups of its hunt list (system.md 3.7), until one
// answers; else where the pilot forwards to. While it hunts the caller sees the pilot.

#include <string>
#include <string_view>
#include <vector>

#include "call/feature.h"

namespace carillon::call {

// The call, which rings nobody that could be kept, is for this pilot from now on: it rings members, or has gone on, or
// is over.
void begin_hunt(Turn& t, const config::HuntPilotView& pilot);
// Whoever was called does not take the call, or has not for the time of the group: the next, or the end of the hunt.
void go_on_hunting(Turn& t, const Failure& f);
// A member has answered: what the caller sees of it.
void hunt_answered(Turn& t, const Leg& leg);
// Only with Lack::no_answer: phones that ring are logged out of hunting, where the group says so.
void log_out_silent(Turn& t);

// The members of a group in the order in which a hunt that begins now tries them.
std::vector<config::EntityId> hunt_order(const Core& core, const config::LineGroupView& group);

// After every event: which hunted lines have calls. `before` and `after`: the line that a leg stood under, and stands.
void note_hunted(Turn& t, config::EntityId before, config::EntityId after);

// The codes that log the caller's phone into hunt groups and out (hunt_login, hunt_logout).
Verdict hunt_code(Turn& t, const config::FeatureCodeView& code, std::string_view argument);

}  // namespace carillon::call
