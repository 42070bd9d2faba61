#pragma once
// Digits to a decision. A pure function over the snapshot: plain directory numbers, exact match, in the order of the
// search space. The explanation is what the dialled-number analyser shows to an administrator.

#include <string>
#include <string_view>
#include <vector>

#include "config/snapshot.h"

namespace carillon::dialplan {

using View = std::string_view;

struct Decision {
  enum class Kind : uint8_t {
    line,     // `line` is called
    unknown,  // no such number within reach: 404
    invalid,  // not a number that could be dialled: 404
  } kind = Kind::unknown;
  const config::LineView* line = nullptr;  // valid while the snapshot is
};

// For calls: no allocation. `search_space` 0 reaches every partition.
Decision route(const config::Snapshot& snapshot, config::EntityId search_space, View digits);

// The same decision with its reasons in order, for people.
Decision explain(const config::Snapshot& snapshot, config::EntityId search_space, View digits,
                 std::vector<std::string>& why);

// May `digits` be dialled: digits, * and #, with an optional + in front, at most 32 characters?
bool is_number(View digits);

}  // namespace carillon::dialplan
