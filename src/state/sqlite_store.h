#pragma once
// state::Store over one SQLite file (WAL). One writer thread owns the connection and commits in groups: at once when it
// was idle and somebody waits for a token, then not oftener than every 3 ms; every 20 ms when nobody waits. Listing
// call records uses a read connection of its own. A disk that fails is tried again and again: nothing is acknowledged,
// everything else goes on, memory stays bounded (state/backlog.h).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "state/cdr.h"
#include "state/store.h"

namespace carillon::state {

struct SqliteStoreOptions {
  std::string path;                  // .../state.db
  bool full_sync = false;            // synchronous=FULL: also survives power loss
  Duration group = milliseconds(6);  // least time between two commits that somebody waits for
  Duration lazy = milliseconds(20);  // longest that other changes wait; call records wait twice that
};

// Called on the writer thread, once for each shard after each commit, with the highest token that is durable now. Must
// stay callable until the store is destroyed.
using DoneFn = std::function<void(uint16_t shard, Token highest_done)>;

struct StoreHealth {
  bool ok = true;
  std::string error;  // last error while !ok
  uint64_t commits = 0, rows = 0, refreshes = 0, failures = 0;
  uint64_t dropped = 0;  // call records given up because the disk took nothing for too long
  size_t waiting = 0;    // posts not yet on disk
  Duration last_commit, longest_commit;
};

class SqliteStore final : public Store {
 public:
  // Opens or makes the file and starts the writer. Recovers from a kill by itself (the WAL).
  static Result<std::unique_ptr<SqliteStore>> open(SqliteStoreOptions options, DoneFn done);
  // Writes what is waiting (tried for 5 s at most) and closes.
  ~SqliteStore() override;

  // REQUIRES: before the first post().
  Result<Loaded> load(Instant now) override;
  // Any thread. Leaves an empty vector with capacity in `batch`.
  void post(std::vector<Post>&& batch) override;

  // Waits until what has been posted is committed, for so long at most; false when it is not. Any thread but the
  // writer's.
  bool settle(Duration patience);

  // Any thread; in the order of their start. What is posted but not yet committed is not seen.
  Result<std::vector<Cdr>> cdrs(const CdrQuery& query);
  // The record of one call; nothing when there is none.
  Result<std::optional<Cdr>> cdr(uint64_t id);
  StoreHealth health() const;

 private:
  struct Impl;
  explicit SqliteStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::state
