#include "call/park_reversion.h"

#include <algorithm>

#include "call/move.h"
#include "call/transfer.h"

namespace carillon::call {

namespace {

constexpr Duration kShortestRing = seconds(10);

}  // namespace

Call& open_reversion(Core& core, Context& context, Parked& p) {
  Call& own = *core.calls.find(p.call);
  const Leg& party = *core.legs.find(p.party);
  Turn from{core, context, own};
  Call& call = open_call(core, context, own);
  Turn t{core, context, call};
  add_stand_in(t, party);
  name_calling(from, call, party);
  const Party who = call.calling;
  const std::string& shown = hides_name(who.hides) || who.name.empty() ? who.number : who.name;
  const bool hidden = &shown == &who.number && hides_number(who.hides);
  call.calling.name = "Park " + p.number;
  if (!hidden) call.calling.name += ": " + shown;
  if (hides_name(who.hides)) call.calling.hides = hides_number(who.hides) ? Hides::number : Hides::nothing;
  call.called = {p.number, "Park " + p.number};
  call.cdr.dialled = call.cdr.called_number = p.number;
  call.cdr.called_partition = own.cdr.called_partition;
  call.patience = std::max(context.snapshot->parameters().park_reversion, kShortestRing);
  call.park = p.self;
  p.other = call.self;
  return call;
}

Routed route_reversion(Turn& t, const Parked& p) {
  Hop hop{.number = {}, .reach = {}, .why = Why::not_retrieved, .status = 408, .may_return = true};
  const auto* row = p.directed ? t.context.snapshot->row<config::DirectedParkView>(p.row) : nullptr;
  if (row != nullptr && !row->reversion_number.empty()) {
    hop.number = row->reversion_number;
    hop.reach = {row->reversion_search_space, 0};
    if (route_call(t, hop) == Routed::yes) return Routed::yes;
  }
  hop.line = t.context.snapshot->line(p.parker);
  if (hop.line == nullptr) return Routed::unknown;
  hop.number = hop.line->number;
  return route_call(t, hop);
}

}  // namespace carillon::call
