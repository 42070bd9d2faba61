#pragma once
// What a phone asks of the administration: a change of the configuration (a feature code sets forward all, logs out of
// a hunt group), or a look into the call records (whom it called last). The call thread posts it with a token; a change
// is made like any other (rules, audit, snapshot); the answer comes back when the shard that asked has the new
// snapshot. Values; nobody waits.

#include <string>
#include <variant>
#include <vector>

#include "config/snapshot.h"
#include "state/cdr.h"
#include "state/store.h"

namespace carillon::call {

struct ConfigRequest {
  state::Token token = 0;  // of the engine that asks
  uint16_t shard = 0;
  // records: no change; the newest call records that have the number `value` in them, and began less than kRecordsAge
  // ago.
  enum class Entity : uint8_t { line, phone, records } entity = Entity::line;
  config::EntityId id = 0;
  std::string field;                      // as the API names it: "forwardAll"
  std::string also;                       // another field that gets the same value; "" for none
  std::variant<bool, std::string> value;  // "" clears a text
  std::string by;                         // the phone that asks, for the audit

  static constexpr size_t kRecords = 50;
  static constexpr Duration kRecordsAge = minutes(60 * 24 * 30);
};

// A switch of a phone.
inline ConfigRequest phone_setting(config::EntityId phone, const char* field, bool value) {
  ConfigRequest request;
  request.entity = ConfigRequest::Entity::phone;
  request.id = phone;
  request.field = field;
  request.value = value;
  return request;
}

struct ConfigAnswer {
  std::string fault;                // "": done
  std::vector<state::Cdr> records;  // newest first
};

}  // namespace carillon::call
