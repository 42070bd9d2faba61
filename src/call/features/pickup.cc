// Call pickup: a phone dials the number of a pickup group, or a code, and answers a call that rings elsewhere. By
// INVITE with Replaces (RFC 3891) a phone that watches a line (RFC 4235) picks up what rings there, with the same
// rights (RFC 5359 §2.6).

#include "call/pickup.h"
#include "call/route.h"

namespace carillon::call {

namespace {

Verdict on_number(Turn& t, const Hop& hop, const dialplan::Decision& found) {
  if (found.kind != dialplan::Decision::Kind::pickup_group) return Verdict::pass;
  if (hop.why != Why::dialled || t.call.transfer.valid()) return Verdict::pass;
  const Leg& caller = *t.caller();
  registrar::Identity who;
  who.line = t.context.snapshot->line(caller.line);
  who.phone = t.phone(caller);
  pick_up(t, *read_pickup(*t.context.snapshot, found, who));
  return Verdict::taken;
}

Verdict may_replace(Turn& t, const registrar::Identity& who, const Leg& replaced) {
  const config::LineView* line = replaced.rings() ? t.context.snapshot->line(replaced.line) : nullptr;
  const bool may = who.line != nullptr && line != nullptr && may_pick_up(*t.context.snapshot, *who.line, *line);
  return may ? Verdict::taken : Verdict::pass;
}

}  // namespace

extern const Feature pickup;
const Feature pickup{.name = "pickup", .on_number = on_number, .may_replace = may_replace};

}  // namespace carillon::call
