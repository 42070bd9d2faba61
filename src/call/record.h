#pragma once
// An answered call as a compact record, and back: what survives a kill. Versioned, little-endian; a record that cannot
// be read is refused as a whole.

#include <optional>
#include <string>
#include <string_view>

#include "call/core.h"

namespace carillon::call {

// After so many requests of ours in a dialog its record is written again.
constexpr uint32_t kCSeqStep = 512;

// The record of an answered call.
void append_record(std::string& out, Turn& t);
enum class Origin : uint8_t {
  disk,   // of an earlier life of the process
  shard,  // another shard of this one: nothing has been missed, connections are there
};
// Fills `t.call`, which must be new, and its legs. False when the record cannot be read; the call is empty then.
bool read_record(Turn& t, std::string_view record, Origin origin);
// The shard, of so many, that the call belongs to because of its park number; nothing for other calls.
std::optional<uint16_t> shard_of_record(std::string_view record, uint16_t shards);
// Something that the record should know has changed: it is posted at the end of the turn.
inline void touch(Call& call) { call.touched++; }
// Posts the record when something has changed since it was posted last.
void record_changes(Turn& t);

}  // namespace carillon::call
