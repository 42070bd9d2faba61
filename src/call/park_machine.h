#pragma once
// The machine of a park number as a table, and its state as a value (park.h says what it is for).

#include <cstdint>
#include <string>

#include "call/leg.h"
#include "call/machine.h"
#include "config/snapshot.h"

namespace carillon::call {

namespace park {

enum class State : uint8_t {
  reserved,   // a caller has been given the number, and is expected to transfer somebody to it
  taking,     // somebody is transferred to it, and comes in as soon as nothing is open in their dialog
  parked,     // somebody waits there
  reverting,  // the same, and the phones of whoever parked them ring
  joining,    // whoever dialled the number, or answered, and the party are being joined
  over,
};

enum class Trigger : uint8_t {
  transferred,  // somebody is sent there
  quiet,        // nothing is open in the party's dialog
  due,          // the timer: of the reservation, of the next look, of the reversion
  too_long,     // the party has not been quiet for long enough, or has reverted often enough
  dialled,      // somebody dials the number
  answered,     // a phone that the call has reverted to
  failed,       // nobody answered there, or the join did not work
  joined,       // the party and whoever took them up hear each other
  left,         // the party hung up; or who had the number reserved
};

enum class Action : uint8_t { nothing, look, keep, refuse, revert, release, wait, join, join_instead, hand_over, free };

struct Row {
  State state;
  Trigger trigger;
  Action action;
  State next;
};

using enum State;
using enum Trigger;
using enum Action;

// A park number, from the moment that it is somebody's until it is free again (RFC 5359 §2.12 for the service).
constexpr Row kPark[] = {
    {reserved, transferred, look, taking},
    {reserved, due, release, over},  // nobody was transferred
    {reserved, left, free, over},
    {taking, due, look, taking},
    {taking, quiet, keep, parked},
    {taking, too_long, refuse, over},  // the transferor keeps them
    {taking, left, free, over},
    {parked, due, revert, reverting},
    {parked, too_long, release, over},
    {parked, dialled, join, joining},
    {parked, left, free, over},
    {reverting, failed, wait, parked},
    {reverting, dialled, join_instead, joining},  // the phones that ring are let go
    {reverting, answered, join, joining},
    {reverting, left, free, over},
    {joining, joined, hand_over, over},
    {joining, failed, wait, parked},
    {joining, left, free, over},
};
static_assert(is_sound(kPark, over));

}  // namespace park

struct Parked {
  ParkRef self;
  park::State state = park::State::reserved;
  config::EntityId row = 0;  // the Call Park or Directed Call Park
  std::string number;
  config::EntityId key = 0;  // for who watches it (park_lamp.h)
  bool directed = false;
  CallRef call;                 // its own: the party alone; while reserved, whoever has the number
  LegRef party;                 // who waits
  CallRef other;                // that of whoever takes the party up, or of the phones that ring
  config::EntityId parker = 0;  // line of whoever parked them
  Instant due = kNever;         // of the timer
  Instant limit = kNever;       // taking: when to give up
  Instant still_due = kNever;   // when the party is asked again to be still
  uint32_t still_tries = 0;     // how often it has refused that as not possible now
  uint32_t reversions = 0;
};

}  // namespace carillon::call
