// trace: the SIP ladder in the terminal, or the messages themselves.

#include "admin/cli/commands.h"
#include "admin/ladder.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

// A message for a person's screen: its lines, none of which can drive the terminal.
std::string raw_text(const json::object& message) {
  const auto field = [&message](std::string_view name) { return printable(name_in(message, name), 200); };
  const bool in = field("direction") == "in";
  std::string out =
      field("time") + " " + field("transport") + " " + field("local") + (in ? " <- " : " -> ") + field("remote") + "\n";
  const std::string whole = name_in(message, "text");
  std::string_view text = whole;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out += "    " + printable(line, 4000) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

class Follower {
 public:
  Follower(const Command& command, const Terminal& terminal)
      : command_(command), terminal_(terminal), ladder_({terminal.width, terminal.colour}) {}
  void take(std::string_view piece) {
    pending_ += piece;
    for (size_t end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n')) {
      const auto parsed = json::parse(pending_.substr(0, end));
      if (parsed && parsed->is_object()) show(parsed->get_object());
      pending_.erase(0, end + 1);
    }
    terminal_.out.flush();
  }

 private:
  void show(const json::object& message) {
    if (command_.flags.output == "json") {
      terminal_.out << json::print(message) << "\n";
    } else if (command_.raw) {
      terminal_.out << raw_text(message);
    } else {
      if (ladder_.learn(message)) terminal_.out << ladder_.header();
      terminal_.out << ladder_.row(message);
    }
  }
  const Command& command_;
  const Terminal& terminal_;
  Ladder ladder_;
  std::string pending_;
};

int follow(const Command& c, const Remote& remote, const Terminal& terminal) {
  Follower follower(c, terminal);
  http::ClientRequest request;
  request.target = "/api/v1/trace" + query_text({{"call", c.call}, {"follow", "true"}});
  const auto response = remote.send(std::move(request), [&](std::string_view piece) {
    follower.take(piece);
    return terminal.out.good();
  });
  if (!response) return remote.complain(terminal, response.error());
  return response->status / 100 == 2 ? kOk : Remote::complain(terminal, *response);
}

}  // namespace

int run_trace(const Command& c, const Remote& remote, const Terminal& terminal) {
  if (c.follow) return follow(c, remote, terminal);
  int exit = kOk;
  const auto messages = remote.fetch(terminal, "/api/v1/trace" + query_text({{"call", c.call}}), &exit);
  if (!messages) return exit;
  if (!messages->is_array()) return terminal.fail(kFailed, "the server's answer is not a list");
  const auto& rows = messages->get_array();
  if (c.flags.output == "json" || c.flags.output == "yaml" || c.flags.output == "csv")
    return show_rows(c, terminal, rows), kOk;
  if (rows.empty()) {
    if (!c.call.empty())
      return terminal.fail(kNotFound, "no messages of call '" + printable(c.call, 100) + "' are kept");
    terminal.err << "No messages are kept yet.\n";
  } else if (c.raw) {
    for (const auto& row : rows) terminal.out << (row.is_object() ? raw_text(row.get_object()) : "");
  } else {
    terminal.out << print_ladder(rows, {terminal.width, terminal.colour});
  }
  return kOk;
}

}  // namespace carillon::admin
