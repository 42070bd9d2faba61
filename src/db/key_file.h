#pragma once
// The key that opens what is kept encrypted: a file of its own, so that a copy of the store alone tells no secret.

#include <string>

#include "base/random.h"
#include "base/result.h"

namespace carillon::db {

// Reads the key file, or makes it with random bits of the system when it is missing and `may_create` is set; without, a
// missing file is a fault (the store holds what only that key opens).
Result<std::string> load_key(const std::string& path, bool may_create);
// A generator seeded by the system.
Result<Random> system_random();

}  // namespace carillon::db
