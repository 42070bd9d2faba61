// import: a CSV file to the server, progress while it works, rejected rows beside the file.

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <sstream>

#include "admin/cli/commands.h"
#include "base/text.h"
#include "text/csv.h"

namespace carillon::admin {
namespace {

constexpr auto kLineEvery = std::chrono::seconds(3);
constexpr auto kBarEvery = std::chrono::milliseconds(100);

size_t number_in(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<size_t>() : 0;
}

// A bar that is drawn again and again on a terminal; a line every few seconds elsewhere.
class Progress {
 public:
  explicit Progress(const Command& command, const Terminal& terminal)
      : terminal_(terminal), quiet_(command.flags.quiet) {}
  void show(size_t done, size_t all) {
    const auto now = std::chrono::steady_clock::now();
    if (quiet_ || all == 0 || now - last_ < (terminal_.err_is_tty ? std::chrono::milliseconds(kBarEvery) : kLineEvery))
      return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    const double left = rate > 0 ? static_cast<double>(all - std::min(done, all)) / rate : 0;
    if (!terminal_.err_is_tty) {
      terminal_.err << fmt::format("{} of {} rows, {:.0f} rows/s, {:.0f} s left\n", done, all, rate, left);
    } else {
      const size_t filled = std::min<size_t>(30, done * 30 / all);
      terminal_.err << fmt::format("\r[{:<30}] {}/{}  {:.0f} rows/s  {:.0f} s left \x1b[K", std::string(filled, '#'),
                                   done, all, rate, left);
      drawn_ = true;
    }
    terminal_.err.flush();
  }
  ~Progress() {
    if (drawn_) terminal_.err << "\r\x1b[K" << std::flush;
  }

 private:
  const Terminal& terminal_;
  bool quiet_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), last_ = start_;
};

// The lines of the answer: progress, then a report or a problem.
struct Answer {
  std::string pending;
  std::optional<json::object> report, problem;
  void take(std::string_view piece, Progress& progress) {
    pending += piece;
    for (size_t end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
      line(pending.substr(0, end), progress);
      pending.erase(0, end + 1);
    }
  }
  void line(const std::string& text, Progress& progress) {
    const auto parsed = json::parse(text);
    const auto* object = parsed ? parsed->if_object() : nullptr;
    if (object == nullptr) return;
    for (auto [name, to] : {std::pair{"report", &report}, std::pair{"problem", &problem}}) {
      const auto* inner = object->if_contains(name);
      if (inner != nullptr && inner->is_object()) *to = inner->get_object();
    }
    if (object->contains("done")) progress.show(number_in(*object, "done"), number_in(*object, "all"));
  }
};

std::optional<std::string> read_file(const Command& c, const Terminal& terminal) {
  std::ostringstream out;
  if (c.file == "-") {
    out << terminal.in.rdbuf();
    return out.str();
  }
  std::ifstream file(c.file, std::ios::binary);
  if (!file) return {};
  out << file.rdbuf();
  return out.str();
}

std::string rejected_name(const std::string& file) {
  if (file == "-") return "stdin.rejected.csv";
  return (file.ends_with(".csv") ? file.substr(0, file.size() - 4) : file) + ".rejected.csv";
}

// The rejected rows as they stood, with the reason behind.
std::string rejected_csv(std::string_view source, const json::array& rejected) {
  csv::Reader reader(source);
  csv::Row header;
  Fault fault;
  std::string out;
  if (reader.next(&header, &fault)) {
    header.fields.emplace_back("reason");
    csv::write_row(out, header.fields);
  }
  for (const auto& row : rejected) {
    std::string reason;
    csv::write_row(reason, {name_in(row, "reason")});
    out += name_in(row, "text") + "," + reason;
  }
  return out;
}

int report_rejected(const Command& c, const Terminal& terminal, std::string_view source, const json::array& rejected) {
  constexpr size_t kShown = 5;
  for (size_t i = 0; i < std::min(rejected.size(), kShown); i++) {
    terminal.err << "line " << name_in(rejected[i], "line") << ": " << printable(name_in(rejected[i], "reason"), 300)
                 << "\n";
  }
  if (rejected.size() > kShown) terminal.err << "… and " << rejected.size() - kShown << " more\n";
  const std::string name = rejected_name(c.file);
  std::ofstream file(name, std::ios::binary | std::ios::trunc);
  file << rejected_csv(source, rejected);
  file.close();
  if (!file) return terminal.fail(kFailed, "cannot write the rejected rows to " + name);
  return terminal.fail(kFailed,
                       fmt::format("{} rows were rejected; they are in {} with the reasons", rejected.size(), name));
}

int finish(const Command& c, const Terminal& terminal, std::string_view source, const json::object& report) {
  const auto* rejected = report.if_contains("rejected");
  const size_t bad = rejected != nullptr && rejected->is_array() ? rejected->get_array().size() : 0;
  if (c.flags.output != "table") {
    show_object(c, terminal, report);
  } else if (!c.flags.quiet) {
    const auto* applied = report.if_contains("applied");
    const bool done = applied != nullptr && applied->is_bool() && applied->get_bool();
    terminal.out << fmt::format("{} rows: {} added, {} updated, {} unchanged, {} rejected{}\n",
                                number_in(report, "rows"), number_in(report, "added"), number_in(report, "updated"),
                                number_in(report, "unchanged"), bad,
                                c.dry_run ? " (dry run: nothing was changed)"
                                : done    ? ""
                                          : " (nothing was changed)");
  }
  return bad == 0 ? kOk : report_rejected(c, terminal, source, rejected->get_array());
}

}  // namespace

int run_import(const Command& c, const Remote& remote, const Terminal& terminal) {
  const auto source = read_file(c, terminal);
  if (!source) return terminal.fail(kFailed, "cannot read " + c.file);
  http::ClientRequest request{"POST", "/api/v1/import", {}, *source};
  request.target += query_text({{"dryRun", c.dry_run ? "true" : ""},
                                {"atomic", c.atomic ? "true" : ""},
                                {"wait", c.flags.no_wait ? "" : "applied"}});
  request.headers = {{"Content-Type", "text/csv"}, {"Accept", "application/x-ndjson"}};
  Answer answer;
  auto response = [&] {
    Progress progress(c, terminal);
    return remote.send(std::move(request), [&](std::string_view piece) {
      answer.take(piece, progress);
      return true;
    });
  }();
  if (!response) return remote.complain(terminal, response.error());
  if (response->status / 100 != 2) return Remote::complain(terminal, *response);
  if (answer.problem) {
    response->status = static_cast<int>(number_in(*answer.problem, "status"));
    response->body = json::print(*answer.problem);
    return Remote::complain(terminal, *response);
  }
  if (!answer.report) return terminal.fail(kFailed, "the server broke off the import without a report; see its log");
  return finish(c, terminal, *source, *answer.report);
}

}  // namespace carillon::admin
