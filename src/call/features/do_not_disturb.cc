// Do not disturb, as the line or the phone has it. A phone that rejects is left out, and when no other is there the
// line is busy; one with its ringer off is called, and told that nobody wants to hear it.

#include <algorithm>

#include "call/cause.h"
#include "call/feature.h"

namespace carillon::call {

namespace {

using Dnd = config::PhoneView::Dnd;

Verdict on_targets(Turn&, Targets& targets) {
  auto& list = targets.list;
  if (list.empty()) return Verdict::pass;
  const bool of_line = targets.line->do_not_disturb;
  std::erase_if(list, [&](const Target& target) { return of_line || target.phone->dnd == Dnd::call_reject; });
  if (list.empty()) targets.status = 486, targets.cause = cause::kBusy;
  return Verdict::pass;
}

// RFC 7462 §9.2: what a phone does with it is the phone's; there is no word for silence.
void on_dial(Turn& t, Leg& leg, std::string& headers) {
  const config::PhoneView* phone = t.phone(leg);
  if (phone == nullptr || phone->dnd != Dnd::ringer_off) return;
  headers.append("Alert-Info: <urn:alert:priority:low>\r\n");
}

}  // namespace

extern const Feature do_not_disturb;
const Feature do_not_disturb{.name = "do_not_disturb", .on_targets = on_targets, .on_dial = on_dial};

}  // namespace carillon::call
