#include "config/names.h"

namespace carillon::config {

std::pair<View, View> split_line_name(View name) {
  const size_t at = name.find('@');
  if (at == View::npos) return {name, View()};
  return {name.substr(0, at), name.substr(at + 1)};
}

std::string Names::line_name(EntityId id) {
  std::string number = repository_.of<Line>().key_of(id);
  if (number.empty() || repository_.of<Line>().find(number).size() < 2) return number;
  const auto line = repository_.of<Line>().get(id);
  if (!line) return number;
  return number + "@" + remembered<Partition>(line->partition.id);
}

Result<EntityId> Names::find_line(View name) {
  const auto [number, partition] = split_line_name(name);
  const auto ids = repository_.of<Line>().find(number);
  if (partition.empty() && ids.size() == 1) return ids.front();
  std::string places;
  for (const EntityId id : ids) {
    const auto line = repository_.of<Line>().get(id);
    if (!line) continue;
    const std::string where = remembered<Partition>(line->partition.id);
    if (!partition.empty() && where == partition) return id;
    if (!places.empty()) places += ", ";
    places += std::string(number) + "@" + where;
  }
  if (partition.empty() && ids.size() > 1) {
    return Fault{FaultKind::conflict, "the number is in several partitions; say which: " + places, ""};
  }
  return Fault{FaultKind::not_found, "there is no Line \"" + printable(name, 80) + "\"", ""};
}

}  // namespace carillon::config
