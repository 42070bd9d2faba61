#include "admin/import.h"

#include <thread>

#include "admin/import_row.h"
#include "base/text.h"
#include "text/csv.h"

namespace carillon::admin {

namespace {

constexpr const char* kNotUtf8 = "is not UTF-8: save the file in that encoding";
constexpr size_t kRowsPerTransaction = 5000;
constexpr size_t kRowsPerReport = 500;

size_t count_rows(std::string_view text) {
  csv::Reader reader(text);
  csv::Row row;
  Fault fault;
  size_t rows = 0;
  while (reader.next(&row, &fault)) rows++;
  return rows == 0 ? 0 : rows - 1;
}

class Import {
 public:
  Import(Core& core, std::string_view text, ImportOptions options, const std::function<void(size_t, size_t)>& progress)
      : core_(core), options_(options), progress_(progress), reader_(text), all_(count_rows(text)) {}

  Result<ImportReport> run() {
    csv::Row header;
    Fault fault;
    if (!reader_.next(&header, &fault)) return Fault{FaultKind::invalid, "the file is empty", ""};
    if (!fault.text.empty()) return Fault{FaultKind::invalid, "the first row: " + fault.text, ""};
    if (!is_utf8(header.text)) {
      return Fault{FaultKind::invalid, std::string("the first row: ") + kNotUtf8, ""};
    }
    auto columns = plan_columns(header.fields);
    if (!columns) return columns.error();
    RowImporter importer(core_, std::move(columns).value());
    report_.applied = !options_.dry_run;
    const bool whole = options_.dry_run || options_.atomic;
    for (bool more = true; more;) {
      const auto done = chunk(importer, whole ? SIZE_MAX : kRowsPerTransaction, &more);
      if (!done) return done.error();
      if (more) std::this_thread::yield();  // others may read between
    }
    if (progress_) progress_(report_.rows, all_);
    return std::move(report_);
  }

 private:
  Result<void> chunk(RowImporter& importer, size_t limit, bool* more) {
    const std::lock_guard lock(core_.mutex());
    const auto revision = core_.begin();
    if (!revision) return revision.error();
    const size_t changed_before = report_.added + report_.updated;
    size_t rows = 0;
    while (rows < limit && (*more = reader_.next(&row_, &fault_))) {
      rows++;
      one(importer, *revision);
      if (progress_ && report_.rows % kRowsPerReport == 0) progress_(report_.rows, all_);
    }
    const bool refused = options_.atomic && !report_.rejected.empty();
    if (refused) report_.applied = false;
    if (refused || options_.dry_run || report_.added + report_.updated == changed_before) {
      core_.rollback();
      return {};
    }
    json::object after;
    after["rows"] = rows, after["added"] = report_.added, after["updated"] = report_.updated;
    return core_.commit(*revision, {.revision = *revision,
                                    .what = "import",
                                    .collection = "",
                                    .name = "",
                                    .before = nullptr,
                                    .after = std::move(after)});
  }

  void one(RowImporter& importer, uint64_t revision) {
    report_.rows++;
    if (!fault_.text.empty()) return reject(fault_.text);
    if (!is_utf8(row_.text)) return reject(kNotUtf8);
    const auto saved = importer.apply(row_.fields, revision);
    if (!saved) return reject(saved.error().text);
    switch (*saved) {
      case Saved::added:
        report_.added++;
        break;
      case Saved::updated:
        report_.updated++;
        break;
      case Saved::unchanged:
        report_.unchanged++;
        break;
    }
  }

  void reject(const std::string& reason) {
    std::string line = reason;
    for (char& c : line) {
      if (c == '\n') c = ';';
    }
    report_.rejected.push_back({row_.line, std::move(line), std::string(row_.text)});
  }

  Core& core_;
  ImportOptions options_;
  const std::function<void(size_t, size_t)>& progress_;
  csv::Reader reader_;
  size_t all_;
  csv::Row row_;
  Fault fault_;
  ImportReport report_;
};

}  // namespace

Result<ImportReport> import_csv(Core& core, std::string_view csv, ImportOptions options,
                                const std::function<void(size_t, size_t)>& progress) {
  return Import(core, csv, options, progress).run();
}

}  // namespace carillon::admin
