#include "config/groups_view.h"

namespace carillon::config {

CodeArgument argument_of(CodeFunction f) {
  switch (f) {
    case CodeFunction::forward_all_set:
    case CodeFunction::forward_busy_set:
    case CodeFunction::forward_no_answer_set:
    case CodeFunction::directed_pickup:
    case CodeFunction::park_retrieve:
    case CodeFunction::intercom:
    case CodeFunction::withhold_identity:
      return CodeArgument::required;
    case CodeFunction::group_pickup:
    case CodeFunction::call_back:
      return CodeArgument::optional;
    default:
      return CodeArgument::none;
  }
}

std::string_view to_string(NumberView::Kind k) {
  constexpr std::string_view kNames[] = {"hunt pilot", "call pickup group", "call park number",
                                         "directed call park number", "retrieval of a directed call park number"};
  return kNames[static_cast<size_t>(k)];
}

namespace {
bool meet(char a, char b) {
  if (a == b) return true;
  return (a == 'X' && b >= '0' && b <= '9') || (b == 'X' && a >= '0' && a <= '9');
}
}  // namespace

bool overlap(View a, View b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    if (!meet(a[i], b[i])) return false;
  }
  return true;
}

bool lies_in(View digits, View pattern) { return overlap(digits, pattern) && digits.find('X') == View::npos; }

}  // namespace carillon::config
