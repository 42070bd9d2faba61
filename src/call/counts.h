#pragma once
// How many calls each line appearance has: (phone, line) → calls, over all shards, since a phone that is busy is busy
// for every caller. One table for the process, of atomic counters (ADR 0015): taking one and asking for one is a
// look-up without lock or message. An appearance that has had a call keeps its 32 bytes until the process ends; what
// is counted is the calls of the shards that live, and after a restart those that the records bring back.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/hash.h"
#include "config/snapshot.h"

namespace carillon::call {

// Thread-safe.
class AppearanceCounts {
 public:
  // `appearances`: about how many there are; with more it becomes slower.
  explicit AppearanceCounts(size_t appearances = 1024);
  ~AppearanceCounts();
  AppearanceCounts(const AppearanceCounts&) = delete;
  AppearanceCounts& operator=(const AppearanceCounts&) = delete;

  uint32_t of(config::EntityId phone, config::EntityId line) const;
  // One more, if there are fewer than `limit`; false: there were not. Of two that ask at once for the last one gets it.
  bool take(config::EntityId phone, config::EntityId line, uint32_t limit);
  // One more, whatever there are.
  void add(config::EntityId phone, config::EntityId line) { take(phone, line, UINT32_MAX); }
  // REQUIRES: it was added.
  void remove(config::EntityId phone, config::EntityId line);
  // All together, for audits.
  uint64_t total() const;

 private:
  struct Cell {
    Cell(config::EntityId p, config::EntityId l, Cell* n) : phone(p), line(l), next(n) {}
    const config::EntityId phone, line;
    Cell* next;  // of the same bucket; a cell stays where it is
    std::atomic<uint32_t> calls{0};
  };
  std::atomic<Cell*>& bucket(config::EntityId phone, config::EntityId line) const {
    return buckets_[hash_mix(static_cast<uint64_t>(phone) ^ g_hash_key, static_cast<uint64_t>(line)) & mask_];
  }
  static Cell* find(Cell* first, const Cell* end, config::EntityId phone, config::EntityId line);
  Cell& cell(config::EntityId phone, config::EntityId line);

  size_t mask_;
  std::unique_ptr<std::atomic<Cell*>[]> buckets_;
};

// What one shard has added, so that nothing of it is left over. Single owner.
class OwnCounts {
 public:
  // `all` null: a table of its own.
  explicit OwnCounts(AppearanceCounts* all)
      : mine_(all == nullptr ? std::make_unique<AppearanceCounts>() : nullptr), all_(all == nullptr ? *mine_ : *all) {}
  uint32_t of(config::EntityId phone, config::EntityId line) const { return all_.of(phone, line); }
  bool take(config::EntityId phone, config::EntityId line, uint32_t limit) {
    const bool taken = all_.take(phone, line, limit);
    size_ += taken;
    return taken;
  }
  void add(config::EntityId phone, config::EntityId line) { take(phone, line, UINT32_MAX); }
  void remove(config::EntityId phone, config::EntityId line) {
    all_.remove(phone, line);
    size_--;
  }
  size_t size() const { return size_; }

 private:
  std::unique_ptr<AppearanceCounts> mine_;
  AppearanceCounts& all_;
  size_t size_ = 0;
};

}  // namespace carillon::call
