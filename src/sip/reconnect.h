#pragma once
// A peer whose connection is gone: may another one be opened to it, and to which port (RFC 3261 §18.1.1, RFC 5626
// §5.3)?

#include <cstdint>

#include "sip/flow.h"
#include "sip/message/uri.h"
#include "sip/out.h"

namespace carillon::sip {

// `next_hop` is where requests to it go (RFC 3261 §8.1.2): the first Route or Path, else the Contact, in brackets or
// bare; `flow` is the way by which it was heard last. The port to connect to, at the address of `flow`; 0 when there is
// no other way than `flow`:
// - over UDP there are no connections;
// - the peer says that only its own flow leads to it (`ob`, RFC 5626 §5.3);
// - it names another host than the address that it was heard from: a NAT stands between, or it is somebody else's;
// - it wants to be asked over another transport, or over a weaker one than it used.
uint16_t reconnect_port(View next_hop, const Flow& flow);
// A response has come by a connection that was opened for the request: that is the peer's way now. True when `flow` has
// become another.
bool follow_answer(Flow& flow, const Event& e);

}  // namespace carillon::sip
