#pragma once
// Call pickup: which ringing call somebody may take who dials a pickup group's number or a pickup code, and which of
// them is it. The call that has waited longest wins; calls of the own line count as those of the own group.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "call/feature.h"
#include "dialplan/route.h"

namespace carillon::call {

// What is looked for.
struct PickupWish {
  int status = 0;                        // not 0: the caller is refused with this, and `words`
  std::string words;                     // else: what to say when nothing rings there
  std::vector<config::EntityId> groups;  // in this order
  config::EntityId line = 0;             // directed: this line only; else a line that counts as one of the first group
};

// What `who` asks for by dialling what was decided so; nothing when that is no pickup.
std::optional<PickupWish> read_pickup(const config::Snapshot& s, const dialplan::Decision& d,
                                      const registrar::Identity& who);
// May a call that rings for `ringing` be picked up from `own`: the same line, group, or one that its group names?
bool may_pick_up(const config::Snapshot& s, const config::LineView& own, const config::LineView& ringing);

// Where the call is that the wish is for: its shard, or nothing when none rings. Calls from the asking phone itself are
// none.
std::optional<uint16_t> shard_of_pickup(Core& core, const Context& context, const PickupWish& wish,
                                        config::EntityId asking_phone);
// The caller of `t.call` takes the call that the wish is for, of this shard, or is refused.
void pick_up(Turn& t, const PickupWish& wish);

// The caller of `t.call` has dialled a pickup code, with `argument` behind it.
Verdict pickup_code(Turn& t, const config::FeatureCodeView& code, std::string_view argument);

// At the end of a turn: the other shards hear where phones ring.
void tell_ringing(Turn& t, Leg& leg);

}  // namespace carillon::call
