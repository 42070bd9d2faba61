#pragma once
// SQLite with ownership: a connection, a prepared statement. Errors come back as text; nothing throws. A connection and
// its statements belong to one thread at a time.

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace carillon::state {

class Database {
 public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();
  // Opens or makes the file (mode 0600 by the process's umask); `read_only` needs it to exist.
  Result<void> open(const std::string& path, bool read_only);
  Result<void> run(const char* sql);
  sqlite3* handle() const { return handle_; }
  std::string error() const;
  bool is_open() const { return handle_ != nullptr; }
  void close();

 private:
  sqlite3* handle_ = nullptr;
};

// A prepared statement. Bound texts and blobs are not copied: they must live until run() or the last step().
class Statement {
 public:
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();
  Result<void> prepare(Database& database, const char* sql);
  void finish();
  void integer(int at, int64_t value) { sqlite3_bind_int64(handle_, at, value); }
  void text(int at, std::string_view value) {
    sqlite3_bind_text(handle_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  }
  void blob(int at, std::string_view value) {
    sqlite3_bind_blob(handle_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  }
  // For statements without rows: true when done; the statement is ready for the next values either way.
  bool run();
  // For rows: SQLITE_ROW, SQLITE_DONE or an error code. Ended by reset().
  int step() { return sqlite3_step(handle_); }
  void reset() { sqlite3_reset(handle_); }
  int64_t integer_of(int column) const { return sqlite3_column_int64(handle_, column); }
  // Valid until the next step() or reset().
  std::string_view blob_of(int column) const;

 private:
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace carillon::state
