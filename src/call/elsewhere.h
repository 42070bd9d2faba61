#pragma once
// Which shard an INVITE belongs to that dials for a call of another one: pickup, park numbers. Asked before the request
// is accepted, where there is more than one shard.

#include "call/core.h"

namespace carillon::call {

Belongs shard_of_dialled(Core& core, const Context& context, const sip::Event& invite, const registrar::Identity& who);

}  // namespace carillon::call
