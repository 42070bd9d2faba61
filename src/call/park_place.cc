#include "call/park_place.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "call/park_lamp.h"
#include "sip/route_key.h"

namespace carillon::call {

namespace {

using config::CallParkView;
using config::CodeFunction;
using config::DirectedParkView;
using config::EntityId;
using dialplan::Decision;
using Kind = ParkWish::Kind;

ParkWish refusal(int status, std::string words) {
  ParkWish w;
  w.status = status;
  w.words = std::move(words);
  return w;
}

// The nth number of a range; the number itself when it is none.
std::string number_in(const std::string& pattern, size_t n) {
  std::string number = pattern;
  for (size_t at = number.size(); at > 0 && number[at - 1] == 'X'; at--) {
    number[at - 1] = static_cast<char>('0' + n % 10);
    n /= 10;
  }
  return number;
}

size_t size_of(const std::string& pattern) {
  size_t size = 1;
  for (const char c : pattern) size *= c == 'X' ? 10 : 1;
  return size;
}

std::optional<std::string> free_in(const Core& core, EntityId row, const std::string& pattern,
                                   const std::string& preferred) {
  const auto is_free = [&](const std::string& number) { return core.park_numbers.count({row, number}) == 0; };
  if (!preferred.empty() && is_free(preferred)) return preferred;
  for (size_t i = 0; i < size_of(pattern); i++) {
    std::string number = number_in(pattern, i);
    if (is_free(number)) return number;
  }
  return {};
}

uint16_t shard_of(const Context& context, const std::string& pattern) {
  return static_cast<uint16_t>(sip::shard_of_user(pattern, context.shards));
}

// Is there a free number, as far as this shard knows?
bool has_room(const Core& core, const Context& context, const CallParkView& row) {
  if (shard_of(context, row.number) != core.options.shard) return !core.elsewhere.is_full(row.id);
  return free_in(core, row.id, row.number, {}).has_value();
}

// Where in the order of the reach; nothing when it is not in it.
std::optional<size_t> place_of(const config::Snapshot& s, const Reach& reach, EntityId partition) {
  size_t place = 0;
  for (const EntityId space : {reach.first, reach.second}) {
    if (space == 0 && reach.first + reach.second != 0) continue;
    for (const EntityId one : s.searched(space)) {
      if (one == partition) return place;
      place++;
    }
  }
  return {};
}

// The park code: the first Call Park within reach that has a free number.
ParkWish any_within(const Core& core, const Context& context, const Reach& reach) {
  struct Found {
    size_t place;
    const CallParkView* row;
  };
  std::vector<Found> rows;
  context.snapshot->for_each_row<CallParkView>([&](const CallParkView& row) {
    if (const auto place = place_of(*context.snapshot, reach, row.partition)) rows.push_back({*place, &row});
  });
  std::sort(rows.begin(), rows.end(), [](const Found& a, const Found& b) {
    return a.place != b.place ? a.place < b.place : a.row->number < b.row->number;
  });
  if (rows.empty()) return refusal(404, "There is no park number within reach");
  for (const Found& f : rows) {
    const bool here = shard_of(context, f.row->number) == core.options.shard;
    if ((context.handed_over && !here) || !has_room(core, context, *f.row)) continue;
    ParkWish w;
    w.kind = Kind::any;
    w.row = f.row->id;
    w.pattern = f.row->number;
    return w;
  }
  return refusal(486, "All park numbers are taken");
}

ParkWish at(Kind kind, const Decision& d, std::string_view number, bool directed) {
  ParkWish w;
  w.kind = kind;
  w.row = d.number->id;
  w.number = number;
  w.pattern = d.number->number;
  w.directed = directed;
  return w;
}

ParkWish retrieval(const config::Snapshot& s, const Decision& d, std::string_view digits) {
  if (d.kind != Decision::Kind::directed_retrieval)
    return at(Kind::retrieve, d, digits, d.kind != Decision::Kind::park);
  ParkWish w = at(Kind::retrieve, d, digits, true);
  const DirectedParkView* row = s.row<DirectedParkView>(w.row);
  if (row == nullptr) return refusal(404, "There is no such park number");
  w.number.erase(0, row->retrieval_prefix.size());
  w.pattern = row->number;
  return w;
}

std::optional<ParkWish> by_code(const Core& core, const Context& context, const Decision& d, const Reach& reach,
                                bool transfer) {
  if (d.code->function == CodeFunction::park) return any_within(core, context, reach);
  if (d.code->function != CodeFunction::park_retrieve || transfer) return {};
  const Decision number = dialplan::route(*context.snapshot, reach.first, reach.second, d.argument);
  const bool parks = number.kind == Decision::Kind::park || number.kind == Decision::Kind::directed_park;
  return parks ? retrieval(*context.snapshot, number, d.argument)
               : refusal(404, std::string(d.argument) + " is no park number within reach");
}

// The others hear when the last number of a Call Park is taken, and when one is free again.
void tell_room(Core& core, const Context& context, EntityId row, bool full) {
  if (context.removals == nullptr || (core.full_parks.count(row) != 0) == full) return;
  if (full) {
    core.full_parks.insert(row);
  } else {
    core.full_parks.erase(row);
  }
  News n;
  n.kind = full ? News::Kind::full : News::Kind::room;
  n.shard = core.options.shard;
  n.row = row;
  core.news.push_back(n);
}

}  // namespace

std::optional<ParkWish> read_park(const Core& core, const Context& context, const Decision& d, const Reach& reach,
                                  std::string_view digits, bool transfer) {
  switch (d.kind) {
    case Decision::Kind::park:
      return transfer ? at(Kind::any, d, digits, false) : retrieval(*context.snapshot, d, digits);
    case Decision::Kind::directed_park:
      return at(Kind::exactly, d, digits, true);
    case Decision::Kind::directed_retrieval:
      return transfer ? std::nullopt : std::optional(retrieval(*context.snapshot, d, digits));
    case Decision::Kind::feature_code:
      return by_code(core, context, d, reach, transfer);
    default:
      return {};
  }
}

uint16_t shard_of_park(const Context& context, const ParkWish& wish) {
  return wish.pattern.empty() ? uint16_t{0} : shard_of(context, wish.pattern);
}

Parked* find_parked(Core& core, EntityId row, std::string_view number) {
  const auto found = core.park_numbers.find({row, std::string(number)});
  return found == core.park_numbers.end() ? nullptr : core.parks.find(found->second);
}

Parked* take_number(Core& core, const Context& context, const ParkWish& wish) {
  if (core.parks.full()) return nullptr;
  const bool exactly = wish.kind == Kind::exactly;
  const auto number = free_in(core, wish.row, exactly ? wish.number : wish.pattern, wish.number);
  if (!number) return nullptr;
  const ParkRef ref = core.parks.emplace();
  Parked& p = *core.parks.find(ref);
  p.self = ref;
  p.row = wish.row;
  p.number = *number;
  p.directed = wish.directed;
  p.key = key_of_park(p.directed, p.row, p.number);
  core.park_numbers[{p.row, p.number}] = ref;
  core.park_keys[p.key] = ref;
  if (!exactly && !free_in(core, wish.row, wish.pattern, {})) tell_room(core, context, wish.row, true);
  return &p;
}

void free_number(Core& core, const Context& context, Parked& p) {
  park_changed(core, p);
  core.park_keys.erase(p.key);
  core.park_numbers.erase({p.row, p.number});
  if (!p.directed) tell_room(core, context, p.row, false);
  core.parks.erase(ParkRef(p.self));
}

}  // namespace carillon::call
