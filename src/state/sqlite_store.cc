#include "state/sqlite_store.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "state/backlog.h"
#include "state/sqlite.h"
#include "state/writer.h"

namespace carillon::state {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRetry = std::chrono::milliseconds(200);  // after the disk refused
constexpr auto kLastTries = std::chrono::seconds(5);     // when stopping
constexpr size_t kSpareVectors = 16;

std::chrono::microseconds chrono_of(Duration d) { return std::chrono::microseconds(d.us); }

}  // namespace

struct SqliteStore::Impl {
  Impl(SqliteStoreOptions o, DoneFn d) : options(std::move(o)), done(std::move(d)) {}

  void run();
  bool wait(std::unique_lock<std::mutex>& lock);
  void absorb(std::vector<std::vector<Post>>& batches);
  void commit();
  void settle();
  void report(Clock::time_point began);
  void failed(const Fault& fault);
  void upkeep();
  Result<std::vector<Cdr>> read_cdrs(const std::string& sql, const std::function<void(Statement&)>& bind);

  SqliteStoreOptions options;
  DoneFn done;

  // Of the writer thread (load() before the first post).
  Writer writer;
  Backlog backlog{0};
  Clock::time_point last_commit, last_age, retry_at;
  bool more_upkeep = false;
  uint64_t absorbed = 0;  // batches that the backlog has had

  enum class Sleep : uint8_t { none, but_for_tokens, until_anything };
  mutable std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::vector<std::vector<Post>> inbox, spare;
  bool inbox_tokens = false;
  bool stopping = false;
  Sleep sleep = Sleep::none;
  uint64_t posted = 0, written = 0;  // batches: handed in, and committed
  std::condition_variable settled;   // `written` has grown
  StoreHealth health;

  std::mutex read_mutex;
  Database reader;
  std::thread thread;
};

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(SqliteStoreOptions options, DoneFn done) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(done));
  if (auto r = impl->writer.open(impl->options.path, impl->options.full_sync); !r) return r.error();
  impl->backlog = Backlog(impl->writer.first_sequence());
  Impl* raw = impl.get();
  impl->thread = std::thread([raw] { raw->run(); });
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(impl)));
}

SqliteStore::SqliteStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SqliteStore::~SqliteStore() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->changed.notify_one();
  impl_->thread.join();
}

Result<Loaded> SqliteStore::load(Instant now) { return impl_->writer.load(now); }

void SqliteStore::post(std::vector<Post>&& batch) {
  if (batch.empty()) return;
  bool tokens = false;
  for (const Post& p : batch) tokens |= p.token != 0;
  bool wake;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->inbox.push_back(std::move(batch));
    impl_->posted++;
    batch.clear();
    if (!impl_->spare.empty()) batch.swap(impl_->spare.back()), impl_->spare.pop_back();
    impl_->inbox_tokens |= tokens;
    wake = impl_->sleep == Impl::Sleep::until_anything || (tokens && impl_->sleep == Impl::Sleep::but_for_tokens);
    if (wake) impl_->sleep = Impl::Sleep::none;
  }
  if (wake) impl_->changed.notify_one();
}

bool SqliteStore::settle(Duration patience) {
  std::unique_lock lock(impl_->mutex);
  const uint64_t wanted = impl_->posted;
  if (impl_->written >= wanted) return true;
  impl_->inbox_tokens = true;  // somebody waits
  impl_->sleep = Impl::Sleep::none;
  impl_->changed.notify_one();
  return impl_->settled.wait_for(lock, chrono_of(patience), [&] { return impl_->written >= wanted; });
}

Result<std::vector<Cdr>> SqliteStore::Impl::read_cdrs(const std::string& sql,
                                                      const std::function<void(Statement&)>& bind) {
  const std::lock_guard lock(read_mutex);
  if (!reader.is_open()) {
    if (auto r = reader.open(options.path, true); !r) return r.error();
  }
  Statement rows;
  if (auto r = rows.prepare(reader, sql.c_str()); !r) return r.error();
  bind(rows);
  std::vector<Cdr> list;
  int code;
  while ((code = rows.step()) == SQLITE_ROW) {
    if (auto cdr = Cdr::from_blob(rows.blob_of(0))) list.push_back(std::move(*cdr));
  }
  if (code != SQLITE_DONE) return Fault{FaultKind::unavailable, reader.error(), ""};
  return list;
}

Result<std::vector<Cdr>> SqliteStore::cdrs(const CdrQuery& q) {
  std::string sql = "SELECT record FROM cdr WHERE start>=?1 AND start<?2";
  if (!q.number.empty()) sql += " AND ?3 IN (calling, dialled, called, sent_on)";
  if (q.cause >= 0) sql += " AND cause=?4";
  if (q.global != 0) sql += " AND global=?5";
  if (q.id != 0) sql += " AND id=?9";
  if (q.past_id != 0) sql += q.oldest_first ? " AND (start,id)>(?6,?7)" : " AND (start,id)<(?6,?7)";
  sql += q.oldest_first ? " ORDER BY start, id LIMIT ?8" : " ORDER BY start DESC, id DESC LIMIT ?8";
  return impl_->read_cdrs(sql, [&q](Statement& rows) {
    rows.integer(1, q.since.us);
    rows.integer(2, q.until.us);
    if (!q.number.empty()) rows.text(3, q.number);
    if (q.cause >= 0) rows.integer(4, q.cause);
    if (q.global != 0) rows.integer(5, static_cast<int64_t>(q.global));
    if (q.past_id != 0) rows.integer(6, q.past_start.us), rows.integer(7, static_cast<int64_t>(q.past_id));
    if (q.id != 0) rows.integer(9, static_cast<int64_t>(q.id));
    rows.integer(8, q.limit == 0 ? -1 : static_cast<int64_t>(q.limit));
  });
}

