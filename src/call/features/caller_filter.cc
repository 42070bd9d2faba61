// A line may let through some callers only, by number (config/caller_filter.h). Whoever does not get through is
// refused, or sent to another number; nothing says why, but the call record. The number is the true one, withheld or
// not.

#include "config/caller_filter.h"

#include "call/cause.h"
#include "call/feature.h"
#include "call/finish.h"
#include "call/route.h"

namespace carillon::call {

namespace {

// The line's own doing: a call that it has parked comes back, or somebody calls back for whom it waits.
bool is_expected(const Call& call) { return call.park.valid() || call.call_back.valid(); }

void turn_away(Turn& t, const config::CallerFilterView& filter) {
  if (filter.action == config::FilterAction::busy) return refuse_call(t, {.status = 486, .cause = cause::kBusy});
  refuse_call(t, {.status = 403, .cause = cause::kRejected});
}

Verdict on_targets(Turn& t, Targets& targets) {
  if (targets.line->caller_filter == 0 || is_expected(t.call)) return Verdict::pass;
  const auto* filter = t.context.snapshot->row<config::CallerFilterView>(targets.line->caller_filter);
  if (filter == nullptr || filter->lets_through(t.call.calling.number)) return Verdict::pass;
  if (!targets.forwards) {  // one of several in a hunt: the others may answer
    targets.list.clear();
    return Verdict::pass;
  }
  if (filter->action == config::FilterAction::forward) {
    const Hop hop{.number = filter->forward_to,
                  .reach = reach_of_forward(t, *targets.line, filter->search_space),
                  .why = Why::unconditional};
    if (route_call(t, hop) == Routed::yes) return Verdict::taken;
  }
  turn_away(t, *filter);
  return Verdict::taken;
}

}  // namespace

extern const Feature caller_filter;
const Feature caller_filter{.name = "caller_filter", .on_targets = on_targets};

}  // namespace carillon::call
