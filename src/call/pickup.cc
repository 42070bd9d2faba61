#include "call/pickup.h"

#include <algorithm>

#include "call/cause.h"
#include "call/cdr.h"
#include "call/finish.h"
#include "call/move.h"
#include "call/route.h"
#include "call/takeover.h"

namespace carillon::call {

namespace {

using config::EntityId;
using config::LineView;
using config::PickupGroupView;
using Kind = dialplan::Decision::Kind;

const PickupGroupView* group_of(const config::Snapshot& s, const LineView& line) {
  return line.pickup_group == 0 ? nullptr : s.row<PickupGroupView>(line.pickup_group);
}

// Do the members of `own` pick up from that group too?
bool serves(const PickupGroupView& own, EntityId group) {
  return own.id == group || std::find(own.others.begin(), own.others.end(), group) != own.others.end();
}

PickupWish refusal(int status, std::string words) {
  PickupWish w;
  w.status = status;
  w.words = std::move(words);
  return w;
}

PickupWish wish_for_own(const config::Snapshot& s, const LineView& own) {
  PickupWish w;
  w.line = own.id;
  const PickupGroupView* group = group_of(s, own);
  if (group == nullptr && own.phones.size() < 2)
    return refusal(403, "Line " + own.number + " is in no call pickup group");
  w.words = group == nullptr ? "No call rings on line " + own.number : "No call rings in pickup group " + group->name;
  if (group == nullptr) return w;
  w.groups = {group->id};
  w.groups.insert(w.groups.end(), group->others.begin(), group->others.end());
  if (!group->others.empty()) w.words += " and those beside it";
  return w;
}

PickupWish wish_for_group(const config::Snapshot& s, const LineView& own, EntityId id) {
  const PickupGroupView* asked = s.row<PickupGroupView>(id);
  const PickupGroupView* group = group_of(s, own);
  if (asked == nullptr) return refusal(404, "There is no such call pickup group");
  if (group == nullptr) return refusal(403, "Line " + own.number + " is in no call pickup group");
  if (group->id == id) return wish_for_own(s, own);
  if (!serves(*group, id))
    return refusal(403, "Pickup group " + asked->name + " is none of the other groups of " + group->name);
  PickupWish w;
  w.groups = {id};
  w.words = "No call rings in pickup group " + asked->name;
  return w;
}

PickupWish wish_for_line(const config::Snapshot& s, const LineView& own, const LineView* line) {
  if (line == nullptr) return refusal(404, "There is no such number to pick up from");
  if (!may_pick_up(s, own, *line))
    return refusal(403,
                   "Line " + line->number + " is in no pickup group that line " + own.number + " may pick up from");
  PickupWish w;
  w.line = line->id;
  w.words = "No call rings on line " + line->number;
  return w;
}

PickupWish wish_of_code(const config::Snapshot& s, const registrar::Identity& who, const config::FeatureCodeView& code,
                        std::string_view argument) {
  const LineView& own = *who.line;
  if (code.function == config::CodeFunction::group_pickup && argument.empty()) return wish_for_own(s, own);
  const Reach reach = reach_of(who.line, who.phone);
  const auto d = dialplan::route(s, reach.first, reach.second, argument);
  if (code.function == config::CodeFunction::directed_pickup) return wish_for_line(s, own, d.line);
  return wish_for_group(s, own, d.kind == Kind::pickup_group ? d.number->id : 0);
}

bool is_pickup_code(const config::FeatureCodeView& code) {
  return code.function == config::CodeFunction::group_pickup || code.function == config::CodeFunction::directed_pickup;
}

// The place of a line in the order of the wish; negative when it is none of it.
int rank_of(const config::Snapshot& s, const PickupWish& wish, EntityId line_id) {
  if (line_id == wish.line) return 0;
  const LineView* line = wish.groups.empty() ? nullptr : s.line(line_id);
  if (line == nullptr || line->pickup_group == 0) return -1;
  const auto at = std::find(wish.groups.begin(), wish.groups.end(), line->pickup_group);
  return at == wish.groups.end() ? -1 : static_cast<int>(at - wish.groups.begin());
}

struct Candidate {
  int rank = -1;  // negative: none
  Instant since;
  uint16_t shard = 0;
  CallRef call;

