#pragma once
// Option tags (RFC 3261 §19.2): what Require and Proxy-Require ask for.

#include <span>
#include <string>

#include "sip/message/message.h"

namespace carillon::sip {

// Appends to `to`, joined by ", ", the tags of this header that `known` does not have: the value of
// Unsupported in a 420. Leaves it as it was when all are known.
void append_unknown_tags(const Message& message, HeaderId id, std::span<const View> known,
                         std::string& to);

// Does the peer support it: is it in Supported or in Require?
bool peer_supports(const Message& message, View tag);

}  // namespace carillon::sip
