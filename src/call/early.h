#pragma once
// Offers before the answer, by reliable provisional responses (RFC 3262 §5, RFC 6337 §3.1): what a phone offers that
// got an INVITE without description, and what the caller answers or offers in its PRACK.

#include "call/feature.h"

namespace carillon::call {

// May a phone that is called be told that we know 100rel? Where its INVITE has no offer its first reliable provisional
// has one, which somebody must answer: we, with the offer that the caller made, or the caller, where it can. Of several
// phones only one could be answered.
bool may_be_reliable(const Turn& t, const Leg& callee);

// Its first reliable provisional with a description (kept in `leg.early_sdp`), and nobody has offered it any: is
// answered at once when the caller has offered, else when the caller's PRACK brings the answer. False when the call has
// failed over it.
bool take_early_offer(Turn& t, Leg& leg);

// A PRACK of the caller's that was expected: its answer to such an offer, or an offer of its own, which the phone is
// asked by UPDATE. The PRACK is answered, or will be.
void take_prack_body(Turn& t, Leg& caller, const sip::Event& e);

}  // namespace carillon::call
