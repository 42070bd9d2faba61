#pragma once
// A party who has nobody to talk to, parked or answered by ourselves, stays in a session in which nothing flows.

#include "call/feature.h"

namespace carillon::call {

// Our description that makes each line of theirs still; "" when there is none, or it cannot be read.
std::string still_of(Turn& t, Leg& leg, std::string_view theirs);
// A re-INVITE that makes the session still, and shows the party what it is connected with now. Later, when something is
// open; the park number of its call, if any, asks again.
void ask_still(Turn& t, Leg& leg);
// The answer to it.
void still_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e);
// A re-INVITE or UPDATE of theirs.
void answer_still(Turn& t, Leg& leg, const sip::Event& e);

}  // namespace carillon::call
