#include "state/writer.h"

#include <algorithm>
#include <cstring>

#include "state/cdr.h"
#include "state/schema.h"

namespace carillon::state {
namespace {

constexpr int kCheckpointPages = 4000;    // when idle
constexpr int kCheckpointForced = 16000;  // whoever waits

constexpr const char* kPragmas =
    "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=OFF; PRAGMA cache_size=-2048;"
    "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;";

int note_wal(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

int64_t as_row(uint64_t key) { return static_cast<int64_t>(key); }

}  // namespace

Result<void> Writer::open(const std::string& path, bool full_sync) {
  if (auto r = database_.open(path, false); !r) return r;
  const auto at = [&](Result<void> r) -> Result<void> {
    if (r) return r;
    return Fault{r.error().kind, "cannot use " + path + ": " + r.error().text, ""};
  };
  if (auto r = at(database_.run(kPragmas)); !r) return r;
  if (auto r = at(database_.run(full_sync ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL")); !r) return r;
  Statement version;
  if (auto r = at(version.prepare(database_, "PRAGMA user_version")); !r) return r;
  const int64_t found = version.step() == SQLITE_ROW ? version.integer_of(0) : 0;
  version.finish();
  if (found > kSchemaVersion) {
    return Fault{FaultKind::unavailable, path + " was written by a newer version of this program", ""};
  }
  // Records of version 1 had another shape and cannot be read any more.
  const char* before = found == 1 ? "DROP TABLE cdr;" : "";
  const std::string all = std::string("BEGIN IMMEDIATE;") + before + kSchema +
                          "PRAGMA user_version=" + std::to_string(kSchemaVersion) + ";COMMIT;";
  if (auto r = at(database_.run(all.c_str())); !r) return r;
  Statement epoch;
  if (auto r = at(epoch.prepare(database_, "SELECT starts FROM epoch")); !r) return r;
  if (epoch.step() != SQLITE_ROW) return fault();
  first_sequence_ = static_cast<uint64_t>(epoch.integer_of(0)) << 40;
  epoch.finish();
  sqlite3_wal_hook(database_.handle(), note_wal, &wal_pages_);
  return at(prepare());
}

Result<void> Writer::prepare() {
  struct Line {
    Statement* statement;
    const char* sql;
  };
  const Line lines[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&rollback_, "ROLLBACK"},
      {&put_binding_, "INSERT OR REPLACE INTO binding VALUES(?1,?2,?3,?4)"},
      {&remove_binding_, "DELETE FROM binding WHERE key=?1"},
      {&remove_refresh_, "DELETE FROM refresh WHERE key=?1"},
      {&put_call_, "INSERT OR REPLACE INTO call VALUES(?1,?2)"},
      {&remove_call_, "DELETE FROM call WHERE key=?1"},
      {&put_cdr_, "INSERT OR REPLACE INTO cdr VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"},
      {&put_batch_, "INSERT OR REPLACE INTO refresh_batch VALUES(?1,?2)"},
      {&put_refresh_, "INSERT OR REPLACE INTO refresh VALUES(?1,?2,?3,?4)"},
      {&put_record_, "INSERT OR REPLACE INTO record VALUES(?1,?2,?3,?4)"},
      {&remove_record_, "DELETE FROM record WHERE kind=?1 AND key=?2"},
  };
  for (const Line& line : lines) {
    if (auto r = line.statement->prepare(database_, line.sql); !r) return r;
  }
  return {};
}

Result<void> Writer::write(const Backlog& backlog) {
  if (!begin_.run()) return fault();
  if (write_rows(backlog) && write_refreshes(backlog) && write_calls(backlog) && commit_.run()) {
    batched_ += backlog.refreshes().size();
    return {};
  }
  Fault why = fault();
  if (sqlite3_get_autocommit(database_.handle()) == 0) rollback_.run();
  return why;
}

bool Writer::write_rows(const Backlog& backlog) {
  for (const RowPost& row : backlog.rows()) {
    if (!write_row(row)) return false;
  }
  return true;
}

bool Writer::write_row(const RowPost& row) {
  const Post& post = row.post;
  switch (post.kind) {
    case PostKind::put_binding:
      put_binding_.integer(1, as_row(post.key));
      put_binding_.integer(2, post.expires.us);
      put_binding_.integer(3, as_row(row.sequence));
      put_binding_.blob(4, post.blob);
      return put_binding_.run();
    case PostKind::remove_binding:
      removed_.insert(post.key);
      remove_binding_.integer(1, as_row(post.key));
      remove_refresh_.integer(1, as_row(post.key));
      return remove_binding_.run() && remove_refresh_.run();
    case PostKind::put_cdr:
      remove_call_.integer(1, as_row(post.key));
      return write_cdr(post) && remove_call_.run();
    case PostKind::put_record:
      put_record_.integer(1, static_cast<int64_t>(post.record));
      put_record_.integer(2, as_row(post.key));
      put_record_.integer(3, post.expires.us);
      put_record_.blob(4, post.blob);
      return put_record_.run();
    case PostKind::remove_record:
      remove_record_.integer(1, static_cast<int64_t>(post.record));
      remove_record_.integer(2, as_row(post.key));
      return remove_record_.run();
    default:
      return true;  // refreshes and call records are not rows here
  }
}

// The columns are for finding; what a record says is in its blob. `sent_on`: the last number that sent the call on.
bool Writer::write_cdr(const Post& post) {
  const Cdr cdr = Cdr::from_blob(post.blob).value_or(Cdr());
  put_cdr_.integer(1, as_row(post.key));
  put_cdr_.integer(2, cdr.start.us);
  put_cdr_.integer(3, cdr.answer.us);
  put_cdr_.integer(4, cdr.end.us);
  put_cdr_.text(5, cdr.calling_number);
  put_cdr_.text(6, cdr.dialled);
  put_cdr_.text(7, cdr.called_number);
  put_cdr_.text(8, cdr.last.number);
  put_cdr_.text(9, text_of(cdr.disposition));
  put_cdr_.integer(10, cdr.cause);
  put_cdr_.integer(11, as_row(cdr.global));
  put_cdr_.blob(12, post.blob);
  return put_cdr_.run();
}

bool Writer::write_refreshes(const Backlog& backlog) {
  const auto& list = backlog.refreshes();
  if (list.empty()) return true;
  put_batch_.integer(1, as_row(backlog.refresh_base()));
  put_batch_.blob(2, {reinterpret_cast<const char*>(list.data()), list.size() * sizeof(Refresh)});
  return put_batch_.run();
}

bool Writer::write_calls(const Backlog& backlog) {
  for (const auto& [key, post] : backlog.due_calls()) {
    Statement& statement = post.kind == PostKind::put_call ? put_call_ : remove_call_;
    statement.integer(1, as_row(key));
    if (post.kind == PostKind::put_call) statement.blob(2, post.blob);
    if (!statement.run()) return false;
  }
  return true;
}

Result<bool> Writer::upkeep(bool idle) {
  if (!fold_on_ && batched_ + removed_.size() >= kFoldAt) {
    if (auto r = begin_fold(); !r) return r.error();
  }
  if (fold_on_) {
    if (auto r = fold_step(); !r) return r.error();
    return fold_on_;
  }
  if (wal_pages_ < (idle ? kCheckpointPages : kCheckpointForced)) return false;
  wal_pages_ = 0;
  if (sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) != SQLITE_OK)
    return fault();
  return false;
}

Result<void> Writer::begin_fold() {
  auto all = read_batches(&fold_last_);
  if (!all) return all.error();
  folding_ = std::move(*all);
  folded_ = 0;
  fold_on_ = true;
  removed_before_.merge(removed_);
  removed_.clear();
  batched_ = 0;
  return {};
}

// The batches go with the last rows that come of them; until then both are there, which says the same.
Result<void> Writer::fold_step() {
  if (!begin_.run()) return fault();
  const size_t end = std::min(folding_.size(), folded_ + kFoldStep);
  bool ok = true;
  for (size_t i = folded_; ok && i < end; i++) {
    const Folded& f = folding_[i];
    if (is_removed(f.refresh.key)) continue;
    put_refresh_.integer(1, as_row(f.refresh.key));
    put_refresh_.integer(2, f.refresh.expires);
    put_refresh_.integer(3, f.refresh.cseq);
    put_refresh_.integer(4, as_row(f.sequence));
    ok = put_refresh_.run();
  }
  const bool last = end == folding_.size();
  if (ok && last) {
    Statement remove;
    ok = remove.prepare(database_, "DELETE FROM refresh_batch WHERE sequence<=?1").has_value();
    if (ok) remove.integer(1, as_row(fold_last_)), ok = remove.run();
  }
  if (!ok || !commit_.run()) {
    Fault why = fault();
    if (sqlite3_get_autocommit(database_.handle()) == 0) rollback_.run();
    return why;
  }
  folded_ = end;
  if (last) {
    folding_ = {};
    fold_on_ = false;
    removed_before_.clear();
  }
  return {};
}

}  // namespace carillon::state
