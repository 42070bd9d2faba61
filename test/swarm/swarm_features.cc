// Forwards, hunts, transfers, calls taken over.

#include <array>
#include <utility>

#include "swarm_impl.h"

namespace carillon::swarm {

using sim::Direction;
using sim::Phone;
using sim::PhoneCall;

const std::string& Swarm::any_callee() {
  if (pilots_.empty() || !chance(0.2)) return any_number();
  return one_of(pilots_);
}

// Who turns whom away. Nothing is drawn here: seeds keep their worlds.
void Swarm::set_filters() {
  const auto filter = [this](const char* name, config::FilterMode mode, std::vector<std::string> numbers,
                             config::FilterAction action) {
    config::CallerFilterView row;
    row.mode = mode, row.numbers = std::move(numbers), row.action = action;
    if (action == config::FilterAction::forward) row.forward_to = numbers_.front();
    s_.directory.caller_filter(name, std::move(row));
  };
  filter("nuisances", config::FilterMode::block, {"1003", "20X1"}, config::FilterAction::reject);
  filter("friends", config::FilterMode::allow, {"100!"}, config::FilterAction::busy);
  filter("elsewhere", config::FilterMode::block, {"1002", "1004"}, config::FilterAction::forward);
}

// What lines and phones have set: forwards that may lead in circles, do not disturb, callers that are turned away.
void Swarm::arrange() {
  if (draws_ == Draws::services) set_filters();
  for (const std::string& number : numbers_) {
    if (chance(0.4)) set_line(number);
  }
  for (auto& [name, phone] : s_.phones) {
    sim::Manners& m = phone->manners();
    if (chance(0.08)) m.refuses = 302, m.moved_to = any_callee();
    if (chance(0.1)) m.invite_headers = "Privacy: id\r\n";
    if (chance(0.1)) m.refuses_reinvites = chance(0.5) ? 488 : 491;
  }
  for (const char* pilot : {"5000", "5001"}) {
    if (chance(0.5)) pilots_.push_back(pilot), set_pilot(pilot);
  }
}

void Swarm::set_pilot(const std::string& number) {
  sim::HuntGroupEntry group;
  const uint32_t most = 1 + dice(6);
  for (const std::string& member : numbers_) {
    if (group.members.size() < most && chance(0.5)) group.members.push_back(member);
  }
  config::LineGroupView& rules = group.rules;
  rules.distribution = static_cast<config::Distribution>(dice(4));
  rules.ring = s_.world.between(milliseconds(300), seconds(5));
  const auto step = [this] { return static_cast<config::HuntStep>(dice(4) * dice(2)); };
  rules.no_answer = step(), rules.busy = step(), rules.not_available = step();
  rules.auto_log_off = chance(0.2);
  s_.directory.hunt_group(number, group);
  s_.directory.hunt_list(number, {number, "5000"}, chance(0.9));
  config::HuntPilotView pilot;
  pilot.number = number;
  if (chance(0.5)) pilot.forward_no_answer = any_callee();
  if (chance(0.5)) pilot.forward_busy = any_callee();
  pilot.max_duration = s_.world.between(seconds(2), seconds(30));
  pilot.display_connected = chance(0.5);
  s_.directory.hunt_pilot(number, std::move(pilot));
}

void Swarm::set_line(const std::string& number) {
  sim::LineEntry e;
  const auto somebody = [this] { return chance(0.1) ? std::string("9999") : any_callee(); };
  const auto set = [&](config::ForwardView& f) { f.internal = f.external = somebody(); };
  if (chance(0.15)) set(e.forwards.all);
  if (chance(0.5)) set(e.forwards.busy);
  if (chance(0.5)) set(e.forwards.no_answer);
  if (chance(0.5)) set(e.forwards.unregistered);
  e.forwards.no_answer_duration = s_.world.between(milliseconds(300), seconds(6));
  e.do_not_disturb = chance(0.1), e.reject_anonymous = chance(0.2);
  if (draws_ == Draws::services && chance(0.6)) e.pickup_group = chance(0.5) ? "sales" : "desk";
  constexpr std::array<const char*, 3> kFilters{"nuisances", "friends", "elsewhere"};
  const auto which = static_cast<size_t>(e.forwards.no_answer_duration.us % 10);
  if (draws_ == Draws::services && which < kFilters.size()) e.caller_filter = kFilters[which];
  s_.directory.line(number, e);
}

// A call of the phone that is up and has nothing open, or null.
PhoneCall* Swarm::talk_of(Phone& phone) {
  for (PhoneCall& c : phone.calls()) {
    if (c.state == PhoneCall::State::up && !c.invite_out && !c.offer_out) return &c;
  }
  return nullptr;
}

void Swarm::feature_deed() {
  Phone& phone = any();
  PhoneCall* call = talk_of(phone);
  switch (dice(8)) {
    case 0:
    case 1:  // blind
      if (call != nullptr) refer(phone, *call, any_callee(), "");
      break;
    case 2:
    case 3:  // a consultation call, and attended when there is one, answered or not
      if (call != nullptr) consult(phone, *call);
      break;
    case 4:
      replace();
      break;
    case 5:
      if (pilots_.empty() || chance(0.7)) {
        set_line(any_number());
      } else {
        set_pilot(one_of(pilots_));
      }
      s_.configure();
      break;
    case 6:
      if (call != nullptr && !call->refers.empty()) phone.subscribe_refer(*call, dice(3) * 30);
      break;
    default:
      if (phone.live_calls() < 3) phone.dial(chance(0.1) ? std::string(chance(0.5) ? "*44" : "*45") : any_callee());
  }
}

void Swarm::refer(Phone& phone, PhoneCall& call, const std::string& number, const std::string& replaces) {
  phone.refer(call, phone.refer_to(number, replaces, chance(0.2) ? "required" : ""),
              chance(0.2) ? "Refer-Sub: false\r\nSupported: norefersub\r\n" : "");
}

void Swarm::consult(Phone& phone, PhoneCall& call) {
  for (PhoneCall& other : phone.calls()) {
    if (&other == &call || !other.live() || other.incoming || other.remote_tag.empty()) continue;
    return refer(phone, call, other.number, Phone::replaces_of(other));
  }
  if (phone.live_calls() >= 3) return;
  phone.offer(call, Direction::sendonly, false, false, true);
  phone.dial(any_callee());
}

// Somebody takes over a call, mostly one that is not theirs to take.
void Swarm::replace() {
  Phone& phone = any();
  Phone& victim = any();
  const PhoneCall* call = victim.current();
  if (call == nullptr || call->remote_tag.empty() || &phone == &victim || phone.live_calls() > 2) return;
  phone.take_over(victim.options().lines[0], Phone::replaces_of(*call) + (chance(0.3) ? ";early-only" : ""));
}

}  // namespace carillon::swarm
