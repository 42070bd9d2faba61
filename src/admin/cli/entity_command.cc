// list, show, add, update, remove, set and reset of the configuration's entities.

#include "admin/cli/commands.h"
#include "admin/cli/fields.h"
#include "admin/collections.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

std::string target_of(const Command& c, bool with_name) {
  const auto* collection = find_noun(c.noun);
  std::string out = "/api/v1/" + std::string(collection->path);
  if (with_name) out += "/" + http::percent_encode(c.name);
  return out;
}

int list(const Command& c, const Remote& remote, const Terminal& terminal) {
  std::vector<std::pair<std::string, std::string>> query{{"limit", c.limit}, {"q", c.search}};
  for (const auto& filter : c.filters) {
    const size_t equals = filter.find('=');
    if (equals == std::string::npos)
      return terminal.fail(kUsage, "--filter takes FIELD=VALUE, not '" + printable(filter, 80) + "'");
    query.emplace_back(filter.substr(0, equals), filter.substr(equals + 1));
  }
  int exit = kOk;
  const auto rows = remote.fetch(terminal, target_of(c, false) + query_text(query), &exit);
  if (!rows) return exit;
  if (!rows->is_array()) return terminal.fail(kFailed, "the server's answer is not a list");
  show_rows(c, terminal, rows->get_array());
  return kOk;
}

int show(const Command& c, const Remote& remote, const Terminal& terminal) {
  int exit = kOk;
  const auto entity = remote.fetch(terminal, target_of(c, true), &exit);
  if (!entity) return exit;
  if (!entity->is_object()) return terminal.fail(kFailed, "the server's answer is not an object");
  show_object(c, terminal, entity->get_object());
  return kOk;
}

// Says what was done: the object for -o json and the like, the bare name for -q, else a line.
void tell(const Command& c, const Terminal& terminal, const std::string& body, const std::string& done) {
  const auto parsed = json::parse(body);
  const auto* entity = parsed ? parsed->if_object() : nullptr;
  if (entity != nullptr && (c.flags.output != "table" || c.flags.quiet)) return show_object(c, terminal, *entity);
  std::string name = c.name;
  if (entity != nullptr && name.empty()) name = name_in(*entity, find_noun(c.noun)->key);
  if (c.flags.quiet) {
    terminal.out << printable(name, 300) << "\n";
  } else {
    terminal.out << c.noun << " " << printable(name, 300) << " " << done << "\n";
  }
}

int change(const Command& c, const Remote& remote, const Terminal& terminal, std::string_view method,
           const std::string& target, const std::optional<json::object>& body, const std::string& done) {
  const auto response = remote.call(method, target + (c.flags.no_wait ? "" : "?wait=applied"), body);
  if (!response) return remote.complain(terminal, response.error());
  if (response->status / 100 != 2) return Remote::complain(terminal, *response);
  tell(c, terminal, response->body, done);
  if (response->header("carillon-applied") == "no") {
    terminal.err << "warning: it is stored, but the call threads had not taken it up after 5 s\n";
  }
  return kOk;
}

int write_fields(const Command& c, const Remote& remote, const Terminal& terminal) {
  auto fields = to_fields(c.noun, c.fields, [&terminal] {
    std::string line;
    std::getline(terminal.in, line);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  });
  if (!fields) return terminal.fail(kUsage, fields.error().text);
  const auto* collection = find_noun(c.noun);
  if (c.verb == "update") {
    if (fields->empty())
      return terminal.fail(kUsage, "nothing to change: give a flag (carillon " + c.noun + " update --help)");
    return change(c, remote, terminal, "PATCH", target_of(c, true), *fields, "updated");
  }
  if (!c.name.empty()) (*fields)[std::string(collection->key)] = c.name;
  return change(c, remote, terminal, "POST", target_of(c, false), *fields, "added");
}

}  // namespace

int run_entity(const Command& c, const Remote& remote, const Terminal& terminal) {
  if (c.verb == "list") return list(c, remote, terminal);
  if (c.verb == "show") return show(c, remote, terminal);
  if (c.verb == "remove") return change(c, remote, terminal, "DELETE", target_of(c, true), {}, "removed");
  if (c.verb == "reset")
    return change(c, remote, terminal, "POST", target_of(c, true) + "/reset", json::object(), "reset");
  if (c.verb == "set") {
    return change(c, remote, terminal, "PATCH", target_of(c, true), json::object{{"value", c.value}}, "set");
  }
  return write_fields(c, remote, terminal);
}

}  // namespace carillon::admin
