#pragma once
// What the four forwards of a line have in common (system.md 2.7, 3.3).

#include "call/route.h"

namespace carillon::call {

using ForwardOf = config::ForwardView config::ForwardsView::*;

// The line that is being called, when it has forwards; else null.
const config::ForwardsView* forwards_of_called(const Turn& t);
// The number that a line's forward names for a caller like this one; "" for none.
std::string_view forward_number(const Turn& t, const config::ForwardsView& forwards, ForwardOf which);
// Sends the call on by that forward of the line that is being called. `unknown` where there is none.
Routed forward_call(Turn& t, ForwardOf which, Why why, int status);

}  // namespace carillon::call
