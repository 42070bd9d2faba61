#pragma once
// How many calls each line appearance has: (phone, line) → calls. Open addressing, no allocation per call.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "config/snapshot.h"

namespace carillon::call {

class AppearanceCounts {
 public:
  AppearanceCounts() : cells_(64) {}
  uint32_t of(config::EntityId phone, config::EntityId line) const { return cells_[find(phone, line)].calls; }
  void add(config::EntityId phone, config::EntityId line) {
    if ((used_ + 1) * 2 > cells_.size()) grow();
    Cell& c = cells_[find(phone, line)];
    if (c.calls == 0) c.phone = phone, c.line = line, used_++;
    c.calls++;
  }
  // REQUIRES: it was added.
  void remove(config::EntityId phone, config::EntityId line) {
    size_t at = find(phone, line);
    if (cells_[at].calls == 0 || --cells_[at].calls != 0) return;
    used_--;
    close_gap(at);
  }
  size_t size() const { return used_; }

 private:
  struct Cell {
    config::EntityId phone = 0, line = 0;
    uint32_t calls = 0;  // 0: free
  };
  size_t mask() const { return cells_.size() - 1; }
  size_t home(config::EntityId phone, config::EntityId line) const {
    return hash_mix(static_cast<uint64_t>(phone) ^ g_hash_key, static_cast<uint64_t>(line)) & mask();
  }
  size_t find(config::EntityId phone, config::EntityId line) const {
    size_t at = home(phone, line);
    while (cells_[at].calls != 0 && (cells_[at].phone != phone || cells_[at].line != line)) at = (at + 1) & mask();
    return at;
  }
  // Linear probing without tombstones: later cells of the same run move up.
  void close_gap(size_t gap) {
    for (size_t at = (gap + 1) & mask(); cells_[at].calls != 0; at = (at + 1) & mask()) {
      const size_t wanted = home(cells_[at].phone, cells_[at].line);
      if (((at - wanted) & mask()) < ((at - gap) & mask())) continue;
      cells_[gap] = cells_[at];
      gap = at;
    }
    cells_[gap] = Cell();
  }
  void grow() {
    std::vector<Cell> old(cells_.size() * 2);
    std::swap(old, cells_);
    for (const Cell& c : old) {
      if (c.calls != 0) cells_[find(c.phone, c.line)] = c;
    }
  }

  std::vector<Cell> cells_;
  size_t used_ = 0;
};

}  // namespace carillon::call
