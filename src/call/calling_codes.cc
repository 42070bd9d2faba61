#include "call/calling_codes.h"

#include "call/cause.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/route.h"

namespace carillon::call {

namespace {

Verdict call_behind(Turn& t, std::string_view number) {
  const Leg& caller = *t.caller();
  const Reach reach = reach_of(t.context.snapshot->line(caller.line), t.phone(caller));
  if (route_call(t, {.number = number, .reach = reach}) != Routed::yes) {
    deny_call(t, 404, cause::kUnallocated, "The number behind the code cannot be called from here");
  }
  return Verdict::taken;
}

}  // namespace

Verdict withhold_code(Turn& t, const config::FeatureCodeView&, std::string_view number) {
  withhold_identity(t);
  t.call.cdr.withheld = true;
  return call_behind(t, std::string(number));
}

Verdict intercom_code(Turn& t, const config::FeatureCodeView&, std::string_view number) {
  const Leg& caller = *t.caller();
  const Reach reach = reach_of(t.context.snapshot->line(caller.line), t.phone(caller));
  if (find_line(t, number, reach) == nullptr) {
    deny_call(t, 404, cause::kUnallocated, "There is no such line to speak to");
    return Verdict::taken;
  }
  t.call.intercom = true;
  return call_behind(t, std::string(number));
}

}  // namespace carillon::call
