#pragma once
// What makes two legs hear each other: the description of one, shown to the other (docs/ARCHITECTURE.md, section 6.3).
// The way is *relay*: an offer that one side made goes to the other, and the answer comes back.

#include <string>
#include <string_view>

#include "call/core.h"

namespace carillon::call {

enum class Shown : uint8_t {
  ok,
  unreadable,  // not a session description: 400, or the other side's fault
  refused,     // nothing in it that both may use: 488
};

// Appends to `to_body` what the party of `to` is shown of `text`, which the party of `from` wrote. Remembers in both
// legs which media lines differ, and in `to` what was sent. An unanswered callee keeps the caller's lines for itself.
Shown show(Turn& t, Leg& from, Leg& to, std::string_view text, std::string& to_body);

// Appends to `to_body` the answer that refuses every line of `offer`, which the party of `to` wrote. Nothing when it
// cannot be read.
void show_refusal(Turn& t, Leg& to, std::string_view offer, std::string& to_body);

// Callee and caller have both offered (SIP Profile: delayed offer): appends to each the answer that the other's offer
// makes (sdp/marry.h). `text` is the callee's offer.
Shown marry(Turn& t, Leg& callee, std::string_view text, std::string& to_caller, std::string& to_callee);

// Fills the record of the call from a description that the party of `from` wrote.
void note_media(Turn& t, const Leg& from, std::string_view text);
// The same of what is in the core's session: the description that has just been read to be shown (show).
void note_media_read(Turn& t, const Leg& from);

// "192.0.2.1" of "192.0.2.1:5060", "2001:db8::1" of "[2001:db8::1]:5060".
std::string_view bare_host(std::string_view host);

}  // namespace carillon::call
