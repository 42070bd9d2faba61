#pragma once
// An answer has the media lines of its offer, as many and in their order (RFC 3264 §6).

#include <cstddef>
#include <string>

#include "sdp/session.h"

namespace carillon::sdp {

// The media lines of a description that is ours, counted without reading it.
size_t count_media(View text);

// What an answer with another number of lines than its offer comes to: lines too many are left out, since nobody has
// offered them, and those that it leaves out are refused.
std::string fit_answer(const Session& answer, const Session& offer);

}  // namespace carillon::sdp
