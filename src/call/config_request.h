#pragma once
// A change of the configuration that a phone asks for: a feature code sets forward all, logs out of a hunt group. The
// call thread posts it with a token; the administration makes it like any other change (rules, audit, snapshot); the
// answer comes back when the shard that asked has the new snapshot. Values; nobody waits.

#include <string>
#include <variant>

#include "config/snapshot.h"
#include "state/store.h"

namespace carillon::call {

struct ConfigRequest {
  state::Token token = 0;  // of the engine that asks
  uint16_t shard = 0;
  enum class Entity : uint8_t { line, phone } entity = Entity::line;
  config::EntityId id = 0;
  std::string field;                      // as the API names it: "forwardAll"
  std::string also;                       // another field that gets the same value; "" for none
  std::variant<bool, std::string> value;  // "" clears a text
  std::string by;                         // the phone that asks, for the audit
};

}  // namespace carillon::call
