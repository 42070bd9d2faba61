// A line may turn away callers whose number is withheld (RFC 5079): 433, with the Q.850 cause 21 that the table gives.

#include "call/cause.h"
#include "call/feature.h"
#include "call/finish.h"

namespace carillon::call {

namespace {

Verdict on_targets(Turn& t, Targets& targets) {
  if (!targets.line->reject_anonymous || !hides_number(t.call.calling.hides)) return Verdict::pass;
  if (!targets.forwards) {  // one of several in a hunt: the others may answer
    targets.list.clear();
    return Verdict::pass;
  }
  refuse_call(t, {.status = 433, .cause = cause::kRejected});
  return Verdict::taken;
}

}  // namespace

extern const Feature reject_anonymous;
const Feature reject_anonymous{.name = "reject_anonymous", .on_targets = on_targets};

}  // namespace carillon::call
