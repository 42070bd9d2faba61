#pragma once
// A parked call goes back to whoever parked it, or to where the park number says.

#include "call/park_machine.h"
#include "call/route.h"

namespace carillon::call {

// The call in which phones ring for the party of `p`: a stand-in for the party calls, and its name says where it waits.
Call& open_reversion(Core& core, Context& context, Parked& p);
// Lets them ring. Other than yes: nobody could be called.
Routed route_reversion(Turn& t, const Parked& p);

}  // namespace carillon::call
