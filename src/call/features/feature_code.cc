// Feature codes: what a phone of ours dials to have something done. They come after all numbers of the dial plan, so
// a line may have a code's digits for its number; what each does is in the table of code_functions.cc.

#include "call/code_functions.h"
#include "call/move.h"
#include "call/route.h"
#include "dialplan/route.h"

namespace carillon::call {

namespace {

// The one check that calls without a code pay for.
bool may_be_code(const Hop& hop) {
  return hop.why == Why::dialled && !hop.number.empty() && (hop.number.front() == '*' || hop.number.front() == '#');
}

Verdict on_number(Turn& t, const Hop& hop, const dialplan::Decision& found) {
  if (found.kind != dialplan::Decision::Kind::feature_code || !may_be_code(hop)) return Verdict::pass;
  const Leg* caller = t.caller();
  if (caller == nullptr || t.phone(*caller) == nullptr) return Verdict::pass;
  const CodeAction* action = action_of(found.code->function);
  if (action == nullptr || (is_stand_in(*caller) && !action->by_transfer)) return Verdict::pass;
  return action->run(t, *found.code, found.argument);
}

}  // namespace

extern const Feature feature_code;
const Feature feature_code{.name = "feature_code", .on_number = on_number};

}  // namespace carillon::call
