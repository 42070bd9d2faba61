#pragma once
// Transfers: a REFER in a dialog of ours (RFC 3515, RFC 5589). A phone never gets a REFER from us; the server calls the
// target itself, joins it with the transferee, and hangs up on the transferor.
//
// Blind: a new call rings the target, a stand-in as its caller, while transferor and transferee keep theirs: when
// nobody takes the call nothing has changed for them. Attended: the far parties of the transferor's two calls are
// joined in a new one. Early attended, the consultation still rings: a stand-in takes the transferor's place in it, and
// it goes on as a blind one.

#include "call/feature.h"
#include "call/finish.h"
#include "call/refer_to.h"
#include "call/transfer_machine.h"

namespace carillon::call {

// May this leg's party be transferred now, or (`to_call`) may this call be what another one of the transferor's is
// brought to? 0, or the answer that the REFER deserves.
int transfer_obstacle(Turn& t, const Leg& transferor, bool to_call);
// That answer.
void obstruct_refer(Turn& t, const Leg& transferor, const sip::Event& refer, int status);
// The REFER is not followed; `why` as a Warning.
void refuse_refer(Turn& t, const sip::Event& refer, int status, std::string_view why);
// What the REFER is about is in another shard: the whole call goes there, and the REFER after it.
void refer_elsewhere(Turn& t, Leg& transferor, const sip::Event& refer, uint16_t shard);
// The same where this call has to stay, since it has been given a park number of this shard: the call of the dialog
// `tag` comes here.
void refer_after(Turn& t, Leg& transferor, const sip::Event& refer, std::string_view tag, uint16_t shard);
// The target is called with the transferor's rights; 202 when it is on its way, 403 when there is no such number.
void transfer_to_number(Turn& t, Leg& transferor, const sip::Event& refer, const ReferTo& to);
// The transferor's other leg, `consult`, is replaced by the transferee.
void transfer_to_call(Turn& t, Leg& transferor, const sip::Event& refer, const ReferTo& to, Leg& consult);

// An unanswered leg of the new call: rings, or has answered.
void target_rang(Turn& t, Transfer& tr);
void target_answered(Turn& t, Transfer& tr, Leg& target, const sip::Message& m);
// The same by an inbound leg that has taken a ringing call of the transfer over; `offer` is what it has offered.
void target_taken(Turn& t, Transfer& tr, Leg& target, std::string offer);
// The transferee waits at a park number, in the call that the transfer made.
void transfer_parked(Core& core, Context& context, Transfer& tr);
// The transferor has seen which, or somebody has taken the transferee up already.
void transfer_shown(Core& core, Context& context, Transfer& tr);
void transfer_show_timer(Core& core, Context& context, Transfer& tr);
// The answer to a NOTIFY.
void transferor_told(Turn& t, Leg& transferor, Exchange& x, const LegEvent& e);
// `who` hangs up, or (null) the call ends otherwise: before anybody is let go for it.
void transfer_left(Turn& t, const Leg* who);
// The call that a transfer made is over.
void transfer_call_over(Turn& t, int status);
// The record of the call is durable, or the store has been silent for too long.
void transfer_written(Turn& t);
// An ended leg that the transfer still has something to tell.
bool transfer_keeps(const Core& core, const Leg& leg);

// The leg whose dialog a Replaces names (RFC 3891 §3), or null. Tags may stand in either order: whoever copies them
// from a dialog-info document (RFC 4235) sees the dialog from the other end.
Leg* find_replaced(Core& core, std::string_view replaces, bool& early_only);

}  // namespace carillon::call
