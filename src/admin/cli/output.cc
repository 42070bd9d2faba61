// Rows and objects in the output form that was asked for.

#include <map>

#include "admin/cli/commands.h"
#include "admin/collections.h"
#include "admin/table.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

using Tables = std::map<std::string, std::vector<Column>, std::less<>>;

const Tables& group_tables() {
  static const Tables all{
      {"line-group",
       {{"name", "NAME"},
        {"distributionAlgorithm", "DISTRIBUTION"},
        {"members", "MEMBERS"},
        {"rnaReversionTimeOut", "RING"},
        {"description", "DESCRIPTION"}}},
      {"hunt-list",
       {{"name", "NAME"}, {"lineGroups", "LINE GROUPS"}, {"enabled", "ENABLED"}, {"description", "DESCRIPTION"}}},
      {"hunt-pilot",
       {{"number", "NUMBER"},
        {"partition", "PARTITION"},
        {"huntList", "HUNT LIST"},
        {"alertingName", "ALERTING NAME"},
        {"forwardHuntNoAnswer", "NO ANSWER"},
        {"forwardHuntBusy", "BUSY"},
        {"description", "DESCRIPTION"}}},
      {"pickup-group",
       {{"name", "NAME"},
        {"number", "NUMBER"},
        {"partition", "PARTITION"},
        {"otherGroups", "OTHER GROUPS"},
        {"description", "DESCRIPTION"}}},
      {"call-park", {{"number", "NUMBER"}, {"partition", "PARTITION"}, {"description", "DESCRIPTION"}}},
      {"directed-park",
       {{"number", "NUMBER"},
        {"partition", "PARTITION"},
        {"retrievalPrefix", "PREFIX"},
        {"reversionPattern", "REVERTS TO"},
        {"description", "DESCRIPTION"}}},
      {"caller-filter",
       {{"name", "NAME"},
        {"mode", "MODE"},
        {"numbers", "NUMBERS"},
        {"action", "ACTION"},
        {"forwardTo", "FORWARD TO"},
        {"description", "DESCRIPTION"}}},
      {"feature-code",
       {{"code", "CODE"},
        {"name", "NAME"},
        {"function", "FUNCTION"},
        {"enabled", "ENABLED"},
        {"description", "DESCRIPTION"}}},
  };
  return all;
}

const Tables& entity_tables() {
  static const Tables all{
      {"user",
       {{"userid", "USERID"},
        {"firstName", "FIRST NAME"},
        {"lastName", "LAST NAME"},
        {"department", "DEPARTMENT"},
        {"digestCredentialsSet", "CREDENTIALS"}}},
      {"phone",
       {{"name", "NAME"},
        {"product", "PRODUCT"},
        {"digestUser", "DIGEST USER"},
        {"lines", "LINES"},
        {"active", "ACTIVE"},
        {"description", "DESCRIPTION"}}},
      {"line",
       {{"number", "NUMBER"},
        {"partition", "PARTITION"},
        {"alertingName", "ALERTING NAME"},
        {"description", "DESCRIPTION"}}},
      {"partition", {{"name", "NAME"}, {"description", "DESCRIPTION"}}},
      {"search-space", {{"name", "NAME"}, {"partitions", "PARTITIONS"}, {"description", "DESCRIPTION"}}},
      {"presence-group", {{"name", "NAME"}, {"sees", "SEES"}, {"description", "DESCRIPTION"}}},
      {"security-profile",
       {{"digestAuthentication", "DIGEST"},
        {"digestAlgorithms", "ALGORITHMS"},
        {"challengedRequests", "CHALLENGED"},
        {"transports", "TRANSPORTS"},
        {"name", "NAME"}}},
      {"sip-profile", {{"name", "NAME"}, {"description", "DESCRIPTION"}}},
      {"region",
       {{"name", "NAME"},
        {"audioBitRate", "AUDIO kbit/s"},
        {"videoBitRate", "VIDEO kbit/s"},
        {"codecPreference", "CODECS"},
        {"relationships", "RELATIONSHIPS"},
        {"description", "DESCRIPTION"}}},
      {"location",
       {{"name", "NAME"},
        {"audioBandwidth", "AUDIO kbit/s"},
        {"audioInUse", "AUDIO IN USE"},
        {"videoBandwidth", "VIDEO kbit/s"},
        {"videoInUse", "VIDEO IN USE"},
        {"links", "LINKS"},
        {"description", "DESCRIPTION"}}},
      {"device-pool",
       {{"name", "NAME"}, {"region", "REGION"}, {"location", "LOCATION"}, {"description", "DESCRIPTION"}}},
      {"parameter", {{"name", "NAME"}, {"value", "VALUE"}, {"help/description", "WHAT IT DOES"}}},
  };
  return all;
}

