#pragma once
// Calls that the server answers by itself: feature codes. The phone hears no ringing; it is answered for a moment, in a
// session without media, and shows what was done as the name of the party; then it is released. What went wrong is a
// final answer with a Warning.

#include <string>
#include <string_view>

#include "call/config_request.h"
#include "call/core.h"

namespace carillon::call {

// Answers the caller with `words` in place of a name (RFC 3261 §20.20: To stays; Remote-Party-ID and
// P-Asserted-Identity), and hangs up after kShownFor. REQUIRES: nobody else was called.
void confirm_call(Turn& t, std::string_view words);
// Refuses the caller; `words` as a Warning.
void deny_call(Turn& t, int status, int cause, std::string_view words);

// Has the configuration changed, then confirms with `words`, or denies with what the administration said. The call
// waits; kInternalAnswer without an answer is a 503.
void change_configuration(Turn& t, ConfigRequest request, std::string words);
// The administration has answered; `fault` is empty when the change was made.
void configuration_changed(Turn& t, std::string_view fault);
// Call::ring_due of such a call: what was done has been shown, or the administration has not answered in time.
void service_time_over(Turn& t);

// For feature codes, about the line and the phone of the caller. The number must be within the reach of the line's
// forwards, else the caller is denied; "" ends the forwarding.
void set_forward_all(Turn& t, std::string_view number);
// Nothing: the other way round from what it is.
enum class Switch : uint8_t { off, on, toggle };
void set_do_not_disturb(Turn& t, Switch to);

}  // namespace carillon::call
