// What is going on now: registrations, refusals, calls, CDRs; the licence and the status screen.

#include "admin/cli/commands.h"
#include "admin/table.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

// The fields by which people name a row.
std::vector<std::string> keys_of(const std::string& noun) {
  if (noun == "registration") return {"name", "number", "phone"};
  if (noun == "subscription") return {"name", "number", "phone"};
  if (noun == "call-back") return {"name", "number", "target", "phone"};
  if (noun == "refusal") return {"name", "user", "number", "source"};
  return {"name", "id"};
}

int show(const Command& c, const Remote& remote, const Terminal& terminal) {
  for (const auto& key : keys_of(c.noun)) {
    int exit = kOk;
    const auto rows = remote.fetch(terminal, "/api/v1/" + c.noun + "s" + query_text({{key, c.name}}), &exit);
    if (!rows) return exit;
    if (!rows->is_array() || rows->get_array().empty() || !rows->get_array().front().is_object()) continue;
    show_object(c, terminal, rows->get_array().front().get_object());
    return kOk;
  }
  return terminal.fail(kNotFound, "there is no " + c.noun + " '" + printable(c.name, 100) + "' (carillon " + c.noun +
                                      " list shows what there is)");
}

int remove(const Command& c, const Remote& remote, const Terminal& terminal) {
  const auto response = remote.call("DELETE", "/api/v1/" + c.noun + "s/" + http::percent_encode(c.name), {});
  if (!response) return remote.complain(terminal, response.error());
  if (response->status / 100 != 2) return Remote::complain(terminal, *response);
  const std::string done = c.noun == "call" ? " released" : " removed";
  terminal.out << (c.flags.quiet ? c.name : c.noun + " " + printable(c.name, 100) + done) << "\n";
  return kOk;
}

std::string count_text(const json::object& from, std::string_view field, const std::string& one) {
  const auto text = name_in(from, field);
  return (text.empty() ? "0" : text) + " " + one + (text == "1" ? "" : "s");
}

void add_section(std::string& to, std::string_view title, const json::value& value, const TableStyle& style) {
  to += style.colour ? "\x1b[1m" + std::string(title) + "\x1b[0m\n" : std::string(title) + "\n";
  std::string inner;
  if (value.is_object()) {
    inner = print_facts(value.get_object(), style);
  } else {
    for (const auto& item : value.get_array()) {
      std::string line;
      if (item.is_object()) {
        for (const auto& each : item.get_object()) line += (line.empty() ? "" : "  ") + cell_text(each.value());
      } else {
        line = cell_text(item);
      }
      inner += fitted(line, style.width > 4 ? style.width - 2 : 0) + "\n";
    }
    if (inner.empty()) inner = "none\n";
  }
  for (size_t at = 0; at < inner.size();) {
    const size_t end = inner.find('\n', at);
    to += "  " + inner.substr(at, end - at) + "\n";
    at = end + 1;
  }
}

}  // namespace

int run_live(const Command& c, const Remote& remote, const Terminal& terminal) {
  if (c.verb == "show") return show(c, remote, terminal);
  if (c.verb == "remove") return remove(c, remote, terminal);
  int exit = kOk;
  const auto rows = remote.fetch(terminal,
                                 "/api/v1/" + c.noun + "s" +
                                     query_text({{"limit", c.limit},
                                                 {"q", c.search},
                                                 {"since", c.since},
                                                 {"until", c.until},
                                                 {"number", c.number},
                                                 {"cause", c.cause},
                                                 {"call", c.of_call}}),
                                 &exit);
  if (!rows) return exit;
  if (!rows->is_array()) return terminal.fail(kFailed, "the server's answer is not a list");
  show_rows(c, terminal, rows->get_array());
  return kOk;
}

int run_status(const Command& c, const Remote& remote, const Terminal& terminal) {
  int exit = kOk;
  const auto status = remote.fetch(terminal, "/api/v1/status", &exit);
  if (!status || !status->is_object()) return exit;
  if (c.flags.output != "table") return show_object(c, terminal, status->get_object()), kOk;
  const TableStyle style{true, terminal.colour, terminal.out_is_tty ? terminal.width : 0};
  json::object facts;
  std::string sections;
  for (const auto& [name, value] : status->get_object()) {
    if (value.is_object() || value.is_array()) {
      add_section(sections, {name.data(), name.size()}, value, style);
    } else {
      facts[name] = value;
    }
  }
  terminal.out << print_facts(facts, style) << sections;
  return kOk;
}

int run_licence(const Command& c, const Remote& remote, const Terminal& terminal) {
  int exit = kOk;
  const auto licence = remote.fetch(terminal, "/api/v1/licence", &exit);
  if (!licence || !licence->is_object()) return exit;
  const auto& all = licence->get_object();
  if (c.flags.output != "table" || c.flags.quiet) return show_object(c, terminal, all), kOk;
  const auto pool = name_in(all, "pool");
  terminal.out << "in use    " << count_text(all, "units", "unit")
               << (pool.empty() ? " (no limit is set)" : " of " + pool) << "\n";
  for (const auto& [field, title] : {std::pair{"basic", "Basic     "}, std::pair{"advanced", "Advanced  "}}) {
    const auto* part = all.if_contains(field);
    if (part == nullptr || !part->is_object()) continue;
    terminal.out << title << count_text(part->get_object(), "phones", "phone") << ", "
                 << count_text(part->get_object(), "units", "unit") << "\n";
  }
  return kOk;
}

}  // namespace carillon::admin
