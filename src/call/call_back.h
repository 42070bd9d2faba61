#pragma once
// Call-back on busy and on no answer. A phone asks for it by feature code; the shard that the target's number hashes to
// watches the line (lines/call_backs.cc), and says when it is free. Then the server calls the phone that asked, which
// sees the target as the one who calls; when it has answered it waits without media, the target is called, and the two
// are joined (RFC 3725 §4.4; join.h).

#include <string_view>

#include "call/call_back_machine.h"
#include "call/config_request.h"
#include "call/feature.h"

namespace carillon::call {

// *37 alone: for the number that was dialled last on this line and phone; or with a number.
Verdict call_back_code(Turn& t, const config::FeatureCodeView&, std::string_view number);
// Forgets all that the line and phone of the caller have asked for.
Verdict call_back_cancel_code(Turn& t, const config::FeatureCodeView&, std::string_view);

// The target is free: rings the phone that asked, or notes at once that it could not.
void start_call_back(Core& core, Context& context, const CallBackNote& due);
// An unanswered leg of one of the two calls has answered.
void call_back_answered(Turn& t, CallBack& b, Leg& leg, const sip::Message& m);
// One of its two calls is over; `status`: the final answer that speaks for it.
void call_back_call_over(Turn& t, int status);

}  // namespace carillon::call