Result<std::optional<Cdr>> SqliteStore::cdr(uint64_t id) {
  auto list = impl_->read_cdrs("SELECT record FROM cdr WHERE id=?1",
                               [id](Statement& rows) { rows.integer(1, static_cast<int64_t>(id)); });
  if (!list) return list.error();
  if (list->empty()) return std::optional<Cdr>();
  return std::optional<Cdr>(std::move(list->front()));
}

StoreHealth SqliteStore::health() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->health;
}

// Sleeps until something is to be done; false when it is time to end. The lock is held on entry and on return.
bool SqliteStore::Impl::wait(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    if (stopping) return false;
    const auto now = Clock::now();
    const bool tokens = inbox_tokens || backlog.has_tokens();
    const bool work = !inbox.empty() || !backlog.empty();
    if (!work && more_upkeep) return true;
    auto due = Clock::time_point::max();
    if (work) due = std::max(retry_at, last_commit + chrono_of(tokens ? options.group : options.lazy));
    if (due <= now) return true;
    sleep = !work ? Sleep::until_anything : tokens ? Sleep::none : Sleep::but_for_tokens;
    if (work) {
      changed.wait_until(lock, due);
    } else {
      changed.wait(lock);
      // The first thing after a rest: what needs no answer waits for company.
      if (!inbox.empty() && !inbox_tokens) last_commit = Clock::now();
    }
    sleep = Sleep::none;
  }
}

void SqliteStore::Impl::run() {
  std::vector<std::vector<Post>> batches;
  last_age = Clock::now();
  for (;;) {
    bool go_on;
    {
      std::unique_lock lock(mutex);
      for (auto& empty : batches) {
        if (spare.size() < kSpareVectors) spare.push_back(std::move(empty));
      }
      batches.clear();
      go_on = wait(lock);
      std::swap(batches, inbox);
      inbox_tokens = false;
    }
    absorb(batches);
    if (!go_on) break;
    const auto now = Clock::now();
    if (now - last_age >= chrono_of(options.lazy)) backlog.age(), last_age = now;
    if (backlog.empty()) {
      settle();
    } else if (now >= retry_at) {
      commit();
    }
    upkeep();
  }
  const auto give_up = Clock::now() + kLastTries;
  for (backlog.age(); !backlog.empty() && Clock::now() < give_up; backlog.age()) {
    commit();
    if (!backlog.empty()) std::this_thread::sleep_for(kRetry);
  }
}

void SqliteStore::Impl::absorb(std::vector<std::vector<Post>>& batches) {
  absorbed += batches.size();
  for (auto& batch : batches) {
    for (Post& post : batch) backlog.take(std::move(post));
    batch.clear();
  }
}

void SqliteStore::Impl::commit() {
  const auto began = Clock::now();
  last_commit = began;
  if (backlog.rows().empty() && backlog.refreshes().empty() && backlog.due_calls().empty()) return settle();
  if (auto r = writer.write(backlog); !r) return failed(r.error());
  report(began);
  for (size_t shard = 0; shard < backlog.tokens().size(); shard++) {
    if (backlog.tokens()[shard] != 0 && done) done(static_cast<uint16_t>(shard), backlog.tokens()[shard]);
  }
  backlog.written();
  settle();
}

// All rows that the backlog has had are on disk. (Call records of calls that go on may wait; nobody settles for those.)
void SqliteStore::Impl::settle() {
  {
    const std::lock_guard lock(mutex);
    written = absorbed;
  }
  settled.notify_all();
}

void SqliteStore::Impl::report(Clock::time_point began) {
  const Duration took{std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count()};
  const std::lock_guard lock(mutex);
  health.ok = true;
  health.error.clear();
  health.commits++;
  health.rows += backlog.rows().size() + backlog.due_calls().size();
  health.refreshes += backlog.refreshes().size();
  health.dropped = backlog.dropped();
  health.waiting = 0;
  health.last_commit = took;
  health.longest_commit = std::max(health.longest_commit, took);
}

void SqliteStore::Impl::failed(const Fault& fault) {
  retry_at = Clock::now() + kRetry;
  const std::lock_guard lock(mutex);
  health.ok = false;
  health.error = fault.text;
  health.failures++;
  health.waiting = backlog.size();
  health.dropped = backlog.dropped();
}

void SqliteStore::Impl::upkeep() {
  bool idle;
  {
    const std::lock_guard lock(mutex);
    idle = inbox.empty();
  }
  auto more = writer.upkeep(idle && backlog.empty());
  more_upkeep = more && *more;
  if (!more) failed(more.error());
}

}  // namespace carillon::state
