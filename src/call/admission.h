#pragma once
// Call admission by location: what a call takes of the places that it goes through, reserved with the offer, adjusted
// with every answer, given back in the funnel. A codec for which there is no room is not offered; where none is left
// the call is refused with 488, Warning 370 and cause 125 (system.md 2.3, 2.12).
//
// A held call keeps its audio, so that it can always be resumed; video that is refused or removed is given back.

#include "call/core.h"
#include "sdp/policy.h"

namespace carillon::call {

// What there is room for between the two: sets the limits of `policy`. `session` is what one of them wrote, null for
// what is not known yet.
void limit_by_bandwidth(const Turn& t, const Leg& from, const Leg& to, const sdp::Session* session,
                        sdp::Policy& policy);
// Is there room for a call whose offer is not known yet (the phone will make it)?
bool has_room(const Turn& t, const Leg& a, const Leg& b);

// Reserves for the two what `sdp`, as it is sent to `to`, may come to take at most; "" for an offer that the phone will
// make. Never less than what is held.
void reserve(Turn& t, Leg& from, Leg& to, View sdp);
// The answered call takes what was agreed. From the funnel, when something has changed.
void adjust_reservation(Turn& t);
void give_back(Turn& t, Leg& leg);

// "location Branch has room for 16 of 240 kbit/s" for the fullest place between the two.
void append_room(std::string& words, const Turn& t, const Leg& a, const Leg& b);

}  // namespace carillon::call
