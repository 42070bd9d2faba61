#pragma once
// Pieces of a description of ours, shared by relay.cc and marry.cc.

#include <cstddef>
#include <string>

#include "sdp/relay.h"

namespace carillon::sdp {

// "s=-" and of the head of `from` everything that is not the writer's own: c=, b=, t=, a= and what we do not know.
void append_head(std::string& out, const Session& from, bool lines_dropped, const LineRules& rules);
// v= and o= in front of a description whose other lines stand in `out` from `at` on.
void insert_origin(std::string& out, size_t at, OurOrigin& origin);

}  // namespace carillon::sdp
