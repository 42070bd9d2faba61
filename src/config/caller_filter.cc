#include "config/caller_filter.h"

#include <algorithm>

namespace carillon::config {

bool is_of(std::string_view number, std::string_view pattern) {
  const bool open = !pattern.empty() && pattern.back() == '!';
  if (open) pattern.remove_suffix(1);
  if (open ? number.size() < pattern.size() : number.size() != pattern.size()) return false;
  for (size_t i = 0; i < pattern.size(); i++) {
    const bool digit = number[i] >= '0' && number[i] <= '9';
    if (pattern[i] == 'X' ? !digit : number[i] != pattern[i]) return false;
  }
  return true;
}

bool CallerFilterView::lets_through(std::string_view number) const {
  const bool listed = std::any_of(numbers.begin(), numbers.end(),
                                  [number](const std::string& pattern) { return is_of(number, pattern); });
  return listed == (mode == FilterMode::allow);
}

}  // namespace carillon::config
