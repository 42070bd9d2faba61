#include "call/route.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "call/cause.h"
#include "call/cdr.h"
#include "call/dial.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/service_call.h"
#include "dialplan/route.h"
#include "registrar/way.h"

namespace carillon::call {

namespace {

void collect_targets(const Turn& t, Targets& targets) {
  const auto bindings = t.context.registrar.of_line(targets.line->id);
  for (const registrar::Binding* b : bindings) {
    if (b->expires <= t.now() || !registrar::has_way(*b) || is_older_flow(bindings, *b)) continue;
    const config::PhoneView* phone = t.context.snapshot->phone(b->phone);
    if (phone == nullptr || !phone->active) continue;
    const config::AppearanceView* appearance = phone->appearance(targets.line->id);
    if (appearance == nullptr) continue;
    if (targets.list.size() == limits::kBranchesPerCall) break;
    targets.list.push_back({b, phone, appearance});
  }
}

// t301 and the like count from the first phone that is called; sending the call on does not prolong them.
void arm_no_answer(Turn& t, std::span<const Target> list) {
  Leg& caller = *t.caller();
  if (caller.scheduled.due != kNever) return;
  Duration patience{};
  for (const Target& target : list) {
    const Duration d = target.phone->sip ? target.phone->sip->invite_timeout : config::SipProfileView().invite_timeout;
    patience = std::max(patience, d);
  }
  patience = std::min(patience, t.call.patience);
  t.core.schedule.start(t.now());
  t.core.schedule.set(t.core.legs, caller.self.index, caller, t.now() + patience);
}

bool anybody_rings(Turn& t) {
  bool rings = false;
  t.each_leg([&](const Leg& leg) { rings |= leg.rings(); });
  return rings;
}

bool has_passed(const Call& call, config::EntityId line) {
  if (call.called_line == line) return true;
  return std::any_of(call.redirected.begin(), call.redirected.end(),
                     [line](const Redirection& r) { return r.line == line; });
}

Failure failure_of(const Targets& targets) {
  Failure f{targets.status, targets.cause, Lack::failed, false};
  if (f.status == 486 || f.status == 600) f.lack = Lack::busy;
  if (f.status == 480) f.lack = Lack::absent;
  return f;
}

state::RedirectReason reason_of(Why why) {
  using Reason = state::RedirectReason;
  switch (why) {
    case Why::dialled:
      return Reason::none;
    case Why::unconditional:
      return Reason::forward_all;
    case Why::user_busy:
    case Why::do_not_disturb:
      return Reason::forward_busy;
    case Why::no_answer:
      return Reason::forward_no_answer;
    case Why::unavailable:
      return Reason::forward_unregistered;
    case Why::not_retrieved:
      return Reason::park_reversion;
    default:
      return Reason::redirection;
  }
}

// For the call record: who sent the call on, and why.
void record_redirect(Call& call, const Hop& hop) {
  if (hop.why == Why::dialled || call.redirected.empty()) return;
  const state::RedirectReason reason = reason_of(hop.why);
  using By = state::OnBehalfOf;
  By by = By::forward;
  if (reason == state::RedirectReason::redirection) by = By::redirection;
  if (reason == state::RedirectReason::park_reversion) by = By::park;
  note_redirect(call, call.redirected.back().from.number, call.cdr.called_partition, reason, by);
}

void ring_line(Turn& t, const config::LineView& line) {
  Call& call = t.call;
  call.hunt.reset();
  call.called_line = line.id;
  call.called = {line.number, line.alerting_name, hides_of(&line, Side::connected, Hides::nothing)};
  call.cdr.called_number = line.number;
  call.cdr.called_partition = line.partition;
  // The caller is shown the new party in a response of its own.
  call.ringing_shown = call.progress_shown = false;
  std::vector<Target> list;
  list.reserve(4);
  Targets targets{&line, list};
  if (find_targets(t, targets) == Verdict::taken) return;
  if (list.empty()) return exhausted(t, failure_of(targets));
  ring_targets(t, list, targets.ring_for);
}

}  // namespace

Reach reach_of(const config::LineView* line, const config::PhoneView* phone) {
  return {line != nullptr ? line->calling_search_space : 0, phone != nullptr ? phone->calling_search_space : 0};
}

Reach reach_of_forward(const Turn& t, const config::LineView& line, config::EntityId own) {
  if (own != 0) return {own, 0};
  return reach_of(&line, line.phones.empty() ? nullptr : t.context.snapshot->phone(line.phones.front()));
}

const config::LineView* find_line(const Turn& t, std::string_view number, const Reach& reach) {
  const config::Snapshot& s = *t.context.snapshot;
  if (reach.first == 0) return dialplan::route(s, reach.second, number).line;
  const config::LineView* line = dialplan::route(s, reach.first, number).line;
  return line != nullptr || reach.second == 0 ? line : dialplan::route(s, reach.second, number).line;
}

Routed route_call(Turn& t, const Hop& hop) {
  Call& call = t.call;
  if (call.stage == Stage::answered || call.stage == Stage::over || call.callee.valid()) return Routed::too_late;
  const bool moved = hop.why != Why::dialled;
  if (moved && call.redirected.size() >= t.context.snapshot->parameters().max_hops) return Routed::too_far;
  dialplan::Decision found{.kind = dialplan::Decision::Kind::line, .line = hop.line};
  if (hop.line == nullptr) found = dialplan::route(*t.context.snapshot, hop.reach.first, hop.reach.second, hop.number);
  // What is something else in the first search space may be a line in the second, should no feature want it.
  const bool other = found.number != nullptr || found.code != nullptr;
  const config::LineView* line = other ? find_line(t, hop.number, hop.reach) : found.line;
  if (line != nullptr && !hop.may_return && has_passed(call, line->id)) return Routed::loop;
  std::pair<state::Redirect, state::Redirect> before;
  if (moved) before = {call.cdr.original, call.cdr.last};
  if (moved) call.redirected.push_back({call.called, call.called_line, hop.why, hop.status});
  record_redirect(call, hop);
  if (hop.line == nullptr && ask_number(t, hop, found) == Verdict::taken) return Routed::yes;
  if (line != nullptr) {
    ring_line(t, *line);
    return Routed::yes;
  }
  if (moved) {
    std::tie(call.cdr.original, call.cdr.last) = before;
    call.redirected.pop_back();
  }
  return Routed::unknown;
}

Verdict find_targets(Turn& t, Targets& targets) {
  collect_targets(t, targets);
  return ask_targets(t, targets);
}

void ring_targets(Turn& t, std::span<const Target> list, Duration ring_for) {
  Call& call = t.call;
  release_ringing(t);
  call.best = {};
  call.warning.clear();
  call.no_bandwidth = false;
  call.forked = list.size() > 1 || call.hunt != nullptr;  // another member may answer yet
  call.stage = Stage::ringing;
  arm_no_answer(t, list);
  for (const Target& target : list) {
    if (call.stage == Stage::ringing) dial(t, target);
  }
  if (call.stage != Stage::ringing) return;
  if (!anybody_rings(t)) return exhausted(t, call.best.status == 0 ? Failure{503, cause::kCongestion} : call.best);
  if (ring_for.us == 0) return;
  call.ring_due = t.now() + ring_for;
  t.core.alarms.arm(call.ring_due, {call.self.bits(), Alarm::ring});
}

void release_ringing(Turn& t) {
  t.call.ring_due = kNever;
  t.call.early = {};
  t.each_leg([&](Leg& leg) {
    if (leg.rings()) release_leg(t, leg, cause::kNormal, {});
  });
}

void exhausted(Turn& t, const Failure& f, std::string_view lines) {
  const Failure last = f;
  release_ringing(t);
  t.call.best = {};
  if (ask_exhausted(t, last) == Verdict::taken) return;
  refuse_failed(t, last, lines);
}

void ring_time_over(Turn& t) {
  if (t.call.stage != Stage::ringing || t.call.callee.valid()) return service_time_over(t);
  t.call.ring_due = kNever;
  ask_exhausted(t, {480, cause::kNoAnswer, Lack::no_answer, true});
}

bool comes_from_outside(const Core& core, const registrar::Identity& caller) {
  return caller.phone == nullptr || core.options.callers_from_outside;
}

}  // namespace carillon::call
