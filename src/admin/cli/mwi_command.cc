// Message waiting of a line: list, show, set.

#include "admin/cli/commands.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

int set(const Command& c, const Remote& remote, const Terminal& terminal) {
  json::object fields;
  if (!c.value.empty()) fields["waiting"] = c.value == "on";
  const std::pair<const char*, const std::string*> counts[] = {
      {"new", &c.fresh}, {"old", &c.old}, {"urgentNew", &c.urgent_fresh}, {"urgentOld", &c.urgent_old}};
  for (const auto& [name, text] : counts) {
    if (const auto number = to_number<uint32_t>(*text)) fields[name] = *number;
  }
  if (fields.empty()) return terminal.fail(kUsage, "mwi set takes on or off, or counts: --new N --old N");
  const auto response = remote.call("PUT", "/api/v1/mwi/" + http::percent_encode(c.name), fields);
  if (!response) return remote.complain(terminal, response.error());
  if (response->status / 100 != 2) return Remote::complain(terminal, *response);
  const auto parsed = json::parse(response->body);
  const auto* object = parsed ? parsed->if_object() : nullptr;
  if (object != nullptr && c.flags.output != "table") return show_object(c, terminal, *object), kOk;
  terminal.out << (c.flags.quiet ? c.name : "mwi of " + printable(c.name, 100) + " set") << "\n";
  return kOk;
}

}  // namespace

int run_mwi(const Command& c, const Remote& remote, const Terminal& terminal) {
  if (c.verb == "set") return set(c, remote, terminal);
  int exit = kOk;
  const bool list = c.verb == "list";
  const auto got = remote.fetch(
      terminal,
      "/api/v1/mwi" + (list ? query_text({{"limit", c.limit}, {"q", c.search}}) : "/" + http::percent_encode(c.name)),
      &exit);
  if (!got) return exit;
  if (list && got->is_array()) return show_rows(c, terminal, got->get_array()), kOk;
  if (!list && got->is_object()) return show_object(c, terminal, got->get_object()), kOk;
  return terminal.fail(kFailed, "the server's answer is not what was asked for");
}

}  // namespace carillon::admin
