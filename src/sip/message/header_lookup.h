#pragma once
// The header look-up that the parser uses on lines that it has searched for control characters
// already.

#include <string_view>

#include "sip/message/header_id.h"

namespace carillon::sip {

// As header_of(). REQUIRES: no byte of `name` is below 0x20.
HeaderId header_without_controls(std::string_view name);

}  // namespace carillon::sip
