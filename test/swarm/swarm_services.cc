// What phones dial to have something done: pickup, park, feature codes.

#include "swarm_impl.h"

namespace carillon::swarm {

using sim::Phone;
using sim::PhoneCall;

// Few park numbers, so that phones meet there, and short times, so that reversion and the end of a waiting call-back
// come within the world.
void Swarm::arrange_services() {
  sim::Directory& d = s_.directory;
  d.pickup_group("sales", "8600", {"desk"});
  d.pickup_group("desk", "8601", {});
  d.park("800X");
  d.park("8100");
  d.directed_park("880X", "*6", chance(0.3) ? any_callee() : "");
  d.parameters.park_reversion = s_.world.between(seconds(5), seconds(40));
  d.parameters.call_back_duration = s_.world.between(seconds(20), seconds(60));
  if (chance(0.2)) s_.office.takes = seconds(2);
  if (chance(0.05)) s_.office.silent = true;
  if (chance(0.05)) s_.office.fault = "The database is read-only";
  for (auto& [name, phone] : s_.phones) {
    if (chance(0.4)) phone->manners().auto_answers = chance(0.5) ? "Answer-Mode: Auto" : "answer-after";
  }
}

void Swarm::service_deed() {
  Phone& phone = any();
  PhoneCall* call = talk_of(phone);
  switch (dice(12)) {
    case 0:
    case 1:
      if (call != nullptr) refer(phone, *call, park_number(), "");
      break;
    case 2:  // a consultation that is given a number
      if (call == nullptr) break;
      if (chance(0.5)) {
        consult(phone, *call);
      } else {
        transfer_backwards(phone, *call);
      }
      break;
    case 3:
    case 4:
      dial(phone, retrieval());
      break;
    case 5:
    case 6:
      dial(phone, pickup());
      break;
    case 7:
      dial(phone, setting());
      break;
    case 8:
      dial(phone, chance(0.5) ? "*37" + any_callee() : "*37");
      break;
    case 9:
      dial(phone, chance(0.3) ? "*38" : "*37" + any_number());
      break;
    default:
      dial(phone, calling_code());
  }
}

// The REFER goes to the other party of the two: in the consultation, and names the call that is held.
void Swarm::transfer_backwards(Phone& phone, PhoneCall& call) {
  for (PhoneCall& other : phone.calls()) {
    const bool talks = other.state == PhoneCall::State::up && !other.invite_out && !other.offer_out;
    if (&other == &call || !talks || other.incoming) continue;
    return refer(phone, other, call.number, Phone::replaces_of(call));
  }
  dial(phone, park_number());
}

void Swarm::dial(Phone& phone, const std::string& number) {
  if (phone.live_calls() < 3) phone.dial(number, one_of(phone.options().lines));
}

// Where somebody is parked, or may be.
std::string Swarm::park_number() {
  static const std::vector<std::string> kPlaces = {"8000", "8001", "8100", "8801", "*70"};
  return one_of(kPlaces);
}

// Mostly of somebody who waits.
std::string Swarm::retrieval() {
  std::vector<std::string> places;
  for (size_t i = 0; i < s_.server->shards(); i++) {
    s_.server->shard(i).calls().for_each([&](const call::CallInfo& c) {
      if (c.state == "parked") places.push_back(c.called_number);
    });
  }
  if (places.empty() || chance(0.2)) places.push_back(park_number());
  const std::string& place = one_of(places);
  if (place.starts_with("88")) return (chance(0.2) ? "*71" : "") + ("*6" + place);
  return (chance(0.3) ? "*71" : "") + place;
}

// Mostly of a phone that rings.
std::string Swarm::pickup() {
  static const std::vector<std::string> kNumbers = {"8600", "8601", "*8", "*88601"};
  if (chance(0.6)) return one_of(kNumbers);
  for (auto& [name, phone] : s_.phones) {
    if (phone->incoming() != nullptr && chance(0.7)) return "**" + phone->options().lines[0];
  }
  return "**" + any_number();
}

std::string Swarm::setting() {
  static const std::vector<std::string> kSet = {"*72", "*90", "*92"};
  static const std::vector<std::string> kOther = {"*73", "*73", "*91", "*93", "*78", "*79", "*79", "*44", "*45"};
  return chance(0.3) ? one_of(kSet) + any_callee() : one_of(kOther);
}

std::string Swarm::calling_code() {
  switch (dice(4)) {
    case 0:
      return "*66";
    case 1:
      return "*69";
    case 2:
      return "*40" + any_number();
    default:
      return "*67" + any_callee();
  }
}

}  // namespace carillon::swarm
