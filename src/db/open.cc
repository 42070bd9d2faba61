#include "db/open.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "db/key_file.h"
#include "db/repository.h"
#include "db/schema.h"

namespace carillon::db {

namespace {

// Does the store hold anything that only the key opens?
bool holds_secrets(Connection& connection) {
  Statement s = connection.prepare("SELECT 1 FROM \"EndUser\" WHERE \"digestCredentials\" IS NOT NULL LIMIT 1");
  return s.step();
}

}  // namespace

Result<std::unique_ptr<config::Repository>> open_repository(const std::string& data_dir) {
  if (::mkdir(data_dir.c_str(), 0700) != 0 && errno != EEXIST) {
    return Fault{FaultKind::unavailable, "cannot make the data directory " + data_dir + ": " + std::strerror(errno),
                 ""};
  }
  auto connection = Connection::open(data_dir + "/config.db", true);
  if (!connection) return connection.error();
  const auto made = ensure_schema(**connection);
  if (!made) return Fault{made.error().kind, data_dir + "/config.db: " + made.error().text, ""};
  const auto key = load_key(data_dir + "/secret.key", !holds_secrets(**connection));
  if (!key) return key.error();
  const auto random = system_random();
  if (!random) return random.error();
  auto repository =
      std::make_unique<SqliteRepository>(std::move(connection).value(), std::make_unique<config::Vault>(*key, *random));
  if (const auto done = repository->ensure_built_in(); !done) return done.error();
  return std::unique_ptr<config::Repository>(std::move(repository));
}

}  // namespace carillon::db
