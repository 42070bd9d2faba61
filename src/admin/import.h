#pragma once
// CSV rows into users, phones and lines. A row upserts by its key: `userid`; a phone by `name`, else by its digest
// user; `number` (with `partition`) for a file of lines. An empty cell is one left out.

#include <functional>
#include <string_view>

#include "admin/core.h"
#include "admin/service.h"

namespace carillon::admin {

struct ImportOptions {
  bool dry_run = false;  // everything is tried and nothing kept
  bool atomic = false;   // one bad row undoes all
};

// Takes the core's lock itself: for the whole file when dry or atomic, else for a few thousand rows at a time.
Result<ImportReport> import_csv(Core& core, std::string_view csv, ImportOptions options,
                                const std::function<void(size_t, size_t)>& progress);

}  // namespace carillon::admin
