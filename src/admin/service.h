#pragma once
// What an administrator can do to the configuration, whatever the face (REST, command line, CSV). Thread-safe;
// blocking; never called from a call thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/snapshot.h"
#include "text/json.h"

namespace carillon::admin {

// Faults carry FaultKind and, for a field, its JSON name in `field`. Several field faults at once come as the first one
// with all of them in `text`, one a line.
struct ListQuery {
  size_t limit = 0;   // 0: everything
  std::string after;  // name after which to go on (lists are in order of their names)
  std::vector<std::pair<std::string, std::string>>
      filters;  // field = value (exact), or "q" = substring of name or description
};

struct Written {
  json::object entity;  // as show prints it
  uint64_t revision = 0;
};

// One row of an import: column name and text, in the file's order.
using ImportRow = std::vector<std::pair<std::string, std::string>>;
struct ImportReport {
  size_t rows = 0, added = 0, updated = 0, unchanged = 0;
  struct Rejected {
    size_t line = 0;  // of the file, 1-based
    std::string reason;
    std::string text;  // the row as it stood
  };
  std::vector<Rejected> rejected;
  bool applied = false;
};

class Service {
 public:
  virtual ~Service() = default;

  // Entity collections by their path name: "users", "phones", "lines", "partitions", "search-spaces",
  // "security-profiles", "sip-profiles", "regions", "locations", "device-pools", "parameters".
  virtual Result<json::array> list(std::string_view collection, const ListQuery& query) = 0;
  virtual Result<json::object> get(std::string_view collection, std::string_view name) = 0;
  // `if_revision` 0: whatever the revision; else conflict when the entity changed after it.
  virtual Result<Written> add(std::string_view collection, const json::object& fields) = 0;
  virtual Result<Written> update(std::string_view collection, std::string_view name, const json::object& fields,
                                 uint64_t if_revision) = 0;
  // By its id, for the part of the server that `by` names in the audit.
  virtual Result<Written> update(std::string_view collection, config::EntityId id, const json::object& fields,
                                 std::string_view by) = 0;
  virtual Result<uint64_t> remove(std::string_view collection, std::string_view name) = 0;
  // Built-in profiles and parameters back to what they were when installed.
  virtual Result<Written> reset(std::string_view collection, std::string_view name) = 0;
  // CSV text (RFC 4180, header first). Progress is called now and then with rows done and rows in all.
  virtual Result<ImportReport> import(std::string_view csv, bool dry_run, bool atomic,
                                      const std::function<void(size_t done, size_t all)>& progress) = 0;
  // {"units":9,"pool":null,"basic":{"phones":1,"units":3},"advanced":{…}}
  virtual json::object licence() = 0;
  virtual uint64_t revision() = 0;
  // The id of the line of this name, NUMBER or NUMBER@PARTITION: what live views know it by.
  virtual Result<config::EntityId> line_id(std::string_view name) = 0;
  // "" when there is no partition of this id (any more).
  virtual std::string partition_name(config::EntityId id) = 0;
  // The OpenAPI schema objects ("components/schemas") of all entities, and the list of collections with their facts.
  virtual json::object schemas() = 0;

  // The present snapshot, and who is told (on the changing thread, in order) of each new one.
  virtual config::SnapshotPtr snapshot() = 0;
  virtual void subscribe(std::function<void(config::SnapshotPtr)> listener) = 0;
};

}  // namespace carillon::admin
