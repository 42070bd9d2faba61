#pragma once
// The twin of the state database: what was committed survives a kill, what was only posted does not. Commits come in
// groups after a delay; any post can be made to vanish or to take long.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "state/cdr.h"
#include "state/store.h"
#include "world.h"

namespace carillon::sim {

class Disk : public state::Store {
 public:
  explicit Disk(World& world) : world_(world) {}

  Result<state::Loaded> load(Instant now) override;
  void post(std::vector<state::Post>&& batch) override;

  // Told of each token when it is durable.
  std::function<void(uint16_t shard, state::Token token)> on_done;
  // Everything that is not committed is gone, and nobody will be told of it.
  void kill();

  Duration commit_min = milliseconds(1), commit_max = milliseconds(6);
  // The post with this ordinal (1, 2, …; 0 none) is refused (never done, never answered) or hangs for `hold_by`.
  uint64_t refuse_nth = 0, hold_nth = 0;
  Duration hold_by = seconds(10);
  uint64_t posts() const { return ordinal_; }

  struct CdrRow {
    Instant committed;
    uint64_t key = 0;
    state::Cdr cdr;
    bool readable = false;
  };
  const std::vector<CdrRow>& cdrs() const { return cdrs_; }
  size_t calls() const { return calls_.size(); }
  size_t bindings() const { return bindings_.size(); }
  size_t records(state::RecordKind kind) const {
    return static_cast<size_t>(
        std::count_if(records_.begin(), records_.end(), [kind](const auto& row) { return row.first.first == kind; }));
  }
  // A row of a binding that was committed, for the promises.
  bool has_binding(uint64_t key) const { return bindings_.count(key) != 0; }

 private:
  void commit_by(Instant when);
  void commit();
  void apply(const state::Post& post);

  World& world_;
  std::vector<state::Post> pending_;
  Instant commit_at_ = kNever, stalled_until_;
  uint32_t life_ = 0;
  uint64_t ordinal_ = 0;
  std::map<uint64_t, state::Loaded::Row> bindings_, calls_;
  std::map<std::pair<state::RecordKind, uint64_t>, state::Loaded::Record> records_;
  std::vector<CdrRow> cdrs_;
};

}  // namespace carillon::sim
