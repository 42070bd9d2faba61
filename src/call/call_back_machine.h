#pragma once
// The machine of a call-back as a table, and its state as a value (call_back.h says what it is for).

#include <cstdint>

#include "call/call_back_note.h"
#include "call/leg.h"
#include "call/machine.h"

namespace carillon::call {

namespace call_back {

enum class State : uint8_t {
  ringing,  // the phone that asked for it
  calling,  // it has answered, and the target is being called
  joining,  // the target has answered
  over,
};

enum class Trigger : uint8_t {
  asker_answered,
  asker_failed,  // busy, silent, gone, or the call ends otherwise
  target_answered,
  target_failed,
  joined,
  not_joined,
  asker_left,  // hung up while the target was called
};

enum class Action : uint8_t { call_target, join, part, hang_up, give_up };

struct Row {
  State state;
  Trigger trigger;
  Action action;
  State next;
};

using enum State;
using enum Trigger;
using enum Action;

constexpr Row kCallBack[] = {
    {ringing, asker_answered, call_target, calling},
    {ringing, asker_failed, give_up, over},  // again later when the phone was busy
    {calling, target_answered, join, joining},
    {calling, target_failed, hang_up, over},  // on the asker; again when the target is free the next time
    {calling, asker_left, give_up, over},     // the target is let go
    {joining, joined, part, over},            // from the call that the asker was rung by
    {joining, not_joined, hang_up, over},
    {joining, target_failed, hang_up, over},
    {joining, asker_left, give_up, over},
};
static_assert(is_sound(kCallBack, over));

}  // namespace call_back

struct CallBack {
  CallBackRef self;
  call_back::State state = call_back::State::ringing;
  CallRef first, second;  // to the asker; to the target
  LegRef asker;
  CallBackNote note;
};

}  // namespace carillon::call
