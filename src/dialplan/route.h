#pragma once
// Digits to a decision. A pure function over the snapshot: numbers match exactly, in the order of the search space;
// then ranges (80XX); then feature codes with what is dialled behind them. The explanation is what the dialled-number
// analyser shows to an administrator.

#include <string>
#include <string_view>
#include <vector>

#include "config/snapshot.h"

namespace carillon::dialplan {

using View = std::string_view;

struct Decision {
  enum class Kind : uint8_t {
    line,                // `line` is called
    unknown,             // no such number within reach: 404
    invalid,             // not a number that could be dialled: 404
    hunt_pilot,          // `number` says whose
    pickup_group,        // of `number`
    park,                // a park number, exactly or in a range
    directed_park,       //
    directed_retrieval,  // a directed park number behind its retrieval prefix
    feature_code,        // `code`, with `argument` behind it
  } kind = Kind::unknown;
  // All valid while the snapshot is; `argument` while the digits are.
  const config::LineView* line = nullptr;
  const config::NumberView* number = nullptr;
  const config::FeatureCodeView* code = nullptr;
  View argument = {};
};
std::string_view to_string(Decision::Kind k);

// For calls: no allocation. `search_space` 0 reaches every partition.
Decision route(const config::Snapshot& snapshot, config::EntityId search_space, View digits);
// As a phone dials: the line's search space comes before the phone's (0: it has none).
Decision route(const config::Snapshot& snapshot, config::EntityId of_line, config::EntityId of_phone, View digits);

// The decision of the first form with its reasons in order, for people.
Decision explain(const config::Snapshot& snapshot, config::EntityId search_space, View digits,
                 std::vector<std::string>& why);

// May `digits` be dialled: digits, * and #, with an optional + in front, at most 32 characters?
bool is_number(View digits);

}  // namespace carillon::dialplan
