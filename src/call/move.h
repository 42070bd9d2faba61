#pragma once
// Legs that change their call, and calls that begin without an INVITE of theirs.

#include "call/core.h"

namespace carillon::call {

// A new call beside the one at work: empty but for its id; it belongs to the same global call as `from`, whose record
// it continues. REQUIRES: !core.calls.full(). It is settled with the call at work.
Call& open_call(Core& core, Context& context, const Call& from);
// A call that came to nothing goes without a record. REQUIRES: its legs are over or gone.
void discard_call(Core& core, Call& call);

// A leg without a party as the calling side of `t.call`: phones are called for `of`, which joins the call when one
// answers. It has the deadline of the ringing, and the phone and line that features ask about.
Leg& add_stand_in(Turn& t, const Leg& of);
inline bool is_stand_in(const Leg& leg) { return leg.inbound && !leg.invite.valid() && leg.dialog.call_id.empty(); }

// The party of `leg`, of the call `from`, is the calling side of `call`: names and record.
void name_calling(Turn& from, Call& call, const Leg& leg);
// Takes a leg out of its call and puts it into `to`, without a side there. What is counted for its appearance stays
// counted.
void move_leg(Core& core, Context& context, Leg& leg, Call& to);
// A request as it came.
struct RawRequest {
  const sip::Flow& flow;
  std::string_view bytes;
};
// Sends the whole answered call to another shard, and the request that it goes for after it. False when something is
// under way in the call.
bool move_call(Turn& t, const RawRequest& request, uint16_t shard);
// A 2xx that is repeated to an INVITE in a dialog that was sent away so gets the ACK that it had (RFC 3261 §13.2.2.4).
// False when it had none.
bool repeat_left_ack(const Core& core, Context& context, const sip::Message& success);
// Asks the shard that minted `tag` for the call of that dialog, for a request which comes back with it, or alone.
void fetch_call(Turn& t, std::string_view tag, const RawRequest& request, uint16_t shard);
// The shard that minted the leg's tag hears that its dialog is here, or that it is over. Nothing for our own tags.
void announce_tag(Turn& t, const Leg& leg, bool here);
// The shard of a tag of another one; nothing for our own and for strangers'.
std::optional<uint16_t> other_shard(const Core& core, const Context& context, std::string_view tag);

// The party that the leg is, as the call that it is in has it.
Party party_of(const Turn& t, const Leg& leg);

}  // namespace carillon::call
