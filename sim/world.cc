#include "world.h"

#include <algorithm>

namespace carillon::sim {

Duration World::between(Duration low, Duration high) {
  const int64_t span = high.us - low.us;
  if (span <= 0) return low;
  return {low.us + static_cast<int64_t>(random_.next64() % static_cast<uint64_t>(span + 1))};
}

void World::at(Instant when, Task task) {
  queue_.push_back({std::max(when, now_), order_++, std::move(task)});
  std::push_heap(queue_.begin(), queue_.end());
}

bool World::step() {
  if (queue_.empty()) return false;
  std::pop_heap(queue_.begin(), queue_.end());
  Item item = std::move(queue_.back());
  queue_.pop_back();
  now_ = item.at;
  steps_++;
  item.task();
  return true;
}

void World::run_until(Instant when) {
  while (!queue_.empty() && queue_.front().at <= when) step();
  now_ = std::max(now_, when);
}

}  // namespace carillon::sim
