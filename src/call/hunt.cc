#include "call/hunt.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "call/cause.h"
#include "call/cdr.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/route.h"

namespace carillon::call {

namespace {

using config::Distribution;
using config::EntityId;
using config::HuntListView;
using config::HuntPilotView;
using config::LineGroupView;

// The caller's deadline is later than that of the hunt, which ends by itself.
constexpr Duration kAfterHunt = seconds(2);

const LineGroupView* group_at_work(const Turn& t) { return t.context.snapshot->row<LineGroupView>(t.call.hunt->group); }

const HuntListView* list_of(const Turn& t) {
  const HuntPilotView* pilot = t.context.snapshot->row<HuntPilotView>(t.call.hunt->pilot);
  return pilot == nullptr ? nullptr : t.context.snapshot->row<HuntListView>(pilot->list);
}

// t301 is not for hunts; what the caller said itself (Expires) is.
void set_deadline(Turn& t, Duration longest) {
  Leg& caller = *t.caller();
  Hunt& h = *t.call.hunt;
  h.until = t.now() + longest;
  h.keeps_deadline = t.call.patience < t.context.snapshot->parameters().no_answer_release;
  const Duration patience = h.keeps_deadline ? t.call.patience : longest + kAfterHunt;
  if (h.keeps_deadline && caller.scheduled.due != kNever) return;
  t.core.schedule.start(t.now());
  t.core.schedule.set(t.core.legs, caller.self.index, caller, t.now() + patience);
}

// The next group that there is and that has members; false: none.
bool enter_group(Turn& t) {
  Hunt& h = *t.call.hunt;
  const HuntListView* list = list_of(t);
  while (list != nullptr && list->enabled && h.next_group < list->groups.size()) {
    const LineGroupView* group = t.context.snapshot->row<LineGroupView>(list->groups[h.next_group++]);
    if (group == nullptr || group->members.empty()) continue;
    h.group = group->id;
    h.members = hunt_order(t.core, *group);
    h.next = 0;
    h.all_at_once = group->distribution == Distribution::broadcast;
    return true;
  }
  return false;
}

void note_tried(Turn& t, const LineGroupView& group, Tried tried) {
  Hunt& h = *t.call.hunt;
  h.has_rung |= tried == Tried::no_answer;
  h.met_busy |= tried == Tried::busy;
  const config::HuntStep step = tried == Tried::no_answer ? group.no_answer
                                : tried == Tried::busy    ? group.busy
                                                          : group.not_available;
  h.move = move_after(step, h.next < h.members.size());
}

// What the other shards have told may be some microseconds old; what all count is not.
bool is_idle(const Turn& t, const config::LineView& line) {
  if (t.core.lines.has_legs(line.id) || t.core.hunted.idle_since(line.id) == kNever) return false;
  return std::all_of(line.phones.begin(), line.phones.end(),
                     [&](EntityId phone) { return t.core.counts.of(phone, line.id) == 0; });
}

// Adds the phones of a member that would ring now, as far as there is room; where there is none, says why.
Tried add_member(Turn& t, const LineGroupView& group, EntityId id, std::vector<Target>& list) {
  const config::LineView* line = t.context.snapshot->line(id);
  if (line == nullptr) return Tried::not_available;
  // Those who have a call are not idle, though they might take another one.
  if (group.distribution == Distribution::longest_idle_time && !is_idle(t, *line)) return Tried::busy;
  std::vector<Target> phones;
  Targets targets{line, phones};
  targets.forwards = false;
  if (find_targets(t, targets) == Verdict::taken || phones.empty())
    return targets.status == 486 || targets.status == 600 ? Tried::busy : Tried::not_available;
  const size_t room = limits::kBranchesPerCall - list.size();
  list.insert(list.end(), phones.begin(), phones.begin() + static_cast<ptrdiff_t>(std::min(room, phones.size())));
  return Tried::no_answer;
}

// Whom the group rings next: one member, or all. When nobody would ring the hunt has moved on.
void gather(Turn& t, const LineGroupView& group, std::vector<Target>& list) {
  Hunt& h = *t.call.hunt;
  Tried tried = Tried::not_available;
  do {
    const EntityId line = h.members[h.next++];
    const Tried one = add_member(t, group, line, list);
    if (one == Tried::busy) tried = one;
    if (one == Tried::no_answer && group.distribution == Distribution::circular) t.core.hunted.got_call(group.id, line);
  } while (h.all_at_once && h.next < h.members.size() && list.size() < limits::kBranchesPerCall);
  if (h.all_at_once) h.next = h.members.size();
  if (list.empty()) note_tried(t, group, tried);
}

// Fills `list` with those who ring next. Empty: the hunt has found nobody more.
void next_targets(Turn& t, std::vector<Target>& list) {
  Hunt& h = *t.call.hunt;
  const auto goes_on = [&] { return t.call.stage != Stage::over && t.now() < h.until && h.move != HuntMove::over; };
  while (list.empty() && goes_on()) {
    if (h.move == HuntMove::group) {
      if (!enter_group(t)) return;
      h.move = HuntMove::member;
    }
    const LineGroupView* group = group_at_work(t);
    if (group == nullptr) {  // removed meanwhile
      h.move = HuntMove::group;
    } else {
      gather(t, *group, list);
    }
  }
}

// Phones that have not said a word in all the time are not there.
bool are_dead(Turn& t) {
  size_t called = 0, alive = 0;
  t.each_leg([&](const Leg& leg) {
    called += leg.rings();
    alive += leg.rings() && leg.heard;  // a 180 may get lost
  });
  return called != 0 && alive == 0;
}

Tried tried_of(Turn& t, const Failure& f) {
  if (f.lack == Lack::no_answer) return are_dead(t) ? Tried::not_available : Tried::no_answer;
  return f.lack == Lack::busy ? Tried::busy : Tried::not_available;
}

void take_failure(Turn& t, const Failure& f) {
  Hunt& h = *t.call.hunt;
  const bool better = h.best.status == 0 || rank_of_failure(f.status) < rank_of_failure(h.best.status);
  if (f.lack == Lack::failed && better) h.best = f;
  if (const LineGroupView* group = group_at_work(t)) {
    note_tried(t, *group, tried_of(t, f));
  } else {
    h.move = HuntMove::group;
  }
}

// What the caller is told when the pilot forwards nowhere.
void refuse_hunt(Turn& t) {
  const Hunt& h = *t.call.hunt;
  if (h.has_rung) return refuse_call(t, {.status = 480, .cause = cause::kNoAnswer, .by = state::Cdr::EndedBy::callee});
  if (h.met_busy) return refuse_call(t, {.status = 486, .cause = cause::kBusy, .by = state::Cdr::EndedBy::callee});
  if (h.best.status != 0) return refuse_call(t, {.status = h.best.status, .cause = h.best.cause});
  const HuntListView* list = list_of(t);
  std::string words = "Nobody of the hunt list is available";
  if (list != nullptr && !list->enabled) words = "The hunt list " + list->name + " is disabled";
  deny_call(t, 480, cause::kAbsent, words);
}

struct Onward {
  std::string number;
  Why why = Why::unavailable;
  int status = 480;
};

// Where the pilot forwards to: "no answer" when somebody has rung, "busy" when nobody could; a list that is disabled or
// empty has neither, so that what there is counts.
Onward onward_of(const Turn& t, const HuntPilotView& pilot) {
  const Hunt& h = *t.call.hunt;
  if (h.has_rung) return {pilot.forward_no_answer, Why::no_answer, 480};
  if (h.met_busy) return {pilot.forward_busy, Why::user_busy, 486};
  const bool tried = h.group != 0;
  return {pilot.forward_busy.empty() && !tried ? pilot.forward_no_answer : pilot.forward_busy};
}

// The record and the deadlines are as if there had been no hunt; whatever forwards is the pilot.
void leave_hunt(Turn& t, const HuntPilotView& pilot, const Hunt& h) {
  state::Cdr& cdr = t.call.cdr;
  cdr.original = h.original_before, cdr.last = h.last_before;
  cdr.called_number = pilot.number, cdr.called_partition = pilot.partition;
  if (!h.keeps_deadline) t.core.schedule.clear(t.core.legs, *t.caller());
}

void end_hunt(Turn& t) {
  Call& call = t.call;
  const HuntPilotView* pilot = t.context.snapshot->row<HuntPilotView>(call.hunt->pilot);
  const Onward onward = pilot == nullptr ? Onward() : onward_of(t, *pilot);
  if (onward.number.empty()) return refuse_hunt(t);
  const auto before = std::pair(call.cdr.original, call.cdr.last);
  auto hunt = std::move(call.hunt);  // another pilot may begin one of its own
  leave_hunt(t, *pilot, *hunt);
  const Hop hop{
      .number = onward.number, .reach = {pilot->forward_search_space, 0}, .why = onward.why, .status = onward.status};
  if (route_call(t, hop) == Routed::yes) return;
  call.hunt = std::move(hunt);
  std::tie(call.cdr.original, call.cdr.last) = before;
  refuse_hunt(t);
}

Duration ring_time(const Turn& t) {
  const LineGroupView* group = group_at_work(t);
  const Duration left{(t.call.hunt->until.us - t.now().us)};
  return group == nullptr ? left : std::min(group->ring, left);
}

void hunt_on(Turn& t) {
  Call& call = t.call;
  for (;;) {
    std::vector<Target> list;
    next_targets(t, list);
    if (call.stage == Stage::over) return;
    if (list.empty()) return end_hunt(t);
    Hunt& h = *call.hunt;
    h.failed.reset();
    h.calling = true;
    ring_targets(t, list, ring_time(t));
    h.calling = false;
    if (!h.failed) return;
    take_failure(t, *h.failed);
  }
}

}  // namespace

std::vector<EntityId> hunt_order(const Core& core, const LineGroupView& group) {
  std::vector<EntityId> order = group.members;
  if (group.distribution == Distribution::circular) {
    const auto last = std::find(order.begin(), order.end(), core.hunted.last_called(group.id));
    if (last != order.end()) std::rotate(order.begin(), last + 1, order.end());
  } else if (group.distribution == Distribution::longest_idle_time) {
    std::stable_sort(order.begin(), order.end(),
                     [&core](EntityId a, EntityId b) { return core.hunted.idle_since(a) < core.hunted.idle_since(b); });
  }
  return order;
}

void begin_hunt(Turn& t, const HuntPilotView& pilot) {
  Call& call = t.call;
  state::Cdr& cdr = call.cdr;
  call.hunt = std::make_unique<Hunt>();
  Hunt& h = *call.hunt;
  h.pilot = pilot.id;
  h.shows_member = pilot.display_connected;
  h.original_before = cdr.original, h.last_before = cdr.last;
  call.called = {pilot.number, pilot.alerting_name};
  call.called_line = 0;
  call.ringing_shown = call.progress_shown = false;
  cdr.called_number = cdr.hunt_pilot = pilot.number;
  cdr.called_partition = cdr.hunt_partition = pilot.partition;
  note_redirect(call, pilot.number, pilot.partition, state::RedirectReason::none, state::OnBehalfOf::nobody);
  set_deadline(t, pilot.max_duration);
  hunt_on(t);
}

void go_on_hunting(Turn& t, const Failure& f) {
  if (t.call.hunt->calling) {
    t.call.hunt->failed = f;
    return;
  }
  take_failure(t, f);
  hunt_on(t);
}

void hunt_answered(Turn& t, const Leg& leg) {
  t.call.called_line = leg.line;
  const config::LineView* line = t.context.snapshot->line(leg.line);
  if (line != nullptr && t.call.hunt->shows_member) {
    t.call.called = {line->number, line->alerting_name, hides_of(line, Side::connected, leg.asks)};
  }
}

void log_out_silent(Turn& t) {
  const LineGroupView* group = group_at_work(t);
  if (group == nullptr || !group->auto_log_off || t.context.requests == nullptr) return;
  if (t.now() >= t.call.hunt->until) return;  // the hunt's time is over, not the member's
  std::vector<EntityId> done;
  t.each_leg([&](const Leg& leg) {
    const config::PhoneView* phone = t.phone(leg);
    if (!leg.rings() || !leg.heard || phone == nullptr || !phone->hunts) return;
    if (std::find(done.begin(), done.end(), phone->id) != done.end()) return;
    done.push_back(phone->id);
    ConfigRequest request = phone_setting(phone->id, "loggedIntoHuntGroup", false);  // nobody waits for the answer
    request.shard = t.core.options.shard;
    request.by = phone->name;
    t.context.requests->push_back(std::move(request));
  });
}

void note_hunted(Turn& t, EntityId before, EntityId after) {
  HuntMemory& hunted = t.core.hunted;
  if (before != 0 && hunted.is_busy_here(before) && !t.core.lines.has_legs(before)) hunted.line_idle(before, t.now());
  if (after != 0 && t.context.snapshot->is_hunted(after)) hunted.line_busy(after);
}

}  // namespace carillon::call
