#include "db/schema.h"

#include "config/entities.h"

namespace carillon::db {

namespace {

// Raised when a change is made that an older version could not read.
constexpr int64_t kFormat = 1;

Result<void> ensure_format(Connection& connection) {
  auto done = connection.run(
      "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS parameter (name TEXT PRIMARY KEY, value TEXT, revision INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, time INTEGER NOT NULL,"
      " what TEXT NOT NULL, collection TEXT NOT NULL, name TEXT NOT NULL, before TEXT, after TEXT)");
  if (!done) return done;
  {
    Statement s = connection.prepare("SELECT value FROM meta WHERE name = 'format'");
    if (s.step() && s.integer(0) > kFormat) {
      return Fault{FaultKind::unavailable, "the configuration was written by a newer version of Carillon", ""};
    }
  }
  Statement s = connection.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('format', ?)");
  return s.bind(1, kFormat).run();
}

template <typename... T>
Result<void> ensure_tables(Connection& connection) {
  Result<void> done;
  ((done = done ? ensure_table<T>(connection) : done), ...);
  return done;
}

}  // namespace

Result<void> ensure_column(Connection& connection, const std::string& table, View column, const std::string& type) {
  {
    Statement s = connection.prepare("SELECT 1 FROM pragma_table_info(?) WHERE name = ?");
    const std::string bare = table.substr(1, table.size() - 2);
    s.bind(1, View(bare)).bind(2, column);
    if (s.step()) return {};
  }
  return connection.run("ALTER TABLE " + table + " ADD COLUMN " + identifier(column) + " " + type);
}

Result<void> ensure_schema(Connection& connection) {
  auto done = connection.run("BEGIN IMMEDIATE");
  if (done) done = ensure_format(connection);
  if (done) {
    done = ensure_tables<config::PresenceGroup, config::Partition, config::CallingSearchSpace,
                         config::PhoneSecurityProfile, config::SipProfile, config::EndUser, config::CallPickupGroup,
                         config::CallerFilter, config::Line, config::Region, config::Location, config::DevicePool,
                         config::Phone, config::LineGroup, config::HuntList, config::HuntPilot, config::CallPark,
                         config::DirectedCallPark, config::FeatureCode>(connection);
  }
  for (const View table : {"Line", "HuntPilot", "CallPickupGroup", "CallPark", "DirectedCallPark"}) {
    if (!done) break;
    done =
        connection.run("CREATE UNIQUE INDEX IF NOT EXISTS " + identifier("unique " + std::string(table) + " number") +
                       " ON " + identifier(table) + " (\"number\", \"partition\")");
  }
  if (done) return connection.run("COMMIT");
  static_cast<void>(connection.run("ROLLBACK"));
  return done;
}

}  // namespace carillon::db
