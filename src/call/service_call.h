#pragma once
// Calls that the server answers by itself: feature codes. The phone hears no ringing; it is answered for a moment, in a
// session without media, and shows what was done as the name of the party; then it is released. What went wrong is a
// final answer with a Warning.

#include <string>
#include <string_view>

#include "call/config_request.h"
#include "call/core.h"

namespace carillon::call {

// Answers the caller with `words` in place of a name (Remote-Party-ID, P-Asserted-Identity; To stays as RFC 3261
// §8.2.6.2 wants it), and hangs up after kShownFor. REQUIRES: nobody else was called.
void confirm_call(Turn& t, std::string_view words);
// Answers the caller in the same way, with that party on its display, and lets it wait: whoever asks for it decides how
// the call goes on.
void answer_alone(Turn& t, Party shown);

// Asks the administration; `then` gets its answer while the caller still waits. The call waits; kInternalAnswer without
// an answer is a 503. False: the caller has been refused already.
using Answered = void (*)(Turn& t, const ConfigAnswer& answer);
bool ask_administration(Turn& t, ConfigRequest request, Answered then);
// The same of whoever else answers with token_of_answer().
void await_answer(Turn& t, Answered then);
state::Token token_of_answer(const Turn& t);

// Has the configuration changed for the caller's phone, then confirms with `words`, or denies with what the
// administration said. What a caller has asked for who has hung up since is done all the same. Token, shard and `by`
// are filled in here.
void change_configuration(Turn& t, ConfigRequest request, std::string words);
// The administration has answered.
void administration_answered(Turn& t, const ConfigAnswer& answer);
// Call::ring_due of such a call: what was done has been shown, or the administration has not answered in time.
void service_time_over(Turn& t);

}  // namespace carillon::call