const Tables& live_tables() {
  static const Tables all{
      {"registration",
       {{"number", "NUMBER"},
        {"phone", "PHONE"},
        {"digestUser", "USER"},
        {"transport", "VIA"},
        {"source", "FROM"},
        {"expires", "EXPIRES"},
        {"verified", "VERIFIED"},
        {"wouldVerify", "WOULD VERIFY"},
        {"userAgent", "USER AGENT"}}},
      {"refusal",
       {{"last", "LAST"},
        {"count", "COUNT"},
        {"source", "FROM"},
        {"method", "METHOD"},
        {"user", "USER"},
        {"number", "NUMBER"},
        {"status", "STATUS"},
        {"reason", "REASON"}}},
      {"call",
       {{"name", "NAME"},
        {"state", "STATE"},
        {"start", "START"},
        {"callingNumber", "FROM"},
        {"callingPhone", "PHONE"},
        {"calledNumber", "TO"},
        {"calledPhone", "PHONE"}}},
      {"subscription",
       {{"number", "NUMBER"},
        {"package", "PACKAGE"},
        {"watcher", "WATCHER"},
        {"phone", "PHONE"},
        {"state", "STATE"},
        {"expires", "EXPIRES"},
        {"notifies", "NOTIFIES"},
        {"contact", "CONTACT"}}},
      {"call-back",
       {{"name", "NAME"},
        {"number", "NUMBER"},
        {"phone", "PHONE"},
        {"target", "WAITS FOR"},
        {"state", "STATE"},
        {"since", "SINCE"},
        {"expires", "EXPIRES"}}},
      {"mwi",
       {{"number", "NUMBER"},
        {"waiting", "WAITING"},
        {"new", "NEW"},
        {"old", "OLD"},
        {"urgentNew", "URGENT NEW"},
        {"urgentOld", "URGENT OLD"}}},
      {"cdr",
       {{"start", "START"},
        {"callingNumber", "FROM"},
        {"dialled", "DIALLED"},
        {"calledNumber", "TO"},
        {"lastRedirectReason", "SENT ON"},
        {"answer", "ANSWER"},
        {"end", "END"},
        {"disposition", "DISPOSITION"},
        {"cause", "CAUSE"},
        {"sipCode", "SIP"},
        {"endedBy", "ENDED BY"},
        {"codec", "CODEC"}}},
  };
  return all;
}

// REQUIRES: a noun that has lists.
const std::vector<Column>& columns_of(const std::string& noun) {
  for (const Tables* tables : {&entity_tables(), &group_tables()}) {
    if (const auto found = tables->find(noun); found != tables->end()) return found->second;
  }
  return live_tables().at(noun);
}

// Every refusal with what happened and what to do, below its row.
void show_refusals(const Terminal& terminal, const json::array& rows, const std::string& table, bool headers) {
  size_t at = 0;
  const auto line = [&table, &at] {
    const size_t end = table.find('\n', at);
    const auto out = table.substr(at, end - at);
    at = end + 1;
    return out;
  };
  if (headers) terminal.out << line() << "\n";
  for (const auto& row : rows) {
    terminal.out << line() << "\n";
    const auto text = [&row](std::string_view field) { return printable(name_in(row, field), 500); };
    const auto detail = text("detail");
    terminal.out << "    " << text("explanation") << (detail.empty() ? "" : " (" + detail + ")") << "\n";
    if (!text("remedy").empty()) terminal.out << "    → " << text("remedy") << "\n";
  }
}

void show_table(const Command& command, const Terminal& terminal, const json::array& rows) {
  const TableStyle style{!command.flags.no_headers, terminal.colour, terminal.out_is_tty ? terminal.width : 0};
  if (rows.empty()) {
    if (!command.flags.no_headers) terminal.err << "There is no " << command.noun << ".\n";
    return;
  }
  const auto text = print_table(rows, columns_of(command.noun), style);
  if (command.noun == "refusal") {
    show_refusals(terminal, rows, text, style.headers);
  } else {
    terminal.out << text;
  }
}

std::string key_of(const std::string& noun) {
  const auto* collection = find_noun(noun);
  return collection == nullptr ? "name" : std::string(collection->key);
}

}  // namespace

std::string name_in(const json::value& row, std::string_view key) {
  const auto* value = row.is_object() ? row.get_object().if_contains(key) : nullptr;
  return value == nullptr ? "" : cell_text(*value);
}

void show_rows(const Command& command, const Terminal& terminal, const json::array& rows) {
  if (command.flags.quiet) {
    for (const auto& row : rows) terminal.out << printable(name_in(row, key_of(command.noun)), 300) << "\n";
  } else if (command.flags.output == "json") {
    terminal.out << json::print_pretty(rows) << "\n";
  } else if (command.flags.output == "csv") {
    terminal.out << print_csv(rows, !command.flags.no_headers);
  } else if (command.flags.output == "yaml") {
    terminal.out << print_yaml(rows);
  } else {
    show_table(command, terminal, rows);
  }
}

void show_object(const Command& command, const Terminal& terminal, const json::object& object) {
  if (command.flags.quiet) {
    terminal.out << printable(name_in(object, key_of(command.noun)), 300) << "\n";
  } else if (command.flags.output == "json") {
    terminal.out << json::print_pretty(object) << "\n";
  } else if (command.flags.output == "csv") {
    terminal.out << print_csv({object}, !command.flags.no_headers);
  } else if (command.flags.output == "yaml") {
    terminal.out << print_yaml(object);
  } else {
    terminal.out << print_facts(object, {!command.flags.no_headers, terminal.colour, 0});
  }
}

}  // namespace carillon::admin
