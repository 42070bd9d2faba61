#include "call/settings_codes.h"

#include "call/cause.h"
#include "call/finish.h"
#include "call/forward.h"
#include "call/service_call.h"
#include "dialplan/route.h"

namespace carillon::call {

namespace {

using config::CodeFunction;

struct ForwardCode {
  CodeFunction set, clear;
  ForwardOf which;
  const char* field;  // as the API names it
  const char* also;   // the one for callers from outside, where there are two
  const char* words;
};

constexpr ForwardCode kForwards[] = {
    {CodeFunction::forward_all_set, CodeFunction::forward_all_clear, &config::ForwardsView::all, "forwardAll", "",
     "Forward all"},
    {CodeFunction::forward_busy_set, CodeFunction::forward_busy_clear, &config::ForwardsView::busy,
     "forwardBusyInternal", "forwardBusyExternal", "Forward busy"},
    {CodeFunction::forward_no_answer_set, CodeFunction::forward_no_answer_clear, &config::ForwardsView::no_answer,
     "forwardNoAnswerInternal", "forwardNoAnswerExternal", "Forward no answer"},
};

const ForwardCode* forward_of(CodeFunction f) {
  for (const ForwardCode& row : kForwards) {
    if (row.set == f || row.clear == f) return &row;
  }
  return nullptr;
}

// Is it within the forward's reach, and something that calls can go on to? False: the caller has been refused.
bool can_forward_to(Turn& t, const config::LineView& line, ForwardOf which, std::string_view number) {
  using Kind = dialplan::Decision::Kind;
  const config::EntityId own = line.forwards != nullptr ? ((*line.forwards).*which).search_space : 0;
  const Reach reach = reach_of_forward(t, line, own);
  const auto found = dialplan::route(*t.context.snapshot, reach.first, reach.second, number);
  if (found.kind != Kind::line && found.kind != Kind::hunt_pilot) {
    deny_call(t, 404, cause::kUnallocated, "There is no such number to forward to");
    return false;
  }
  if (found.line != &line) return true;
  deny_call(t, 403, cause::kRejected, "A line is not forwarded to itself");
  return false;
}

}  // namespace

Verdict forward_code(Turn& t, const config::FeatureCodeView& code, std::string_view number) {
  const ForwardCode* row = forward_of(code.function);
  const config::LineView* line = t.context.snapshot->line(t.caller()->line);
  if (row == nullptr || line == nullptr) return Verdict::pass;
  if (!number.empty() && !can_forward_to(t, *line, row->which, number)) return Verdict::taken;
  ConfigRequest request;
  request.entity = ConfigRequest::Entity::line;
  request.id = line->id;
  request.field = row->field;
  request.also = row->also;
  request.value = std::string(number);
  std::string words = row->words;
  if (number.empty()) {
    words += " off";
  } else {
    words.append(" to ").append(number);
  }
  change_configuration(t, std::move(request), std::move(words));
  return Verdict::taken;
}

Verdict do_not_disturb_code(Turn& t, const config::FeatureCodeView& code, std::string_view) {
  const bool on = code.function == CodeFunction::do_not_disturb_on;
  change_configuration(t, phone_setting(t.caller()->phone, "dndStatus", on),
                       on ? "Do not disturb on" : "Do not disturb off");
  return Verdict::taken;
}

}  // namespace carillon::call
