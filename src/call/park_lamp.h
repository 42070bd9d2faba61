#pragma once
// Park numbers as lamps show them: who watches one (RFC 4235) hears whether somebody waits there, and who.
//
// LineLegs and what shards tell each other name a line by its id; a park number has a key below 0 in its place, good
// for as long as the process lives.

#include <string_view>
#include <vector>

#include "call/core.h"

namespace carillon::call {

// `digits` is the number itself, where the row is a range.
config::EntityId key_of_park(const config::NumberView& row, std::string_view digits);
config::EntityId key_of_park(bool directed, config::EntityId row, std::string_view digits);

// Whoever waits at the number with this key, as one dialog; nothing while nobody does.
std::vector<LineLeg> legs_of_park(Core& core, config::EntityId key);
// The number's state has changed, or it is about to be free.
void park_changed(Core& core, const Parked& p);

}  // namespace carillon::call
