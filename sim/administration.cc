#include "administration.h"

#include <algorithm>
#include <map>

namespace carillon::sim {

namespace {

bool is_number(const std::string& text) {
  return text.size() <= 32 && text.find_first_not_of("0123456789*#+") == std::string::npos;
}

std::string change_line(Directory& directory, const call::ConfigRequest& request) {
  const std::string number = directory.number_of(request.id);
  const std::string* text = std::get_if<std::string>(&request.value);
  if (number.empty()) return "there is no such line";
  if (text == nullptr || !is_number(*text)) return request.field + ": not a number";
  LineEntry& entry = directory.line_entry(number);
  config::ForwardsView& f = entry.forwards;
  const std::map<std::string, std::vector<std::string*>> fields = {
      {"forwardAll", {&f.all.internal, &f.all.external}},
      {"forwardBusyInternal", {&f.busy.internal}},
      {"forwardBusyExternal", {&f.busy.external}},
      {"forwardNoAnswerInternal", {&f.no_answer.internal}},
      {"forwardNoAnswerExternal", {&f.no_answer.external}}};
  for (const std::string& name : {request.field, request.also}) {
    if (name.empty()) continue;
    const auto found = fields.find(name);
    if (found == fields.end()) return "a line has no " + name;
    for (std::string* field : found->second) *field = *text;
  }
  directory.line(number, LineEntry(entry));
  return "";
}

std::string change_phone(Directory& directory, const call::ConfigRequest& request) {
  const std::string name = directory.name_of(request.id);
  const bool* on = std::get_if<bool>(&request.value);
  if (name.empty()) return "there is no such phone";
  if (on == nullptr) return request.field + ": on or off";
  PhoneEntry& entry = directory.phone_entry(name);
  if (request.field == "dndStatus") {
    entry.dnd = *on ? entry.dnd_option : config::PhoneView::Dnd::off;
  } else if (request.field == "loggedIntoHuntGroup") {
    entry.hunts = *on;
  } else {
    return "a phone has no " + request.field;
  }
  directory.phone(name, PhoneEntry(entry));
  return "";
}

}  // namespace

std::string administer(Directory& directory, const call::ConfigRequest& request) {
  return request.entity == call::ConfigRequest::Entity::line ? change_line(directory, request)
                                                             : change_phone(directory, request);
}

std::vector<state::Cdr> records_of(const Disk& disk, const call::ConfigRequest& request) {
  const std::string& number = std::get<std::string>(request.value);
  std::vector<state::Cdr> found;
  for (const Disk::CdrRow& row : disk.cdrs()) {
    const state::Cdr& c = row.cdr;
    const bool in = c.calling_number == number || c.called_number == number || c.dialled == number ||
                    c.original.number == number || c.last.number == number;
    if (row.readable && in) found.push_back(c);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.start > b.start; });
  if (found.size() > call::ConfigRequest::kRecords) found.resize(call::ConfigRequest::kRecords);
  return found;
}

}  // namespace carillon::sim
