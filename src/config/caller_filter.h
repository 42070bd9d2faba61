#pragma once
// A Caller Filter as call threads see it. Immutable, part of the Snapshot.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::config {

// What the numbers of a filter are: those turned away, or those let through.
enum class FilterMode : uint8_t { block, allow };
enum class FilterAction : uint8_t { reject, busy, forward };

struct CallerFilterView {
  int64_t id = 0;
  FilterMode mode = FilterMode::block;
  std::vector<std::string> numbers;
  FilterAction action = FilterAction::reject;
  std::string forward_to;
  int64_t search_space = 0;  // 0: what the line's own calls reach
  // Whether a caller with this number gets through; "" is that of a stranger without one.
  bool lets_through(std::string_view number) const;
};

// Is it a number of the pattern, where X is any digit and ! at the end any text, none too?
bool is_of(std::string_view number, std::string_view pattern);

}  // namespace carillon::config
