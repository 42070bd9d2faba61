#include "state/sqlite.h"

namespace carillon::state {

Database::~Database() { close(); }

void Database::close() {
  if (handle_ != nullptr) sqlite3_close_v2(handle_);
  handle_ = nullptr;
}

Result<void> Database::open(const std::string& path, bool read_only) {
  const int flags =
      (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    Fault fault{FaultKind::unavailable, "cannot open " + path + ": " + error(), ""};
    close();
    return fault;
  }
  sqlite3_busy_timeout(handle_, 200);
  return {};
}

std::string Database::error() const { return handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_); }

Result<void> Database::run(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return Fault{FaultKind::unavailable, error(), ""};
}

Statement::~Statement() { finish(); }

void Statement::finish() {
  if (handle_ != nullptr) sqlite3_finalize(handle_);
  handle_ = nullptr;
}

Result<void> Statement::prepare(Database& database, const char* sql) {
  finish();
  if (sqlite3_prepare_v3(database.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) == SQLITE_OK)
    return {};
  return Fault{FaultKind::unavailable, database.error(), ""};
}

bool Statement::run() {
  const bool done = sqlite3_step(handle_) == SQLITE_DONE;
  sqlite3_reset(handle_);
  return done;
}

std::string_view Statement::blob_of(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<size_t>(sqlite3_column_bytes(handle_, column))};
}

}  // namespace carillon::state
