#include "call/code_functions.h"

#include <algorithm>
#include <iterator>

#include "call/park.h"
#include "call/pickup.h"
#include "call/settings_codes.h"

namespace carillon::call {

namespace {

using config::CodeFunction;

// THE LIST of what can be dialled; a feature adds its line.
constexpr CodeAction kActions[] = {
    {CodeFunction::forward_all_set, forward_code},
    {CodeFunction::forward_all_clear, forward_code},
    {CodeFunction::forward_busy_set, forward_code},
    {CodeFunction::forward_busy_clear, forward_code},
    {CodeFunction::forward_no_answer_set, forward_code},
    {CodeFunction::forward_no_answer_clear, forward_code},
    {CodeFunction::do_not_disturb_on, do_not_disturb_code},
    {CodeFunction::do_not_disturb_off, do_not_disturb_code},
    {CodeFunction::group_pickup, pickup_code},
    {CodeFunction::directed_pickup, pickup_code},
    {CodeFunction::park, park_code, true},
    {CodeFunction::park_retrieve, park_code},
};

}  // namespace

const CodeAction* action_of(CodeFunction function) {
  const auto* found = std::find_if(std::begin(kActions), std::end(kActions),
                                   [function](const CodeAction& a) { return a.function == function; });
  return found == std::end(kActions) ? nullptr : found;
}

}  // namespace carillon::call
