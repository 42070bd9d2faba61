// Rules of hunt groups, pickup groups, park numbers and feature codes; and the one space of numbers that they share
// with the lines.

#include <algorithm>

#include "base/text.h"
#include "config/rules.h"

namespace carillon::config {

namespace {

constexpr size_t kFilterNumbers = 200;  // looked through for each call

template <typename T>
void unique_name(const T& row, const T* before, Repository& repository, Problems& problems) {
  if (row.name.empty() || (before != nullptr && before->name == row.name)) return;
  for (const EntityId other : repository.of<T>().find(row.name)) {
    if (other == row.id) continue;
    problems.push_back(
        {"name", std::string(facts_of<T>().label) + " \"" + row.name + "\" exists already", FaultKind::conflict});
  }
}

template <typename T>
void no_item_twice(View field, const std::vector<Ref<T>>& items, Repository& repository, Problems& problems) {
  for (size_t i = 0; i < items.size(); i++) {
    const auto same = [&](const Ref<T>& other) { return other.id != 0 && other.id == items[i].id; };
    if (std::none_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
    problems.push_back({std::string(field), std::string(facts_of<T>().label) + " " +
                                                repository.of<T>().key_of(items[i].id) + " is given twice"});
  }
}

// What is looked for in the space of numbers: a number or a range of one partition, or of all (0).
struct Wanted {
  View number;
  EntityId partition = 0;
  View own;
  EntityId own_id = 0;
  Repository& repository;
};

std::string shown_number(const Line& row) { return row.number; }
std::string shown_number(const HuntPilot& row) { return row.number; }
std::string shown_number(const CallPickupGroup& row) { return row.number + " (" + row.name + ")"; }
std::string shown_number(const CallPark& row) { return row.number; }
std::string shown_number(const DirectedCallPark& row) { return row.number; }

bool has_number(const DirectedCallPark& row, View number) {
  return overlap(row.number, number) || overlap(row.retrieval_prefix + row.number, number);
}
template <typename T>
bool has_number(const T& row, View number) {
  return overlap(row.number, number);
}

template <typename T>
std::string owner_among(const T& row, const Wanted& w) {
  if (row.id == w.own_id && w.own == facts_of<T>().name) return "";
  if ((w.partition != 0 && row.partition.id != w.partition) || !has_number(row, w.number)) return "";
  return std::string(facts_of<T>().label) + " " + shown_number(row);
}

// Tables of plain numbers, which may be large: by index, or, for a range, through the keys that begin like it.
template <typename T>
std::string owner_in_many(const Wanted& w) {
  std::string owner;
  if (!is_range(w.number)) {
    for (const EntityId id : w.repository.of<T>().where("number", w.number)) {
      const auto row = w.repository.of<T>().get(id);
      if (row && owner.empty()) owner = owner_among(*row, w);
    }
    return owner;
  }
  const View beginning = w.number.substr(0, w.number.find('X'));
  w.repository.of<T>().each(true, beginning, [&](T&& row) {
    owner = owner_among(row, w);
    return owner.empty() && View(row.number).starts_with(beginning);
  });
  return owner;
}

// Tables with ranges, and small ones: row by row.
template <typename T>
std::string owner_in_few(const Wanted& w) {
  std::string owner;
  w.repository.of<T>().each(false, "", [&](T&& row) {
    owner = owner_among(row, w);
    return owner.empty();
  });
  return owner;
}

std::string owner_in_groups(const Wanted& w) {
  return is_range(w.number) ? owner_in_few<CallPickupGroup>(w) : owner_in_many<CallPickupGroup>(w);
}

bool takes_argument(const FeatureCode& row) { return argument_of(row.function) != CodeArgument::none; }

// Would the code be found in place of the number?
bool hides(const FeatureCode& code, View number) {
  return number == code.code || (takes_argument(code) && number.starts_with(code.code));
}

std::string owner_in_codes(const Wanted& w) {
  if (w.number.front() != '*' && w.number.front() != '#') return "";
  std::string owner;
  w.repository.of<FeatureCode>().each(false, "", [&](FeatureCode&& row) {
    if (row.enabled && hides(row, w.number)) owner = "Feature Code " + row.code + " (" + row.name + ")";
    return owner.empty();
  });
  return owner;
}

template <typename T>
bool same_number(const T& row, const T* before) {
  return before != nullptr && before->number == row.number && before->partition.id == row.partition.id;
}

// Takes the default partition, and looks for others with the number.
template <typename T>
void number_rules(T& row, const T* before, RuleContext& context, Problems& problems) {
  if (row.partition.id == 0) row.partition.id = kDefaultPartition;
  if (row.number.empty() || same_number(row, before)) return;
  check_number_free("number", row.number, row.partition.id, facts_of<T>().name, row.id, context.repository, problems);
}

// 80xx is 80XX; the Xs stand at the end.
template <typename T>
void range_rules(T& row, Problems& problems) {
  std::replace(row.number.begin(), row.number.end(), 'x', 'X');
  const size_t first = std::min(row.number.find('X'), row.number.size());
  const size_t digits = row.number.size() - first;
  if (row.number.find_first_not_of('X', first) != std::string::npos) {
    problems.push_back({"number", "X may stand for the last digits only, as in 80XX"});
  } else if (digits > kRangeDigits) {
    problems.push_back({"number", "has " + std::to_string(digits) + " X, at most " + std::to_string(kRangeDigits) +
                                      " are possible: make several ranges"});
  }
}

// Numbers that the code would hide, in any partition.
template <typename T>
std::string hidden_in(const FeatureCode& code, Repository& repository) {
  std::string hidden;
  repository.of<T>().each(false, "", [&](T&& row) {
    if (hides(code, row.number)) hidden = std::string(facts_of<T>().label) + " " + shown_number(row);
    return hidden.empty();
  });
  return hidden;
}

std::string hidden_lines(const FeatureCode& code, Repository& repository) {
  std::string hidden;
  for (const EntityId id : repository.of<Line>().find(code.code)) hidden = "Line " + repository.of<Line>().key_of(id);
  if (!hidden.empty() || !takes_argument(code)) return hidden;
  repository.of<Line>().each(true, code.code, [&](Line&& row) {
    if (hides(code, row.number)) hidden = "Line " + row.number;
    return false;
  });
  return hidden;
}

void code_hides_no_code(const FeatureCode& row, Repository& repository, Problems& problems) {
  repository.of<FeatureCode>().each(false, "", [&](FeatureCode&& other) {
    if (other.id == row.id) return true;
    if (other.code == row.code) {
      problems.push_back({"code", "Feature Code " + other.name + " has this code already", FaultKind::conflict});
    } else if (other.enabled && row.enabled && (hides(other, row.code) || hides(row, other.code))) {
      problems.push_back({"code",
                          "cannot be told from " + other.code + " (" + other.name +
                              "): behind the shorter of the two digits may follow",
                          FaultKind::conflict});
    }
    return true;
  });
}

}  // namespace

std::string owner_of_number(View number, EntityId partition, View own, EntityId own_id, Repository& repository) {
  if (number.empty()) return "";
  const Wanted w{number, partition, own, own_id, repository};
  for (const auto look : {owner_in_many<Line>, owner_in_many<HuntPilot>, owner_in_groups, owner_in_few<CallPark>,
                          owner_in_few<DirectedCallPark>, owner_in_codes}) {
    std::string owner = look(w);
    if (!owner.empty()) return owner;
  }
  return "";
}

void check_number_free(View field, View number, EntityId partition, View own, EntityId own_id, Repository& repository,
                       Problems& problems) {
  const std::string owner = owner_of_number(number, partition, own, own_id, repository);
  if (owner.empty()) return;
  std::string text;
  if (owner.starts_with("Feature Code")) {
    text = std::string(number) + " would be taken for " + owner + "; change one of them";
  } else if (owner == std::string(own) + " " + std::string(number)) {
    text = owner + " exists already in partition " + repository.of<Partition>().key_of(partition);
  } else {
    text = std::string(number) + " is taken in partition " + repository.of<Partition>().key_of(partition) + ", by " +
           owner;
  }
  problems.push_back({std::string(field), std::move(text), FaultKind::conflict});
}

void apply_rules(LineGroup& row, const LineGroup* before, RuleContext& context, Problems& problems) {
  unique_name(row, before, context.repository, problems);
  no_item_twice("members", row.members, context.repository, problems);
}

void apply_rules(HuntList& row, const HuntList* before, RuleContext& context, Problems& problems) {
  unique_name(row, before, context.repository, problems);
  no_item_twice("lineGroups", row.line_groups, context.repository, problems);
}

void apply_rules(HuntPilot& row, const HuntPilot* before, RuleContext& context, Problems& problems) {
  number_rules(row, before, context, problems);
}

void apply_rules(CallPickupGroup& row, const CallPickupGroup* before, RuleContext& context, Problems& problems) {
  unique_name(row, before, context.repository, problems);
  number_rules(row, before, context, problems);
  no_item_twice("otherGroups", row.other_groups, context.repository, problems);
  for (const auto& other : row.other_groups) {
    if (row.id != 0 && other.id == row.id) problems.push_back({"otherGroups", "holds the group itself"});
  }
}

void apply_rules(CallerFilter& row, const CallerFilter* before, RuleContext& context, Problems& problems) {
  unique_name(row, before, context.repository, problems);
  if (row.numbers.size() > kFilterNumbers)
    problems.push_back(
        {"numbers", "holds more than " + std::to_string(kFilterNumbers) + " numbers; patterns hold many in one"});
  if (row.action == FilterAction::forward && row.forward_to.empty())
    problems.push_back({"forwardTo", "is needed by the action forward"});
}

void apply_rules(CallPark& row, const CallPark* before, RuleContext& context, Problems& problems) {
  range_rules(row, problems);
  number_rules(row, before, context, problems);
}

void apply_rules(DirectedCallPark& row, const DirectedCallPark* before, RuleContext& context, Problems& problems) {
  range_rules(row, problems);
  number_rules(row, before, context, problems);
  if (row.retrieval_prefix.empty()) return;
  if (same_number(row, before) && before->retrieval_prefix == row.retrieval_prefix) return;
  check_number_free("retrievalPrefix", row.retrieval_prefix + row.number, row.partition.id,
                    facts_of<DirectedCallPark>().name, row.id, context.repository, problems);
}

void apply_rules(FeatureCode& row, const FeatureCode* before, RuleContext& context, Problems& problems) {
  unique_name(row, before, context.repository, problems);
  if (!row.code.empty() && row.code.front() != '*' && row.code.front() != '#') {
    problems.push_back({"code", "must begin with * or #"});
    return;
  }
  const bool same = before != nullptr && before->code == row.code && before->function == row.function &&
                    (before->enabled || !row.enabled);
  if (same || row.code.empty()) return;
  Repository& repository = context.repository;
  code_hides_no_code(row, repository, problems);
  if (!row.enabled) return;
  for (const auto look : {hidden_lines, hidden_in<HuntPilot>, hidden_in<CallPickupGroup>, hidden_in<CallPark>,
                          hidden_in<DirectedCallPark>}) {
    const std::string hidden = look(row, repository);
    if (hidden.empty()) continue;
    problems.push_back({"code", row.code + " would hide " + hidden + "; change one of them", FaultKind::conflict});
    return;
  }
}

}  // namespace carillon::config
