#pragma once
// What the party that a call was sent to is told of its way: Diversion (RFC 5806) and History-Info (RFC 7044), as the
// SIP Profile of its phone wants them.

#include <string>

#include "call/core.h"

namespace carillon::call {

// Appends both for an INVITE on `leg`; nothing for a call that came straight.
void append_redirections(std::string& out, const Turn& t, const Leg& leg);
// The reason word of a Diversion header, Why::unknown for others.
Why why_of(std::string_view reason);

}  // namespace carillon::call
