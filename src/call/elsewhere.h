#pragma once
// Which shard an INVITE belongs to that dials for a call of another one: pickup, park numbers. Asked before the request
// is accepted, where there is more than one shard.

#include <optional>

#include "call/core.h"

namespace carillon::call {

// Nothing: to whichever it came.
std::optional<uint16_t> shard_of_dialled(Core& core, const Context& context, const sip::Event& invite,
                                         const registrar::Identity& who);

}  // namespace carillon::call
