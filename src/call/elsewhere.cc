#include "call/elsewhere.h"

#include "call/identity.h"
#include "call/park_place.h"
#include "call/pickup.h"
#include "call/route.h"

namespace carillon::call {

Belongs shard_of_dialled(Core& core, const Context& context, const sip::Event& invite, const registrar::Identity& who) {
  const auto uri = sip::Uri::parse(invite.message->request_uri());
  if (!uri) return {};
  const std::string digits = number_of(*uri);
  const config::Snapshot& s = *context.snapshot;
  const Reach reach = reach_of(who.line, who.phone);
  const auto d = dialplan::route(s, reach.first, reach.second, digits);
  if (d.kind == dialplan::Decision::Kind::line || d.kind == dialplan::Decision::Kind::unknown) return {};
  if (const auto wish = read_pickup(s, d, who)) {
    const auto found = shard_of_pickup(core, context, *wish, who.phone == nullptr ? 0 : who.phone->id);
    return {.shard = found, .unsure = !found && wish->status == 0};
  }
  const auto wish = read_park(core, context, d, reach, digits, false);
  const bool nowhere = !wish || wish->kind == ParkWish::Kind::nowhere;
  if (nowhere) return {};
  return {.shard = shard_of_park(context, *wish)};
}

}  // namespace carillon::call
