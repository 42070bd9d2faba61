#include "call/park_lamp.h"

namespace carillon::call {

namespace {

bool waits(const Parked& p) {
  return p.state == park::State::parked || p.state == park::State::reverting || p.state == park::State::joining;
}

}  // namespace

config::EntityId key_of_park(bool directed, config::EntityId row, std::string_view digits) {
  const auto hash = hash_bytes(digits, static_cast<uint64_t>(row) << 1 | (directed ? 1 : 0));
  return -1 - static_cast<config::EntityId>(hash >> 2);
}

config::EntityId key_of_park(const config::NumberView& row, std::string_view digits) {
  return key_of_park(row.kind == config::NumberView::Kind::directed_park, row.id, digits);
}

// Neither Call-ID nor tags of the party's dialog: nobody can replace what waits there, it is taken up by its number.
std::vector<LineLeg> legs_of_park(Core& core, config::EntityId key) {
  const auto at = core.park_keys.find(key);
  const Parked* p = at == core.park_keys.end() ? nullptr : core.parks.find(at->second);
  const Call* own = p == nullptr || !waits(*p) ? nullptr : core.calls.find(p->call);
  const Leg* party = own == nullptr ? nullptr : core.legs.find(p->party);
  if (party == nullptr) return {};
  LineLeg v;
  v.id = party->dialog.local_tag;
  v.phone = party->phone;
  v.state = LineLeg::State::confirmed;
  if (!hides_number(own->calling.hides)) v.number = own->calling.number;
  if (!hides_name(own->calling.hides)) v.name = own->calling.name;
  return {v};
}

void park_changed(Core& core, const Parked& p) {
  if (core.lines.watches(p.key)) core.lines.changed(p.key);
}

}  // namespace carillon::call
