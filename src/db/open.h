#pragma once
// The configuration in SQLite: `config.db` in the data directory, with `secret.key` (mode 0600) beside it for what is
// kept encrypted. Both are made when missing.

#include <memory>
#include <string>

#include "base/result.h"
#include "config/repository.h"

namespace carillon::db {

// Brings the tables up to this version; makes the built-in rows when the store is new. The fault says what to do.
Result<std::unique_ptr<config::Repository>> open_repository(const std::string& data_dir);

}  // namespace carillon::db
