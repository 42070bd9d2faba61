#pragma once
// What we say to a party, one function a message. All text goes through the engine's buffers.

#include <string_view>

#include "call/core.h"

namespace carillon::call {

// A new leg in the call's list. Its tag is minted; REQUIRES: !core.legs.full().
Leg& add_leg(Turn& t, bool inbound, const sip::Flow& flow);

// After a restart, when its connection is gone, or when a NAT has moved it, a phone is where it has registered since;
// over TCP and TLS else where its Contact says, by a new connection (RFC 3261 §18.1.1). True when the leg's flow has
// changed. What is sent in a dialog asks by itself.
bool find_way(Turn& t, Leg& leg);
// Where to connect to the party when its connection turns out to be gone (sip/reconnect.h); 0: nowhere.
uint16_t reconnect_port(const Leg& leg);
// A response has come by a connection that was opened for the request: that is the party's way now.
void follow_answer(Core& core, Leg& leg, const sip::Event& e);
// The ACK once more for a repeated 2xx, by the way that leads to the party now; to an INVITE before the last a bare
// one.
void repeat_ack(Turn& t, Leg& leg, uint32_t cseq);

// Answers a request at once and for good: makes its transaction so that repetitions are absorbed.
void answer_request(Turn& t, const sip::Event& request, int status, View headers, View content_type, View body);
// A final or provisional answer to an INVITE of a leg's party inside or at the start of the dialog. `headers` come
// after ours.
void answer_invite(Turn& t, Leg& leg, sip::TxnId txn, int status, View headers, View sdp, uint32_t rseq);

// A request in the leg's dialog for `x`, which gets its id and CSeq. False when it could not be sent: `x` is gone then.
bool send_request(Turn& t, Leg& leg, Exchange& x, View method, View headers, View content_type, View body);
// A new exchange on `on` for `from` (or nobody). Null when the table is full.
Exchange* add_exchange(Turn& t, Leg& on, const Leg* from, Exchange::Kind kind);
// Forgets an exchange and what points to it.
void drop_exchange(Core& core, Exchange& x);

// RFC 3261 §14.1: so long we wait after a 491 on this leg: the owner of the Call-ID 2.1 to 4 s, the other 0 to 2 s, in
// steps of 10 ms. The Call-ID of a dialog is ours when our INVITE made it.
Duration glare_wait(Core& core, const Leg& leg);
// The ACK to their 2xx with this CSeq; kept for repetitions of the 2xx.
void send_ack(Turn& t, Leg& leg, uint32_t cseq, View sdp);
// ACK and BYE to a 2xx that nobody waits for: a fork's second answer, or one after the end (RFC 3261 §13.2.2.4).
void dismiss_stray(Core& core, Context& context, const sip::Event& response, bool bye);
// The PRACK to a reliable provisional response to our INVITE (RFC 3262 §4), with our answer where that was an offer.
void send_prack(Turn& t, Leg& leg, uint32_t rseq, View sdp);
// BYE; waits for the ACK where RFC 3261 §15 says so.
void send_bye(Turn& t, Leg& leg, int cause);
// CANCEL with a Reason line; the leg lives until its final answer.
void let_go(Turn& t, Leg& leg, View reason_line);

}  // namespace carillon::call
