#pragma once
// The answer that refuses all of an offer.

#include <string>

#include "sdp/relay.h"

namespace carillon::sdp {

// Appends an answer to `offer` with every media line refused: port 0 (RFC 3264 §6).
void append_refusal(std::string& out, const Session& offer, OurOrigin& origin);

}  // namespace carillon::sdp
