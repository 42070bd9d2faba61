// Hunt pilots: the members of their line groups ring one after the other, or all at once (hunt.h). Members' own
// forwards are not followed; phones that are logged out of hunting ring for calls to their lines only.

#include "call/hunt.h"

#include <algorithm>

#include "call/route.h"
#include "call/service_call.h"

namespace carillon::call {

namespace {

Verdict on_number(Turn& t, const Hop&, const dialplan::Decision& found) {
  if (found.kind != dialplan::Decision::Kind::hunt_pilot) return Verdict::pass;
  const auto* pilot = t.context.snapshot->row<config::HuntPilotView>(found.number->id);
  if (pilot == nullptr) return Verdict::pass;
  begin_hunt(t, *pilot);
  return Verdict::taken;
}

Verdict on_targets(Turn& t, Targets& targets) {
  if (t.call.hunt == nullptr) return Verdict::pass;
  std::erase_if(targets.list, [](const Target& target) { return !target.phone->hunts; });
  return Verdict::pass;
}

Verdict on_exhausted(Turn& t, const Failure& f) {
  if (t.call.hunt == nullptr) return Verdict::pass;
  if (f.lack == Lack::no_answer) log_out_silent(t);
  go_on_hunting(t, f);
  return Verdict::taken;
}

Verdict on_leg(Turn& t, Leg& leg, const LegEvent& e) {
  const bool answers = e.kind == LegEvent::Kind::answered && !leg.established();
  if (t.call.hunt != nullptr && answers && t.call.stage == Stage::ringing) hunt_answered(t, leg);
  return Verdict::pass;
}

}  // namespace

Verdict hunt_code(Turn& t, const config::FeatureCodeView& code, std::string_view) {
  const bool in = code.function == config::CodeFunction::hunt_login;
  change_configuration(t, phone_setting(t.caller()->phone, "loggedIntoHuntGroup", in),
                       in ? "Hunt groups on" : "Hunt groups off");
  return Verdict::taken;
}

extern const Feature hunt;
const Feature hunt{
    .name = "hunt", .on_number = on_number, .on_targets = on_targets, .on_exhausted = on_exhausted, .on_leg = on_leg};

}  // namespace carillon::call
