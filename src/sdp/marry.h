#pragma once
// Two offers and no answer: the caller has offered, and so has the called phone, whose INVITE carried no description
// (SIP Profile: delayed offer). Each offer is answered with what the other one says (RFC 3264 §6; RFC 3725 §4.3 has the
// like with a dummy offer).
//
// Media lines are paired in their order, by media type and protocol. Of a pair the codecs that both name remain, in the
// first offer's order (or that of the policy) and each under the number of the party that will receive it. Directions
// are those that both wished. What finds no partner is answered with port 0. Lines keyed by a=crypto (RFC 4568) find
// none: an answer has to repeat the tag of the offer's line, and we are not the one who has the keys.

#include <cstddef>
#include <string>
#include <vector>

#include "sdp/relay.h"

namespace carillon::sdp {

struct Pair {
  size_t first = 0, second = 0;               // media lines of the two offers
  std::string first_formats, second_formats;  // what remains, in each offer's own numbers
};

// Pure: depends on nothing but the offers and the policy. Empty when nothing can be shared.
std::vector<Pair> marry(const Session& first, const Session& second, const Policy& policy);

enum class Spouse : uint8_t { first, second };
// Appends the answer to the `whose` offer, and remembers in `map` which of its lines were refused.
void append_answer(std::string& out, const Session& first, const Session& second, const std::vector<Pair>& pairs,
                   Spouse whose, LineMap& map, OurOrigin& origin);

}  // namespace carillon::sdp
