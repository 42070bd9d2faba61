#pragma once
// Tables of arrows for what takes several steps: a line is an arrow; where there is no line, nothing happens.

#include <cstddef>
#include <span>

namespace carillon::call {

// The arrow for a state and trigger, or null.
template <typename Row, size_t N, typename State, typename Trigger>
constexpr const Row* find_row(const Row (&rows)[N], State state, Trigger trigger) {
  for (const Row& r : rows) {
    if (r.state == state && r.trigger == trigger) return &r;
  }
  return nullptr;
}

// At most one arrow for a state and trigger, and none out of `last`, which can be reached from every state.
template <typename Row, size_t N, typename State>
constexpr bool is_sound(const Row (&rows)[N], State last) {
  for (size_t i = 0; i < N; i++) {
    if (rows[i].state == last) return false;
    for (size_t j = i + 1; j < N; j++) {
      if (rows[i].state == rows[j].state && rows[i].trigger == rows[j].trigger) return false;
    }
  }
  bool reaches[32]{};
  reaches[static_cast<size_t>(last)] = true;
  for (size_t round = 0; round < N; round++) {
    for (const Row& r : rows) {
      if (reaches[static_cast<size_t>(r.next)]) reaches[static_cast<size_t>(r.state)] = true;
    }
  }
  for (const Row& r : rows) {
    if (!reaches[static_cast<size_t>(r.state)] || !reaches[static_cast<size_t>(r.next)]) return false;
  }
  return true;
}

}  // namespace carillon::call
