#include "admin/import_row.h"

#include <algorithm>

#include "config/json_fold.h"

namespace carillon::admin {

using config::EndUser;
using config::Line;
using config::Phone;

namespace {

bool holds(const std::vector<std::string>& header, std::string_view name) {
  return std::find(header.begin(), header.end(), name) != header.end();
}

std::string field_names() {
  std::string all;
  const auto add = [&all](const auto& f) {
    if (!all.empty()) all += ", ";
    all += f.name;
  };
  config::each_field<EndUser>(add);
  config::each_field<Phone>(add);
  config::each_field<Line>(add);
  return all;
}

bool shown_only(std::string_view name) {
  return config::shown_only<EndUser>(name) || config::shown_only<Phone>(name) || config::shown_only<Line>(name);
}

// A file of lines has their key; else a field is the user's when users have it, then the phone's.
bool target_of(std::string_view name, bool lines_only, bool with_users, Target* target) {
  if (lines_only) return *target = Target::line, config::has_field<Line>(name);
  if (with_users && config::has_field<EndUser>(name)) return *target = Target::user, true;
  return *target = Target::phone, config::has_field<Phone>(name);
}

}  // namespace

Result<std::vector<Column>> plan_columns(const std::vector<std::string>& header) {
  const bool with_users = holds(header, "userid");
  const bool with_phones = holds(header, "name") || holds(header, "digestUser");
  if (!with_users && !with_phones && !holds(header, "number")) {
    return Fault{
        FaultKind::invalid,
        "the first row must name the columns, and one of them must be a key: userid; name or digestUser of a phone; "
        "number of a line",
        ""};
  }
  const bool lines_only = !with_users && !with_phones;
  std::vector<Column> columns;
  std::string unknown;
  for (const std::string& raw : header) {
    const std::string name(trim(raw));
    for (const Column& c : columns) {
      if (c.name == name) return Fault{FaultKind::invalid, "column \"" + printable(name, 60) + "\" comes twice", name};
    }
    Target target = Target::user;
    if (shown_only(name)) {
      target = Target::none;
    } else if (!target_of(name, lines_only, with_users, &target)) {
      if (!unknown.empty()) unknown += ", ";
      unknown += "\"" + printable(name, 60) + "\"";
    }
    columns.push_back({name, target});
  }
  if (!unknown.empty()) {
    return Fault{FaultKind::invalid, "unknown column " + unknown + "; columns may be: " + field_names(), ""};
  }
  return columns;
}

bool RowImporter::any(Target target, const std::vector<std::string>& cells) const {
  for (size_t i = 0; i < columns_.size(); i++) {
    if (columns_[i].target == target && !cells[i].empty()) return true;
  }
  return false;
}

std::string_view RowImporter::cell(Target target, std::string_view name, const std::vector<std::string>& cells) const {
  for (size_t i = 0; i < columns_.size(); i++) {
    if (columns_[i].target == target && columns_[i].name == name) return cells[i];
  }
  return {};
}

template <typename T>
void RowImporter::set_cells(T& row, Target target, const std::vector<std::string>& cells, config::Problems& problems) {
  for (size_t i = 0; i < columns_.size(); i++) {
    if (columns_[i].target == target && !cells[i].empty()) config::set_text(row, columns_[i].name, cells[i], problems);
  }
}

Result<Saved> RowImporter::user(const std::vector<std::string>& cells, uint64_t revision) {
  const std::string_view userid = cell(Target::user, "userid", cells);
  if (userid.empty()) return Fault{FaultKind::invalid, "userid: is required", "userid"};
  const auto ids = core_.repository().of<EndUser>().find(userid);
  const auto before = ids.empty() ? std::nullopt : core_.repository().of<EndUser>().get(ids.front());
  EndUser row = before ? *before : EndUser{};
  config::Problems problems;
  set_cells(row, Target::user, cells, problems);
  if (!problems.empty()) return config::fault_of(problems);
  auto saved = core_.writer().save(row, before ? &*before : nullptr, revision);
  user_ = row.id;
  return saved;
}

Result<Saved> RowImporter::phone(const std::vector<std::string>& cells, uint64_t revision) {
  auto& phones = core_.repository().of<Phone>();
  const std::string_view name = cell(Target::phone, "name", cells);
  const std::string_view digest_user = cell(Target::phone, "digestUser", cells);
  config::EntityId user = user_;
  if (!digest_user.empty()) {
    const auto found = config::Names(core_.repository()).find<EndUser>(digest_user);
    if (!found) return Fault{FaultKind::invalid, "digestUser: " + found.error().text, "digestUser"};
    user = *found;
  }
  if (name.empty() && user == 0)
    return Fault{FaultKind::invalid, "name: a phone needs its name or its digestUser", "name"};
  config::EntityId id = 0;
  if (!name.empty()) {
    const auto ids = phones.find(name);
    if (!ids.empty()) id = ids.front();
  } else {
    id = phones.referring("digestUser", user);
  }
  const auto before = id == 0 ? std::nullopt : phones.get(id);
  Phone row = before ? *before : Phone{};
  if (before && !cell(Target::phone, "lines", cells).empty()) config::Names(core_.repository()).fill(row);
  config::Problems problems;
  set_cells(row, Target::phone, cells, problems);
  if (!problems.empty()) return config::fault_of(problems);
  // The phone in a user's row is that user's.
  if (!before && user_ != 0) {
    if (digest_user.empty()) row.digest_user = {user_, ""};
    if (row.owner_user.none()) row.owner_user = {user_, ""};
  }
  return core_.writer().save(row, before ? &*before : nullptr, revision);
}

Result<Saved> RowImporter::line(const std::vector<std::string>& cells, uint64_t revision) {
  Line row;
  config::Problems problems;
  set_cells(row, Target::line, cells, problems);
  config::Names(core_.repository()).resolve(row, problems);
  if (!problems.empty()) return config::fault_of(problems);
  const config::EntityId partition = row.partition.id == 0 ? config::kDefaultPartition : row.partition.id;
  std::optional<Line> before;
  for (const config::EntityId id : core_.repository().of<Line>().find(row.number)) {
    auto other = core_.repository().of<Line>().get(id);
    if (other && other->partition.id == partition) before = std::move(other);
  }
  if (before) {
    row = *before;
    set_cells(row, Target::line, cells, problems);
  }
  return core_.writer().save(row, before ? &*before : nullptr, revision);
}

// The row counts as added when anything in it was, as updated when anything changed.
Result<Saved> RowImporter::parts(const std::vector<std::string>& cells, uint64_t revision) {
  user_ = 0;
  Saved most = Saved::unchanged;
  for (const Target target : {Target::user, Target::phone, Target::line}) {
    if (!any(target, cells)) continue;
    const auto saved = target == Target::user    ? user(cells, revision)
                       : target == Target::phone ? phone(cells, revision)
                                                 : line(cells, revision);
    if (!saved) return saved;
    most = std::max(most, *saved);
  }
  return most;
}

Result<Saved> RowImporter::apply(const std::vector<std::string>& cells, uint64_t revision) {
  if (cells.size() != columns_.size()) {
    return Fault{
        FaultKind::invalid,
        "has " + std::to_string(cells.size()) + " cells, and there are " + std::to_string(columns_.size()) + " columns",
        ""};
  }
  const LicenceCounts counts = core_.writer().licences();
  core_.repository().savepoint();
  auto saved = parts(cells, revision);
  if (saved) {
    core_.repository().release();
    return saved;
  }
  core_.repository().rollback_to_savepoint();
  core_.writer().licences() = counts;
  return saved;
}

}  // namespace carillon::admin
