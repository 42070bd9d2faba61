#pragma once
// One row of an import, once its columns are known.

#include <string>
#include <string_view>
#include <vector>

#include "admin/core.h"

namespace carillon::admin {

// What a column sets. None: what we show and nobody sets, so that what was exported can be imported.
enum class Target : uint8_t { user, phone, line, none };

struct Column {
  std::string name;
  Target target;
};

// The columns of a file. A fault names those that nothing has, that come twice, or the key that is missing.
Result<std::vector<Column>> plan_columns(const std::vector<std::string>& header);

class RowImporter {
 public:
  RowImporter(Core& core, std::vector<Column> columns) : core_(core), columns_(std::move(columns)) {}
  // Inside a transaction. On a fault what the row did is undone.
  Result<Saved> apply(const std::vector<std::string>& cells, uint64_t revision);

 private:
  Result<Saved> parts(const std::vector<std::string>& cells, uint64_t revision);
  Result<Saved> user(const std::vector<std::string>& cells, uint64_t revision);
  Result<Saved> phone(const std::vector<std::string>& cells, uint64_t revision);
  Result<Saved> line(const std::vector<std::string>& cells, uint64_t revision);
  template <typename T>
  void set_cells(T& row, Target target, const std::vector<std::string>& cells, config::Problems& problems);
  bool any(Target target, const std::vector<std::string>& cells) const;
  std::string_view cell(Target target, std::string_view name, const std::vector<std::string>& cells) const;

  Core& core_;
  std::vector<Column> columns_;
  config::EntityId user_ = 0;  // of the row at hand
};

}  // namespace carillon::admin
