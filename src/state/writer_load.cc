// Reading everything back at boot.

#include <algorithm>
#include <cstring>

#include "state/writer.h"

namespace carillon::state {
namespace {

int64_t as_row(uint64_t key) { return static_cast<int64_t>(key); }

}  // namespace

// The newest refresh of each binding in all batches, by key.
Result<std::vector<Writer::Folded>> Writer::read_batches(uint64_t* last_batch) {
  std::vector<Folded> all;
  Statement rows;
  if (auto r = rows.prepare(database_, "SELECT sequence, entries FROM refresh_batch ORDER BY sequence"); !r)
    return r.error();
  int code;
  while ((code = rows.step()) == SQLITE_ROW) {
    const auto base = static_cast<uint64_t>(rows.integer_of(0));
    const std::string_view entries = rows.blob_of(1);
    *last_batch = base;
    for (size_t at = 0; at + sizeof(Refresh) <= entries.size(); at += sizeof(Refresh)) {
      Folded f;
      std::memcpy(&f.refresh, entries.data() + at, sizeof(Refresh));
      f.sequence = base + f.refresh.offset;
      all.push_back(f);
    }
  }
  if (code != SQLITE_DONE) return fault();
  std::sort(all.begin(), all.end(), [](const Folded& a, const Folded& b) {
    return a.refresh.key != b.refresh.key ? a.refresh.key < b.refresh.key : a.sequence > b.sequence;
  });
  const auto end = std::unique(all.begin(), all.end(),
                               [](const Folded& a, const Folded& b) { return a.refresh.key == b.refresh.key; });
  all.erase(end, all.end());
  return all;
}

Result<Loaded> Writer::load(Instant now) {
  Loaded loaded;
  std::vector<uint64_t> since;
  if (auto r = load_bindings(loaded, since); !r) return r.error();
  if (auto r = apply_refreshes(loaded, since); !r) return r.error();
  if (auto r = drop_expired(now, loaded); !r) return r.error();
  Statement calls;
  if (auto r = calls.prepare(database_, "SELECT key, record FROM call ORDER BY key"); !r) return r.error();
  int code;
  while ((code = calls.step()) == SQLITE_ROW) {
    loaded.calls.push_back({static_cast<uint64_t>(calls.integer_of(0)), {}, 0, std::string(calls.blob_of(1))});
  }
  if (code != SQLITE_DONE) return fault();
  if (auto r = load_records(now, loaded); !r) return r.error();
  return loaded;
}

Result<void> Writer::load_records(Instant now, Loaded& loaded) {
  Statement gone;
  if (auto r = gone.prepare(database_, "DELETE FROM record WHERE expires<=?1"); !r) return r;
  gone.integer(1, now.us);
  if (!gone.run()) return fault();
  Statement rows;
  if (auto r = rows.prepare(database_, "SELECT kind, key, expires, record FROM record ORDER BY kind, key"); !r)
    return r;
  int code;
  while ((code = rows.step()) == SQLITE_ROW) {
    loaded.records.push_back({static_cast<RecordKind>(rows.integer_of(0)),
                              static_cast<uint64_t>(rows.integer_of(1)),
                              {rows.integer_of(2)},
                              std::string(rows.blob_of(3))});
  }
  if (code != SQLITE_DONE) return fault();
  return {};
}

Result<void> Writer::load_bindings(Loaded& loaded, std::vector<uint64_t>& since) {
  Statement rows;
  if (auto r = rows.prepare(database_, "SELECT key, expires, since, record FROM binding ORDER BY key"); !r) return r;
  int code;
  while ((code = rows.step()) == SQLITE_ROW) {
    loaded.bindings.push_back(
        {static_cast<uint64_t>(rows.integer_of(0)), {rows.integer_of(1)}, 0, std::string(rows.blob_of(3))});
    since.push_back(static_cast<uint64_t>(rows.integer_of(2)));
  }
  if (code != SQLITE_DONE) return fault();
  return {};
}

// Bindings, refresh rows and batches all come in the order of keys: two merges.
Result<void> Writer::apply_refreshes(Loaded& loaded, const std::vector<uint64_t>& since) {
  std::vector<uint64_t> newest(since);  // sequence number of what each binding says now
  size_t at = 0;
  const auto apply = [&](uint64_t key, int64_t expires, uint32_t cseq, uint64_t sequence) {
    while (at < loaded.bindings.size() && as_row(loaded.bindings[at].key) < as_row(key)) at++;
    if (at == loaded.bindings.size() || loaded.bindings[at].key != key || sequence < newest[at]) return;
    newest[at] = sequence;
    loaded.bindings[at].expires = {expires};
    loaded.bindings[at].cseq = cseq;
  };
  Statement rows;
  if (auto r = rows.prepare(database_, "SELECT key, expires, cseq, sequence FROM refresh ORDER BY key"); !r) return r;
  int code;
  while ((code = rows.step()) == SQLITE_ROW) {
    apply(static_cast<uint64_t>(rows.integer_of(0)), rows.integer_of(1), static_cast<uint32_t>(rows.integer_of(2)),
          static_cast<uint64_t>(rows.integer_of(3)));
  }
  if (code != SQLITE_DONE) return fault();
  at = 0;
  uint64_t last = 0;
  auto batches = read_batches(&last);
  if (!batches) return batches.error();
  batched_ = batches->size();
  for (const Folded& f : *batches) apply(f.refresh.key, f.refresh.expires, f.refresh.cseq, f.sequence);
  return {};
}

Result<void> Writer::drop_expired(Instant now, Loaded& loaded) {
  if (!begin_.run()) return fault();
  bool ok = true;
  std::erase_if(loaded.bindings, [&](const Loaded::Row& row) {
    if (row.expires > now) return false;
    removed_.insert(row.key);
    remove_binding_.integer(1, as_row(row.key));
    ok = ok && remove_binding_.run();
    return true;
  });
  // Also those that a fold left behind for bindings that were removed while it ran.
  ok = ok && database_.run("DELETE FROM refresh WHERE key NOT IN (SELECT key FROM binding)").has_value();
  if (ok && commit_.run()) return {};
  Fault why = fault();
  if (sqlite3_get_autocommit(database_.handle()) == 0) rollback_.run();
  return why;
}

}  // namespace carillon::state
