#pragma once
// A park number in the record of its party's call (record.h), and back.

#include <optional>
#include <string>
#include <string_view>

#include "call/core.h"

namespace carillon::call {

// "" when the party of the call does not wait at a number.
std::string parked_text(const Turn& t);
// `t.call` has its party as the caller. False when the text cannot be read, or the number is somebody's.
bool restore_parked(Turn& t, std::string_view text);
// The shard that such a call belongs to; nothing when the text is none.
std::optional<uint16_t> shard_of_parked(std::string_view text, uint16_t shards);

}  // namespace carillon::call
