#pragma once
// What the caller hears of the phones that ring: provisional responses, the answer, the failure. Used by the bridge.

#include <string>

#include "call/feature.h"

namespace carillon::call {

// 180 or 183 of a phone, with or without early media.
void pass_ringing(Turn& t, Leg& leg, const sip::Message& m);
// The first 2xx of a call: the other phones are let go, the two parties are connected.
void pass_answer(Turn& t, Leg& leg, const sip::Message& m);
// A phone has failed: the next flow, wait for the others, or the best failure to the caller.
void pass_failure(Turn& t, Leg& leg, int status, const sip::Message* m);
// A phone has answered: the others that ring are let go.
void release_others(Turn& t, const Leg& winner);
// What the record says of the answer: the phone and its name; when, and by which dialog.
void name_called(Turn& t, const Leg& leg);
void note_answer(Turn& t, const Leg& leg);
// A phone has answered a call whose caller is a stand-in (move.h): the others are let go. What it has offered, to be
// answered in the ACK; "" when it has not.
std::string answer_stand_in(Turn& t, Leg& target, const sip::Message& m);
// The 200 to the caller, with what the callee answered; it waits for a PRACK where it must (RFC 3262 §3).
void answer_caller(Turn& t, std::string_view sdp);
// The 200 to an inbound leg that is unanswered, with the other party's identity.
void answer_inbound(Turn& t, Leg& leg, std::string_view sdp);
// The PRACK to a reliable provisional of ours.
void take_prack(Turn& t, Leg& caller, const sip::Event& e);
// The ACK to a 2xx of ours; brings their answer where our 2xx brought the offer.
void take_ack(Turn& t, Leg& leg, const sip::Event& e);

}  // namespace carillon::call
