#pragma once
// The demonstration phones' passwords, kept in a file of the data directory (mode 0600) so that each start can say what
// to type into a phone. Written only when the demonstration directory is made.

#include <string>
#include <vector>

#include "admin/open.h"
#include "base/result.h"
#include "server/data_dir.h"

namespace carillon::server {

Result<void> write_demo(const DataDir& dir, const std::vector<admin::DemoPhone>& phones);
// What was written; empty when there is no such file.
std::vector<admin::DemoPhone> read_demo(const DataDir& dir);

}  // namespace carillon::server
