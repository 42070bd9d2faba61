// Forward no answer: after the line's ring duration, else the service parameter forward-no-answer-timer; or at once
// when the phone says that nobody takes the call (480, 408). Where the forward leads nowhere the phones ring on.

#include "call/forward.h"

namespace carillon::call {

namespace {

Verdict on_targets(Turn& t, Targets& targets) {
  const config::ForwardsView* forwards = targets.line->forwards.get();
  if (!targets.forwards || forwards == nullptr) return Verdict::pass;
  if (forward_number(t, *forwards, &config::ForwardsView::no_answer).empty()) return Verdict::pass;
  const Duration own = forwards->no_answer_duration;
  targets.ring_for = own.us != 0 ? own : t.context.snapshot->parameters().forward_no_answer;
  return Verdict::pass;
}

Verdict on_exhausted(Turn& t, const Failure& f) {
  if (f.lack != Lack::no_answer) return Verdict::pass;
  const Routed routed = forward_call(t, &config::ForwardsView::no_answer, Why::no_answer, f.status);
  return routed == Routed::yes ? Verdict::taken : Verdict::pass;
}

}  // namespace

extern const Feature forward_no_answer;
const Feature forward_no_answer{.name = "forward_no_answer", .on_targets = on_targets, .on_exhausted = on_exhausted};

}  // namespace carillon::call
