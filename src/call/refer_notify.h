#pragma once
// The implicit subscription of a REFER: NOTIFYs with a message/sipfrag in the transferor's dialog, one at a time; what
// happens meanwhile is told by the next (RFC 3515 §2.4.4, §2.4.5; RFC 3420).

#include "call/feature.h"
#include "call/transfer_machine.h"

namespace carillon::call {

// There is something to tell: `tr.refer.status`. True when nothing (more) is to be told: the subscription is over.
bool tell_transferor(Core& core, Context& context, Transfer& tr);
// The answer to a NOTIFY. True as above.
bool notify_result(Turn& t, Transfer& tr, Exchange& x, const LegEvent& e);
// Shows the transferor that party in place of the transferee: an update of the display in its dialog. False when it
// cannot be shown anything now.
bool show_transferor(Core& core, Context& context, Transfer& tr, const Party& party);
// SUBSCRIBE to the transfer's progress in its dialog: refreshes, or with Expires: 0 ends it (RFC 3515 §2.4.4).
void take_refer_subscribe(Turn& t, Leg& leg, const sip::Event& e);

}  // namespace carillon::call
