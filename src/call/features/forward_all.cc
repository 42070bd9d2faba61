// Forward all: every call to the line goes elsewhere before any of its phones rings.

#include "call/cause.h"
#include "call/finish.h"
#include "call/forward.h"

namespace carillon::call {

namespace {

// The one whom the line forwards to may still call it (service parameter cfa-destination-override).
bool is_destination(const Turn& t, std::string_view number) {
  return t.context.snapshot->parameters().cfa_destination_override && t.call.calling.number == number;
}

Verdict on_targets(Turn& t, Targets& targets) {
  if (!targets.forwards || targets.line->forwards == nullptr) return Verdict::pass;
  const std::string_view number = forward_number(t, *targets.line->forwards, &config::ForwardsView::all);
  if (number.empty() || is_destination(t, number)) return Verdict::pass;
  const std::string from = targets.line->number;
  switch (forward_call(t, &config::ForwardsView::all, Why::unconditional, 0)) {
    case Routed::loop:
    case Routed::too_far:
      return Verdict::pass;  // the chain leads back, or on for ever: it is broken here, and the line rings
    case Routed::unknown:
      deny_call(t, 404, cause::kUnallocated,
                "Line " + from + " forwards all calls to " + std::string(number) + ", which is not within its reach");
      return Verdict::taken;
    case Routed::yes:
    case Routed::too_late:
      break;
  }
  return Verdict::taken;
}

}  // namespace

extern const Feature forward_all;
const Feature forward_all{.name = "forward_all", .on_targets = on_targets};

}  // namespace carillon::call
