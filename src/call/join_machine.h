#pragma once
// The machine of a join as a table, and its state as a value (join.h says what it is for).

#include <cstdint>
#include <string>

#include "call/leg.h"
#include "call/machine.h"

namespace carillon::call {

namespace join {

enum class State : uint8_t {
  waiting,   // for both legs to be quiet, or for the time after a 491
  asking,    // the giver has a re-INVITE without a description
  offering,  // the taker has the giver's offer; the giver waits for its answer
  glared,    // the taker could not take it now (491): the time before the next attempt runs
  over,
};

enum class Trigger : uint8_t {
  quiet,          // nothing is open on either leg, and nobody has offered
  quiet_offered,  // the same, and the giver's offer is there already
  timer,          // the time is over
  too_long,       // it has been waited, or tried, for long enough
  offered,        // a 2xx with the giver's offer
  answered,       // the taker's answer
  pending,        // 491
  refused,        // another final answer, or one without the description that was due
  left,           // one of the two is gone: BYE, silence, 481, or the call ends
};

enum class Action : uint8_t { nothing, ask, show_offer, wait, ask_other, answer_giver, give_up };

struct Row {
  State state;
  Trigger trigger;
  Action action;
  State next;
};

using enum State;
using enum Trigger;
using enum Action;

// Two legs come to hear each other: RFC 3725 §4.4 (flow IV) for two that talk already, §4.1 (flow I) where one of them
// has just answered an INVITE without offer; RFC 3261 §14.1 for glare.
constexpr Row kJoin[] = {
    {waiting, quiet, ask, asking},
    {waiting, quiet_offered, show_offer, offering},
    {waiting, timer, wait, waiting},
    {waiting, too_long, give_up, over},
    {waiting, left, give_up, over},
    {asking, offered, show_offer, offering},
    {asking, pending, wait, waiting},
    {asking, refused, ask_other, waiting},  // once; then it is given up
    {asking, too_long, give_up, over},
    {asking, left, give_up, over},
    {offering, answered, answer_giver, over},
    {offering, pending, wait, glared},
    {offering, refused, give_up, over},
    {offering, too_long, give_up, over},
    {offering, left, give_up, over},
    {glared, timer, show_offer, offering},
    {glared, too_long, give_up, over},
    {glared, left, give_up, over},
};
static_assert(is_sound(kJoin, over));

}  // namespace join

struct Turn;

struct JoinEnd {
  bool joined = false;
  int status = 0;            // else: the SIP answer that speaks for it
  const Leg* who = nullptr;  // one of the two is gone: this one
  bool ending = false;       // and the join's call ends for it
};
// Told once, when it is over; `t` is that of the join's call. May end the call; must not erase it.
using JoinOver = void (*)(Turn& t, const JoinEnd& end);

// A leg on its way to another call, and back.
struct Mover {
  LegRef leg;
  CallRef home;         // where it was
  bool called = false;  // the side that it had there
  bool moved = false;
  sdp::LineMap lines;  // as they were
};

struct Join {
  JoinRef self;
  join::State state = join::State::waiting;
  CallRef call;
  Mover giver, taker;
  bool giver_calls = false;  // the giver is the calling side of the joined call
  bool swapped = false;      // the two have changed their roles: the first giver would not offer
  std::string offer;         // the giver's
  ExchangeRef exchange;      // our re-INVITE that is under way
  Instant due = kNever;      // of the timer
  Instant limit;             // when to give up
  uint16_t tries = 0;
  JoinOver over = nullptr;
};

}  // namespace carillon::call
