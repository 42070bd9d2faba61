#include "db/sqlite.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "base/check.h"

namespace carillon::db {

namespace {

Fault fault_of(sqlite3* handle) {
  const int code = sqlite3_extended_errcode(handle);
  const std::string text = sqlite3_errmsg(handle);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return {FaultKind::conflict, text, ""};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {FaultKind::unavailable, "the store is in use by another process: " + text, ""};
    case SQLITE_FULL:
      return {FaultKind::unavailable, "the disk is full: " + text, ""};
    default:
      return {FaultKind::unavailable, "the store failed: " + text, ""};
  }
}

}  // namespace

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Statement& Statement::bind(int at, int64_t value) {
  CHECK(sqlite3_bind_int64(statement_, at, value) == SQLITE_OK);
  return *this;
}

// The text must live until the statement has run.
Statement& Statement::bind(int at, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  CHECK(sqlite3_bind_text64(statement_, at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_blob(int at, std::string_view bytes) {
  if (bytes.empty()) return bind_null(at);
  CHECK(sqlite3_bind_blob64(statement_, at, bytes.data(), bytes.size(), SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_null(int at) {
  CHECK(sqlite3_bind_null(statement_, at) == SQLITE_OK);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  failed_ = code != SQLITE_ROW && code != SQLITE_DONE;
  return code == SQLITE_ROW;
}

Result<void> Statement::run() {
  while (step()) {
  }
  if (failed_) return fault();
  return {};
}

Fault Statement::fault() const { return fault_of(sqlite3_db_handle(statement_)); }

int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

bool Statement::null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, bool full) {
  sqlite3* handle = nullptr;
  const mode_t before = umask(0077);
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  auto connection = std::unique_ptr<Connection>(new Connection(handle));
  if (code != SQLITE_OK) {
    umask(before);
    const std::string why = handle == nullptr ? "out of memory" : sqlite3_errmsg(handle);
    return Fault{FaultKind::unavailable, "cannot open " + path + ": " + why, ""};
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 5000);
  Result<void> done;
  for (const char* pragma : {"PRAGMA journal_mode=WAL", full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
                             "PRAGMA foreign_keys=ON", "PRAGMA cache_size=-65536", "PRAGMA temp_store=MEMORY"}) {
    done = connection->run(pragma);
    if (!done) break;
  }
  umask(before);
  if (!done) return Fault{done.error().kind, "cannot open " + path + ": " + done.error().text, ""};
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : kept_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

Statement Connection::prepare(const std::string& sql) {
  sqlite3_stmt*& statement = kept_[sql];
  if (statement == nullptr) {
    const int code = sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    CHECK(code == SQLITE_OK && statement != nullptr);
  }
  return Statement(statement);
}

Result<void> Connection::run(const std::string& sql) {
  char* message = nullptr;
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return {};
  sqlite3_free(message);
  return fault_of(handle_);
}

int64_t Connection::last_id() const { return sqlite3_last_insert_rowid(handle_); }
int64_t Connection::changes() const { return sqlite3_changes64(handle_); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

}  // namespace carillon::db
