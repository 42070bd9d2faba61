#pragma once
// What two legs may use together: their products, their regions, the SIP Profile of the one that is told; and what is
// said where they find nothing (488 with Warning, RFC 3261 §20.43).

#include <string_view>

#include "call/core.h"
#include "sdp/relay.h"

namespace carillon::call {

// The region limits and products of two legs, and the bandwidth that there is for `session`, which one of them wrote
// (null: not known yet). Restricts nothing where nothing is configured.
sdp::Policy policy_between(const Turn& t, const Leg& a, const Leg& b, const sdp::Session* session);
// The same with how the party of `to` is written to.
sdp::RelayOptions relay_options(const Turn& t, const Leg& from, const Leg& to, const sdp::Session& session);

// `from` wrote `offer`, and nothing in it suits `to`. Keeps Warning lines for the final answer (Call::warning): 304 or
// 305, and a 399 with the lists of both sides; 370 where it is for want of bandwidth. `answer` is what the party of
// `to` said it takes, if anything.
void note_incompatible(Turn& t, const Leg& from, View offer, const Leg& to, View answer);

// The same where an offer is not known yet: there is no room for any.
void note_no_room(Turn& t, const Leg& from, const Leg& to);

// A phone has refused an offer with video, and wants to be asked again without (Phone: retryVideoCallAsAudio). False
// when there is no second try.
bool retry_as_audio(Turn& t, Leg& leg, int status);

}  // namespace carillon::call
