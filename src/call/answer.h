#pragma once
// What the caller hears of the phones that ring: provisional responses, the answer, the failure. Used by the bridge.

#include "call/feature.h"

namespace carillon::call {

// 180 or 183 of a phone, with or without early media.
void pass_ringing(Turn& t, Leg& leg, const sip::Message& m);
// The first 2xx of a call: the other phones are let go, the two parties are connected.
void pass_answer(Turn& t, Leg& leg, const sip::Message& m);
// A phone has failed: the next flow, wait for the others, or the best failure to the caller.
void pass_failure(Turn& t, Leg& leg, int status, const sip::Message* m);
// The PRACK to a reliable provisional of ours.
void take_prack(Turn& t, Leg& caller, const sip::Event& e);
// The ACK to a 2xx of ours; brings their answer where our 2xx brought the offer.
void take_ack(Turn& t, Leg& leg, const sip::Event& e);

}  // namespace carillon::call
