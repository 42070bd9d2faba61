// Forward unregistered: no phone of the line is registered, or none that is can be reached.

#include <algorithm>

#include "call/forward.h"

namespace carillon::call {

namespace {

// Two lines without phones that forward to each other by way of others: max-forward-unregistered-hops, 0 for no limit.
bool is_too_far(const Turn& t) {
  const uint32_t most = t.context.snapshot->parameters().max_unregistered_hops;
  const auto& all = t.call.redirected;
  const auto hops =
      std::count_if(all.begin(), all.end(), [](const Redirection& r) { return r.why == Why::unavailable; });
  return most != 0 && hops >= static_cast<ptrdiff_t>(most);
}

Verdict on_exhausted(Turn& t, const Failure& f) {
  if (f.lack != Lack::absent || is_too_far(t)) return Verdict::pass;
  const Routed routed = forward_call(t, &config::ForwardsView::unregistered, Why::unavailable, f.status);
  return routed == Routed::yes ? Verdict::taken : Verdict::pass;
}

}  // namespace

extern const Feature forward_unregistered;
const Feature forward_unregistered{.name = "forward_unregistered", .on_exhausted = on_exhausted};

}  // namespace carillon::call
