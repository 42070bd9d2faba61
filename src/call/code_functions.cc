#include "call/code_functions.h"

#include <algorithm>
#include <iterator>

#include "call/call_back.h"
#include "call/calling_codes.h"
#include "call/history_codes.h"
#include "call/hunt.h"
#include "call/park.h"
#include "call/pickup.h"
#include "call/settings_codes.h"

namespace carillon::call {

namespace {

using config::CodeFunction;

// THE LIST of what can be dialled; a feature adds its line, with the code as installed.
constexpr CodeAction kActions[] = {
    {CodeFunction::forward_all_set, forward_code},            // *72
    {CodeFunction::forward_all_clear, forward_code},          // *73
    {CodeFunction::forward_busy_set, forward_code},           // *90
    {CodeFunction::forward_busy_clear, forward_code},         // *91
    {CodeFunction::forward_no_answer_set, forward_code},      // *92
    {CodeFunction::forward_no_answer_clear, forward_code},    // *93
    {CodeFunction::do_not_disturb_on, do_not_disturb_code},   // *78
    {CodeFunction::do_not_disturb_off, do_not_disturb_code},  // *79
    {CodeFunction::group_pickup, pickup_code},                // *8
    {CodeFunction::directed_pickup, pickup_code},             // **
    {CodeFunction::park, park_code, true},                    // *70
    {CodeFunction::park_retrieve, park_code},                 // *71
    {CodeFunction::hunt_login, hunt_code},                    // *44
    {CodeFunction::hunt_logout, hunt_code},                   // *45
    {CodeFunction::call_back, call_back_code},                // *37
    {CodeFunction::call_back_cancel, call_back_cancel_code},  // *38
    {CodeFunction::last_call_return, last_call_return_code},  // *69
    {CodeFunction::redial, redial_code},                      // *66
    {CodeFunction::intercom, intercom_code},                  // *40
    {CodeFunction::withhold_identity, withhold_code},         // *67
};

}  // namespace

const CodeAction* action_of(CodeFunction function) {
  const auto* found = std::find_if(std::begin(kActions), std::end(kActions),
                                   [function](const CodeAction& a) { return a.function == function; });
  return found == std::end(kActions) ? nullptr : found;
}

}  // namespace carillon::call
