#include "dialplan/route.h"

#include "base/text.h"
#include "config/entities/feature_code.h"

namespace carillon::dialplan {

namespace {
using Kind = Decision::Kind;
constexpr size_t kMaxNumber = 32;  // as for a Line's number

Kind kind_of(const config::NumberView& n) {
  switch (n.kind) {
    case config::NumberView::Kind::hunt_pilot:
      return Kind::hunt_pilot;
    case config::NumberView::Kind::pickup_group:
      return Kind::pickup_group;
    case config::NumberView::Kind::park:
      return Kind::park;
    case config::NumberView::Kind::directed_park:
      return Kind::directed_park;
    case config::NumberView::Kind::directed_retrieval:
      return Kind::directed_retrieval;
  }
  return Kind::unknown;
}

// A number that matches exactly; the first partition that has it.
Decision exact(const config::Snapshot& s, config::EntityId search_space, View digits) {
  const bool others = s.has_numbers();
  for (const config::EntityId partition : s.searched(search_space)) {
    if (const config::LineView* line = s.line_in(partition, digits)) return {.kind = Kind::line, .line = line};
    const config::NumberView* number = others ? s.number_in(partition, digits) : nullptr;
    if (number != nullptr) return {.kind = kind_of(*number), .number = number};
  }
  return {};
}

Decision in_range(const config::Snapshot& s, config::EntityId search_space, View digits) {
  if (!s.has_ranges()) return {};
  for (const config::EntityId partition : s.searched(search_space)) {
    const config::NumberView* number = s.range_in(partition, digits);
    if (number != nullptr) return {.kind = kind_of(*number), .number = number};
  }
  return {};
}

Decision by_code(const config::Snapshot& s, View digits) {
  const config::FeatureCodeView* code = s.feature_code(digits);
  if (code == nullptr) return {};
  return {.kind = Kind::feature_code, .code = code, .argument = digits.substr(code->code.size())};
}

std::string described(const Decision& d, View digits) {
  std::string text(digits);
  if (d.line != nullptr) {
    const size_t phones = d.line->phones.size();
    return text + " is a line on " + std::to_string(phones) + (phones == 1 ? " phone" : " phones");
  }
  if (d.code != nullptr) {
    text += " is the feature code " + d.code->code + " (" + std::string(config::word(d.code->function)) + ")";
    return d.argument.empty() ? text : text + " with " + std::string(d.argument);
  }
  if (d.number == nullptr) return text + " is unknown there";
  const bool range = config::is_range(d.number->number);
  text += range ? " lies in " + d.number->number + ", a range: " : " is a ";
  return text + std::string(config::to_string(d.number->kind));
}

config::EntityId partition_of(const Decision& d) {
  if (d.line != nullptr) return d.line->partition;
  return d.number != nullptr ? d.number->partition : 0;
}

}  // namespace

bool is_number(View digits) {
  if (digits.size() > kMaxNumber) return false;
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  for (const char c : digits) {
    if ((c < '0' || c > '9') && c != '*' && c != '#') return false;
  }
  return !digits.empty();
}

std::string_view to_string(Decision::Kind k) {
  constexpr std::string_view kNames[] = {"line",         "unknown", "invalid",       "hunt pilot",
                                         "pickup group", "park",    "directed park", "directed retrieval",
                                         "feature code"};
  return kNames[static_cast<size_t>(k)];
}

Decision route(const config::Snapshot& snapshot, config::EntityId search_space, View digits) {
  if (!is_number(digits)) return {.kind = Kind::invalid};
  Decision d = exact(snapshot, search_space, digits);
  if (d.kind == Kind::unknown) d = in_range(snapshot, search_space, digits);
  return d.kind == Kind::unknown ? by_code(snapshot, digits) : d;
}

Decision route(const config::Snapshot& snapshot, config::EntityId of_line, config::EntityId of_phone, View digits) {
  if (of_line == 0) return route(snapshot, of_phone, digits);
  if (!is_number(digits)) return {.kind = Kind::invalid};
  Decision d = exact(snapshot, of_line, digits);
  if (d.kind == Kind::unknown && of_phone != 0) d = exact(snapshot, of_phone, digits);
  if (d.kind == Kind::unknown) d = in_range(snapshot, of_line, digits);
  if (d.kind == Kind::unknown && of_phone != 0) d = in_range(snapshot, of_phone, digits);
  return d.kind == Kind::unknown ? by_code(snapshot, digits) : d;
}

Decision explain(const config::Snapshot& snapshot, config::EntityId search_space, View digits,
                 std::vector<std::string>& why) {
  const Decision decision = route(snapshot, search_space, digits);
  if (decision.kind == Kind::invalid) {
    why.push_back("\"" + printable(digits, 60) +
                  "\" is not a number: digits, * and #, with an optional + in front, at most " +
                  std::to_string(kMaxNumber));
    return decision;
  }
  const config::EntityId found = partition_of(decision);
  if (search_space == 0) {
    why.push_back("the caller has no search space: every partition is searched, in order of creation");
  } else {
    const auto partitions = snapshot.partitions(search_space);
    why.push_back("the caller's search space has " + std::to_string(partitions.size()) +
                  (partitions.size() == 1 ? " partition" : " partitions"));
    for (const config::EntityId partition : partitions) {
      const bool here = found == partition;
      why.push_back("partition " + std::to_string(partition) + (here ? ": has " : ": does not have ") +
                    std::string(digits));
      if (here) break;
    }
  }
  why.push_back(described(decision, digits));
  return decision;
}

}  // namespace carillon::dialplan
