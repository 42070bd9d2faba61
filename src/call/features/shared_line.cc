// A line may appear on several phones (RFC 3261 §16.6: parallel forking): all of them ring, the first answer wins, the
// others are let go. Busy only when every appearance that could ring is busy.

#include <algorithm>

#include "call/cause.h"
#include "call/feature.h"

namespace carillon::call {

namespace {

bool is_busy(const Turn& t, const Target& target) {
  const config::AppearanceView& a = *target.appearance;
  return t.core.counts.of(target.phone->id, a.line) >= std::min(a.busy_trigger, a.max_calls);
}

Verdict on_targets(Turn& t, Targets& targets) {
  const Leg& caller = *t.caller();
  auto& list = targets.list;
  const bool reachable = !list.empty();
  // Whoever calls their own line wants the others that share it.
  std::erase_if(
      list, [&](const Target& target) { return target.phone->id == caller.phone && targets.line->id == caller.line; });
  std::erase_if(list, [&](const Target& target) { return is_busy(t, target); });
  if (list.empty() && reachable) targets.status = 486, targets.cause = cause::kBusy;
  return Verdict::pass;
}

}  // namespace

extern const Feature shared_line;
const Feature shared_line{.name = "shared_line", .on_targets = on_targets};

}  // namespace carillon::call
