#pragma once
// What the calls and the lines of a shard tell each other about call-backs (call_back.h), within a shard and between
// shards. Values.

#include <string>

#include "config/snapshot.h"
#include "state/store.h"

namespace carillon::call {

struct CallBackNote {
  enum class Kind : uint8_t {
    wanted,     // by a call, to the shard that watches the target: `token` wants an answer
    cancelled,  // by a call, to all: the line's call-backs on this phone
    accepted,   // by that shard, to the call that wanted it
    refused,    // the same; `fault` says why
    due,        // by that shard, to its own calls: the target is free
    over,       // by its calls: it has come to its end
    again,      // by its calls: somebody was busy
  } kind = Kind::wanted;
  state::Token token = 0;
  uint16_t shard = 0;                    // of the call that wants it
  config::EntityId phone = 0, line = 0;  // who wants it
  config::EntityId target = 0;           // the line that is watched
  std::string number;                    // as it was dialled
  bool after_use = false;                // the target must be used before it counts as free: nobody answered there
  std::string fault;
};

}  // namespace carillon::call
