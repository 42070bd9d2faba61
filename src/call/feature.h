#pragma once
// The shape of a feature (docs/ARCHITECTURE.md, section 6.1). A feature is one object in one file of features/, with
// one line in features.cc. Its handlers are asked in the order of that list until one takes the event; a null handler
// passes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "call/core.h"
#include "dialplan/route.h"

namespace carillon::call {

enum class Verdict : uint8_t { pass, taken };

// A call arrives, before routing.
struct NewCall {
  const sip::Event& event;
  const registrar::Identity& caller;
  std::string_view dialled;  // the user part, decoded
};

// One phone's one way of being reached.
struct Target {
  const registrar::Binding* binding = nullptr;
  const config::PhoneView* phone = nullptr;
  const config::AppearanceView* appearance = nullptr;
};

// Routed: what is going to ring. Handlers replace, reorder and drop.
struct Targets {
  const config::LineView* line = nullptr;
  std::vector<Target>& list;  // the engine's buffer
  // When the list ends up empty: what the caller is told.
  int status = 480;
  int cause = 20;
  Duration ring_for{};   // how long they ring before on_exhausted is asked; zero: until t301
  bool forwards = true;  // the line's own forwards apply: not for members of a hunt
};

struct Hop;  // route.h

struct LegEvent {
  enum class Kind : uint8_t {
    ringing,   // 180, or 183 with or without a description
    answered,  // the first 2xx
    failed,    // a final answer other than 2xx, or none; `status` says which
    expired,   // the leg's deadline has come
  };
  Kind kind = Kind::ringing;
  int status = 0;
  const sip::Message* message = nullptr;  // null for silence
};
std::string_view to_string(LegEvent::Kind k);

struct Feature {
  std::string_view name;
  Verdict (*on_invite)(Turn&, const NewCall&) = nullptr;
  // A number, dialled or sent on to, and what the dial plan says of it, before it is taken for a line.
  Verdict (*on_number)(Turn&, const Hop&, const dialplan::Decision&) = nullptr;
  Verdict (*on_targets)(Turn&, Targets&) = nullptr;
  // Nobody takes the call, or (no_answer) nobody has in time: another way, before the caller is refused.
  Verdict (*on_exhausted)(Turn&, const Failure&) = nullptr;
  // May whoever sends this INVITE take the place of that leg (RFC 3891 §3)? Taken: yes.
  Verdict (*may_replace)(Turn&, const registrar::Identity&, const Leg& replaced) = nullptr;
  void (*on_dial)(Turn&, Leg&, std::string& headers) = nullptr;  // an INVITE to a phone is written: lines of its own
  Verdict (*on_leg)(Turn&, Leg&, const LegEvent&) = nullptr;
  Verdict (*on_request)(Turn&, Leg&, const sip::Event&) = nullptr;          // inside a dialog, in order and allowed
  Verdict (*on_result)(Turn&, Leg&, Exchange&, const LegEvent&) = nullptr;  // a final answer to a request of ours
};

// Ask the list.
Verdict ask_invite(Turn& t, const NewCall& n);
Verdict ask_number(Turn& t, const Hop& hop, const dialplan::Decision& found);
Verdict ask_targets(Turn& t, Targets& targets);
void ask_dial(Turn& t, Leg& leg, std::string& headers);
Verdict ask_exhausted(Turn& t, const Failure& f);
bool ask_may_replace(Turn& t, const registrar::Identity& who, const Leg& replaced);
Verdict ask_leg(Turn& t, Leg& leg, const LegEvent& e);
Verdict ask_request(Turn& t, Leg& leg, const sip::Event& e);
Verdict ask_result(Turn& t, Leg& leg, Exchange& x, const LegEvent& e);

}  // namespace carillon::call
