// Forward busy: all appearances are full, do-not-disturb rejects, or (service parameter busy-forward-on-486) the phone
// says 486, 600 or 603.

#include "call/forward.h"

namespace carillon::call {

namespace {

Verdict on_exhausted(Turn& t, const Failure& f) {
  if (f.lack != Lack::busy) return Verdict::pass;
  if (f.of_phone && !t.context.snapshot->parameters().busy_forward_on_486) return Verdict::pass;
  const Routed routed = forward_call(t, &config::ForwardsView::busy, Why::user_busy, f.status);
  return routed == Routed::yes ? Verdict::taken : Verdict::pass;
}

}  // namespace

extern const Feature forward_busy;
const Feature forward_busy{.name = "forward_busy", .on_exhausted = on_exhausted};

}  // namespace carillon::call
