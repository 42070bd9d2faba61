#include "call/forward.h"

namespace carillon::call {

const config::ForwardsView* forwards_of_called(const Turn& t) {
  const config::LineView* line = t.context.snapshot->line(t.call.called_line);
  return line != nullptr ? line->forwards.get() : nullptr;
}

std::string_view forward_number(const Turn& t, const config::ForwardsView& forwards, ForwardOf which) {
  const config::ForwardView& f = forwards.*which;
  return t.call.from_outside ? f.external : f.internal;
}

Routed forward_call(Turn& t, ForwardOf which, Why why, int status) {
  const config::ForwardsView* forwards = forwards_of_called(t);
  if (forwards == nullptr) return Routed::unknown;
  const std::string_view number = forward_number(t, *forwards, which);
  if (number.empty()) return Routed::unknown;
  const config::LineView& line = *t.context.snapshot->line(t.call.called_line);
  const Reach reach = reach_of_forward(t, line, (forwards->*which).search_space);
  return route_call(t, {.number = number, .reach = reach, .why = why, .status = status});
}

}  // namespace carillon::call
