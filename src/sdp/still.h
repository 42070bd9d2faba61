#pragma once
// Descriptions of a session in which nothing flows: for calls that the server answers by itself, only to say something
// on the phone's display.

#include <string>

#include "sdp/relay.h"

namespace carillon::sdp {

// The answer to `offer`: its plain audio lines (RTP/AVP) are taken as inactive, with the discard port (RFC 863) at our
// address; all others are refused.
void append_still_answer(std::string& out, const Session& offer, OurOrigin& origin);
// An offer of our own of the same kind, for an INVITE that brought none.
void append_still_offer(std::string& out, OurOrigin& origin);

}  // namespace carillon::sdp
