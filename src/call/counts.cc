#include "call/counts.h"

#include <bit>

#include "base/check.h"

namespace carillon::call {

AppearanceCounts::AppearanceCounts(size_t appearances)
    : mask_(std::bit_ceil(appearances < 1024 ? size_t{1024} : appearances) - 1),
      buckets_(std::make_unique<std::atomic<Cell*>[]>(mask_ + 1)) {}

AppearanceCounts::~AppearanceCounts() {
  for (size_t i = 0; i <= mask_; i++) {
    for (Cell* c = buckets_[i].load(); c != nullptr;) delete std::exchange(c, c->next);
  }
}

AppearanceCounts::Cell* AppearanceCounts::find(Cell* first, const Cell* end, config::EntityId phone,
                                               config::EntityId line) {
  for (Cell* c = first; c != end; c = c->next) {
    if (c->phone == phone && c->line == line) return c;
  }
  return nullptr;
}

// The one that there is, or a new one in front of the bucket's list; when another thread has been quicker with the same
// appearance, that one.
AppearanceCounts::Cell& AppearanceCounts::cell(config::EntityId phone, config::EntityId line) {
  std::atomic<Cell*>& first = bucket(phone, line);
  Cell* seen = first.load(std::memory_order_acquire);
  if (Cell* known = find(seen, nullptr, phone, line)) return *known;
  auto fresh = std::make_unique<Cell>(phone, line, seen);
  while (!first.compare_exchange_weak(fresh->next, fresh.get(), std::memory_order_acq_rel)) {
    if (Cell* known = find(fresh->next, seen, phone, line)) return *known;
    seen = fresh->next;
  }
  return *fresh.release();
}

uint32_t AppearanceCounts::of(config::EntityId phone, config::EntityId line) const {
  const Cell* c = find(bucket(phone, line).load(std::memory_order_acquire), nullptr, phone, line);
  return c == nullptr ? 0 : c->calls.load(std::memory_order_relaxed);
}

bool AppearanceCounts::take(config::EntityId phone, config::EntityId line, uint32_t limit) {
  std::atomic<uint32_t>& calls = cell(phone, line).calls;
  uint32_t now = calls.load(std::memory_order_relaxed);
  while (now < limit) {
    if (calls.compare_exchange_weak(now, now + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

void AppearanceCounts::remove(config::EntityId phone, config::EntityId line) {
  const uint32_t before = cell(phone, line).calls.fetch_sub(1, std::memory_order_relaxed);
  CHECK(before != 0);
}

uint64_t AppearanceCounts::total() const {
  uint64_t sum = 0;
  for (size_t i = 0; i <= mask_; i++) {
    for (const Cell* c = buckets_[i].load(std::memory_order_acquire); c != nullptr; c = c->next)
      sum += c->calls.load(std::memory_order_relaxed);
  }
  return sum;
}

}  // namespace carillon::call
