#include "dialplan/route.h"

#include "base/text.h"

namespace carillon::dialplan {

namespace {
constexpr size_t kMaxNumber = 32;  // as for a Line's number
}

bool is_number(View digits) {
  if (digits.size() > kMaxNumber) return false;
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  for (const char c : digits) {
    if ((c < '0' || c > '9') && c != '*' && c != '#') return false;
  }
  return !digits.empty();
}

Decision route(const config::Snapshot& snapshot, config::EntityId search_space, View digits) {
  if (!is_number(digits)) return {Decision::Kind::invalid, nullptr};
  const config::LineView* line = snapshot.line_by_number(digits, search_space);
  if (line == nullptr) return {Decision::Kind::unknown, nullptr};
  return {Decision::Kind::line, line};
}

Decision explain(const config::Snapshot& snapshot, config::EntityId search_space, View digits,
                 std::vector<std::string>& why) {
  const Decision decision = route(snapshot, search_space, digits);
  if (decision.kind == Decision::Kind::invalid) {
    why.push_back("\"" + printable(digits, 60) +
                  "\" is not a number: digits, * and #, with an optional + in front, at most " +
                  std::to_string(kMaxNumber));
    return decision;
  }
  if (search_space == 0) {
    why.push_back("the caller has no search space: every partition is searched, in order of creation");
  } else {
    const auto partitions = snapshot.partitions(search_space);
    why.push_back("the caller's search space has " + std::to_string(partitions.size()) +
                  (partitions.size() == 1 ? " partition" : " partitions"));
    for (const config::EntityId partition : partitions) {
      const bool here = decision.line != nullptr && decision.line->partition == partition;
      why.push_back("partition " + std::to_string(partition) + (here ? ": has " : ": does not have ") +
                    std::string(digits));
      if (here) break;
    }
  }
  if (decision.line == nullptr) {
    why.push_back(std::string(digits) + " is unknown there");
  } else {
    why.push_back(std::string(digits) + " is a line on " + std::to_string(decision.line->phones.size()) +
                  (decision.line->phones.size() == 1 ? " phone" : " phones"));
  }
  return decision;
}

}  // namespace carillon::dialplan
