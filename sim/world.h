#pragma once
// The simulated world: one clock, one source of chance, one queue of events. What happens is a function of the seed;
// events at the same instant happen in the order in which they were asked for. Single thread.

#include <cstdint>
#include <functional>
#include <vector>

#include "base/random.h"
#include "base/time.h"

namespace carillon::sim {

class World {
 public:
  using Task = std::function<void()>;
  explicit World(uint64_t seed) : random_(seed), seed_(seed) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  uint64_t seed() const { return seed_; }
  Instant now() const { return now_; }
  Duration elapsed() const { return now_ - kStart; }
  Random& random() { return random_; }
  // Uniform in [low, high].
  Duration between(Duration low, Duration high);

  void at(Instant when, Task task);
  void after(Duration delay, Task task) { at(now_ + delay, std::move(task)); }

  // The next event; false when there is none.
  bool step();
  void run_until(Instant when);
  void run_for(Duration span) { run_until(now_ + span); }
  // Runs until `holds` is true, looked at after each event; false when `limit` has passed without.
  template <typename Predicate>
  bool run_while_not(Predicate&& holds, Duration limit) {
    const Instant end = now_ + limit;
    while (!holds()) {
      if (queue_.empty() || queue_.front().at > end) {
        now_ = end;
        return holds();
      }
      step();
    }
    return true;
  }
  uint64_t steps() const { return steps_; }

  static constexpr Instant kStart{1'700'000'000'000'000};

 private:
  struct Item {
    Instant at;
    uint64_t order;
    Task task;
    bool operator<(const Item& o) const { return at != o.at ? at > o.at : order > o.order; }
  };
  Instant now_ = kStart;
  Random random_;
  uint64_t seed_;
  uint64_t order_ = 0, steps_ = 0;
  std::vector<Item> queue_;  // a heap, earliest first
};

}  // namespace carillon::sim
