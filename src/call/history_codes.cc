#include "call/history_codes.h"

#include <algorithm>

#include "call/cause.h"
#include "call/finish.h"
#include "call/route.h"
#include "call/service_call.h"
#include "dialplan/route.h"

namespace carillon::call {

namespace {

using config::CodeFunction;
using state::Cdr;

Reach reach_of_caller(const Turn& t, const Leg& caller) {
  return reach_of(t.context.snapshot->line(caller.line), t.phone(caller));
}

// Is it a code? `before_number`: one that calls the number behind it.
bool is_code(const Turn& t, std::string_view dialled, bool& before_number) {
  const Reach reach = reach_of_caller(t, *t.core.legs.find(t.call.caller));
  const auto found = dialplan::route(*t.context.snapshot, reach.first, reach.second, dialled);
  if (found.code == nullptr) return false;
  const bool calls =
      found.code->function == CodeFunction::withhold_identity || found.code->function == CodeFunction::intercom;
  before_number = calls && !found.argument.empty() && found.argument.front() != '*' && found.argument.front() != '#';
  return true;
}

// A record that tells of an INVITE, not of parties that a feature has brought together.
bool is_first(const Cdr& cdr) {
  return cdr.joined_by == state::OnBehalfOf::nobody && (cdr.id == cdr.global || cdr.split);
}

// Who called the line last, though another may have had the call then.
const Cdr* last_caller(const config::LineView& line, const ConfigAnswer& answer) {
  for (const Cdr& cdr : answer.records) {
    const bool here = cdr.called_number == line.number && cdr.called_partition == line.partition;
    const bool sent_on = cdr.original.number == line.number && cdr.original.partition == line.partition;
    const bool own = cdr.calling_number == line.number && cdr.calling_partition == line.partition;
    if (is_first(cdr) && (here || sent_on) && !own && !cdr.calling_number.empty()) return &cdr;
  }
  return nullptr;
}

void return_call(Turn& t, const ConfigAnswer& answer) {
  const config::LineView* line = t.context.snapshot->line(t.caller()->line);
  const Cdr* last = line == nullptr ? nullptr : last_caller(*line, answer);
  if (last == nullptr) return deny_call(t, 404, cause::kUnallocated, "Nobody has called this line");
  if (last->withheld) return deny_call(t, 403, cause::kRejected, "The last caller withheld the number");
  call_number(t, last->calling_number);
}

void call_again(Turn& t, const ConfigAnswer& answer) {
  const Cdr* last = last_dialled(t, answer, {}, true);
  if (last == nullptr) return deny_call(t, 404, cause::kUnallocated, "Nothing has been dialled here");
  call_number(t, last->dialled);
}

}  // namespace

bool ask_records(Turn& t, void (*then)(Turn&, const ConfigAnswer&)) {
  const config::LineView* line = t.context.snapshot->line(t.caller()->line);
  if (line == nullptr) return deny_call(t, 403, cause::kRejected, "Only from a line of ours"), false;
  ConfigRequest request;
  request.entity = ConfigRequest::Entity::records;
  request.id = line->id;
  request.value = line->number;
  return ask_administration(t, std::move(request), then);
}

const Cdr* last_dialled(const Turn& t, const ConfigAnswer& answer, std::string_view number, bool codes) {
  const Leg* caller = t.core.legs.find(t.call.caller);
  const config::LineView* line = t.context.snapshot->line(caller->line);
  const config::PhoneView* phone = t.phone(*caller);
  if (line == nullptr || phone == nullptr) return nullptr;
  for (const Cdr& cdr : answer.records) {
    const bool own = cdr.calling_number == line->number && cdr.calling_partition == line->partition &&
                     cdr.calling_device == phone->name;
    if (!own || !is_first(cdr) || cdr.dialled.empty()) continue;
    bool before_number = false;
    if (is_code(t, cdr.dialled, before_number) && !(codes && before_number)) continue;
    if (number.empty() || cdr.dialled == number || cdr.called_number == number) return &cdr;
  }
  return nullptr;
}

void call_number(Turn& t, std::string number) {
  Leg& caller = *t.caller();
  const Reach reach = reach_of_caller(t, caller);
  t.call.cdr.dialled = caller.user = number;
  if (route_call(t, {.number = number, .reach = reach}) == Routed::yes) return;
  deny_call(t, 404, cause::kUnallocated, number + " cannot be called from here");
}

Verdict last_call_return_code(Turn& t, const config::FeatureCodeView&, std::string_view) {
  ask_records(t, return_call);
  return Verdict::taken;
}

Verdict redial_code(Turn& t, const config::FeatureCodeView&, std::string_view) {
  ask_records(t, call_again);
  return Verdict::taken;
}

}  // namespace carillon::call
