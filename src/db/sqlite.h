#pragma once
// SQLite: connections, statements and transactions as values that clean up after themselves. A connection and what came
// from it belong to one thread at a time. Errors of the engine are faults; values are always bound, never concatenated.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace carillon::db {

// A prepared statement, borrowed from its connection. Columns and parameters count from 0 and 1, as in SQLite.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  ~Statement();  // resets it for the next user
  Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int at, int64_t value);
  Statement& bind(int at, std::string_view text);
  Statement& bind_blob(int at, std::string_view bytes);
  Statement& bind_null(int at);
  // Goes to the next row: true when there is one. On an error false, and failed().
  bool step();
  // For statements without rows.
  Result<void> run();
  bool failed() const { return failed_; }
  Fault fault() const;

  int64_t integer(int column) const;
  std::string_view text(int column) const;  // until the next step
  bool null(int column) const;

 private:
  sqlite3_stmt* statement_;
  bool failed_ = false;
};

class Connection {
 public:
  // Opens or makes the file, mode 0600, in WAL mode with foreign keys; `full` is synchronous=FULL, else NORMAL.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, bool full);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `sql` must be a text that we wrote; prepared once and kept. A fault in our own SQL stops the process.
  Statement prepare(const std::string& sql);
  Result<void> run(const std::string& sql);
  int64_t last_id() const;
  // Rows changed by the last statement.
  int64_t changes() const;
  bool in_transaction() const;

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
  std::unordered_map<std::string, sqlite3_stmt*> kept_;
};

}  // namespace carillon::db
