// What is dialled and is no line: pickup groups, park numbers, feature codes.

#include "directory.h"

namespace carillon::sim {

config::EntityId Directory::id_of(const std::string& thing) {
  auto [at, fresh] = things_.try_emplace(thing, 0);
  if (fresh) at->second = ++next_;
  return at->second;
}

void Directory::pickup_group(const std::string& name, const std::string& number,
                             const std::vector<std::string>& others) {
  config::PickupGroupView row;
  row.id = id_of("pickup " + name);
  row.name = name;
  row.number = number;
  row.partition = 1;
  for (const std::string& other : others) row.others.push_back(id_of("pickup " + other));
  builder_.put(row);
}

void Directory::caller_filter(const std::string& name, config::CallerFilterView row) {
  row.id = id_of("filter " + name);
  builder_.put(std::move(row));
}

void Directory::park(const std::string& number) {
  config::CallParkView row;
  row.id = id_of("park " + number);
  row.number = number;
  row.partition = 1;
  builder_.put(row);
}

void Directory::directed_park(const std::string& number, const std::string& prefix, const std::string& reversion) {
  config::DirectedParkView row;
  row.id = id_of("directed park " + number);
  row.number = number;
  row.partition = 1;
  row.retrieval_prefix = prefix;
  row.reversion_number = reversion;
  builder_.put(row);
}

}  // namespace carillon::sim