  void consider(const Candidate& other) {
    if (other.rank < 0) return;
    if (rank < 0 || other.rank < rank || (other.rank == rank && other.since < since)) *this = other;
  }
};

Candidate find_here(Core& core, const Context& context, const PickupWish& wish, EntityId asking_phone) {
  Candidate best;
  core.calls.for_each([&](CallRef ref, const Call& call) {
    if (!may_be_taken(core, call)) return;
    const Leg* caller = core.legs.find(call.caller);
    if (caller->phone != 0 && caller->phone == asking_phone) return;
    for (const Leg* leg = core.legs.find(call.first); leg != nullptr; leg = core.legs.find(leg->next)) {
      if (!leg->rings()) continue;
      best.consider({rank_of(*context.snapshot, wish, leg->line), call.cdr.start, core.options.shard, ref});
    }
  });
  return best;
}

}  // namespace

bool may_pick_up(const config::Snapshot& s, const LineView& own, const LineView& ringing) {
  if (own.id == ringing.id) return true;
  const PickupGroupView* group = group_of(s, own);
  return group != nullptr && ringing.pickup_group != 0 && serves(*group, ringing.pickup_group);
}

std::optional<PickupWish> read_pickup(const config::Snapshot& s, const dialplan::Decision& d,
                                      const registrar::Identity& who) {
  const bool by_code = d.kind == Kind::feature_code && is_pickup_code(*d.code);
  if (d.kind != Kind::pickup_group && !by_code) return {};
  if (who.line == nullptr) return refusal(403, "Only a line of ours may pick up calls");
  if (by_code) return wish_of_code(s, who, *d.code, d.argument);
  return wish_for_group(s, *who.line, d.number->id);
}

std::optional<uint16_t> shard_of_pickup(Core& core, const Context& context, const PickupWish& wish,
                                        EntityId asking_phone) {
  if (wish.status != 0) return {};
  Candidate best = find_here(core, context, wish, asking_phone);
  core.elsewhere.each_ringing([&](const News& n) {
    if (n.caller_phone != 0 && n.caller_phone == asking_phone) return;
    best.consider({rank_of(*context.snapshot, wish, n.line), n.since, n.shard, {}});
  });
  return best.rank < 0 ? std::nullopt : std::optional(best.shard);
}

void pick_up(Turn& t, const PickupWish& wish) {
  if (wish.status != 0) return deny_call(t, wish.status, cause_of_status(wish.status), wish.words);
  const Candidate found = find_here(t.core, t.context, wish, t.caller()->phone);
  Call* ringing = t.core.calls.find(found.call);
  if (found.rank < 0 || ringing == nullptr) return deny_call(t, 404, cause_of_status(404), wish.words);
  note_redirect(*ringing, ringing->cdr.called_number, ringing->cdr.called_partition, state::RedirectReason::pickup,
                state::OnBehalfOf::pickup);
  ringing->cdr.joined_by = state::OnBehalfOf::pickup;
  take_ringing(t, *ringing);
}

Verdict pickup_code(Turn& t, const config::FeatureCodeView& code, std::string_view argument) {
  const Leg& caller = *t.caller();
  registrar::Identity who;
  who.line = t.context.snapshot->line(caller.line);
  who.phone = t.phone(caller);
  const dialplan::Decision d{.kind = Kind::feature_code, .code = &code, .argument = argument};
  const auto wish = read_pickup(*t.context.snapshot, d, who);
  if (!wish) return Verdict::pass;
  pick_up(t, *wish);
  return Verdict::taken;
}

void tell_ringing(Turn& t, Leg& leg) {
  bool rings = leg.rings() && t.call.stage == Stage::ringing;
  if (rings && !leg.told_ringing) {
    const LineView* line = t.context.snapshot->line(leg.line);
    rings = line != nullptr && (line->pickup_group != 0 || line->phones.size() > 1);
  }
  if (rings == leg.told_ringing) return;
  leg.told_ringing = rings;
  const Leg* caller = t.caller();
  News n;
  n.kind = rings ? News::Kind::rings : News::Kind::quiet;
  n.shard = t.core.options.shard;
  n.leg = leg.self.bits();
  n.line = leg.line;
  n.caller_phone = caller == nullptr ? 0 : caller->phone;
  n.since = t.call.cdr.start;
  t.core.news.push_back(n);
}

}  // namespace carillon::call
