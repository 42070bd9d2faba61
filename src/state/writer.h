#pragma once
// The statements that turn a backlog into rows, in one transaction. Owned by whoever owns the connection.

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "state/backlog.h"
#include "state/sqlite.h"
#include "state/store.h"

namespace carillon::state {

class Writer {
 public:
  // Fold refresh batches into rows when there are this many entries.
  static constexpr size_t kFoldAt = 1u << 18;
  static constexpr size_t kFoldStep = 4096;  // rows in one transaction of folding

  // Opens the file, makes the tables and the statements.
  Result<void> open(const std::string& path, bool full_sync);
  // Sequence numbers of this start begin here.
  uint64_t first_sequence() const { return first_sequence_; }
  Result<Loaded> load(Instant now);
  // One transaction; on a fault nothing of it is there.
  Result<void> write(const Backlog& backlog);
  // Some upkeep if any is due (folding, checkpoint): true when there is more at once. `idle`: nobody is waiting.
  Result<bool> upkeep(bool idle);

 private:
  Result<void> prepare();
  bool write_rows(const Backlog& backlog);
  bool write_row(const RowPost& row);
  bool write_cdr(const Post& post);
  bool write_refreshes(const Backlog& backlog);
  bool write_calls(const Backlog& backlog);
  Result<void> load_records(Instant now, Loaded& loaded);
  Result<void> load_bindings(Loaded& loaded, std::vector<uint64_t>& since);
  Result<void> apply_refreshes(Loaded& loaded, const std::vector<uint64_t>& since);
  Result<void> drop_expired(Instant now, Loaded& loaded);
  Result<void> begin_fold();
  Result<void> fold_step();
  bool is_removed(uint64_t key) const { return removed_.contains(key) || removed_before_.contains(key); }
  Fault fault() const { return {FaultKind::unavailable, database_.error(), ""}; }

  struct Folded {
    Refresh refresh;
    uint64_t sequence = 0;
  };
  Result<std::vector<Folded>> read_batches(uint64_t* last_batch);

  Database database_;
  Statement begin_, commit_, rollback_, put_binding_, remove_binding_, remove_refresh_, put_call_, remove_call_,
      put_cdr_, put_batch_, put_refresh_,
      put_record_, remove_record_;
  uint64_t first_sequence_ = 0;
  size_t batched_ = 0;           // entries in refresh_batch
  std::vector<Folded> folding_;  // one per binding, by key
  size_t folded_ = 0;            // of folding_, how many are rows already
  bool fold_on_ = false;
  uint64_t fold_last_ = 0;                       // last batch that is being folded
  std::unordered_set<uint64_t> removed_;         // bindings removed since the last fold began: no rows for them
  std::unordered_set<uint64_t> removed_before_;  // while a fold is on: those removed before it began
  int wal_pages_ = 0;
};

}  // namespace carillon::state
