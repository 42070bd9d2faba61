#pragma once
// The machine of a transfer as a table, and its state as a value (transfer.h says what it is for).

#include <cstdint>
#include <string>

#include "call/engine.h"
#include "call/leg.h"
#include "call/machine.h"

namespace carillon::call {

namespace transfer {

enum class State : uint8_t {
  dialling,  // the target is called; transferor and transferee are as they were
  adopted,   // the same, but the transferor has hung up: the transferee waits in the new call
  joining,   // the target is there: the two parties are being joined
  writing,   // they hear each other; the records of the new pair and of the old ones are being written
  showing,   // the transferee waits at a park number, and the transferor is shown which
  telling,   // it is decided; the last NOTIFY is on its way
  over,
};

enum class Trigger : uint8_t {
  rang,             // a phone of the target rings
  answered,         // the target is there
  failed,           // nobody took the call, or the join was not possible
  written,          // the store has it: it survives a kill now
  joined,           // transferee and target hear each other
  parked,           // the transferee waits at a park number
  shown,            // the transferor has had time to read which
  transferor_left,  // hung up
  transferee_left,
  told,  // the last NOTIFY was answered, or there is none to send
};

enum class Action : uint8_t {
  nothing,
  tell_ringing,
  join,
  adopt,
  cancel,
  tell_failure,
  write,
  show_where,
  tell_success,
  part,
};

struct Row {
  State state;
  Trigger trigger;
  Action action;
  State next;
};

using enum State;
using enum Trigger;
using enum Action;

// A transfer, blind or attended (RFC 5589 §6, §7): from the REFER that was accepted to the end of the transferor's
// dialogs.
constexpr Row kTransfer[] = {
    {dialling, rang, tell_ringing, dialling},
    {dialling, answered, join, joining},
    {dialling, failed, tell_failure, telling},  // the transferor still has the transferee, and may retrieve them
    {dialling, transferor_left, adopt, adopted},
    {dialling, transferee_left, cancel, telling},
    {dialling, parked, show_where, showing},
    {adopted, rang, tell_ringing, adopted},
    {adopted, answered, join, joining},
    {adopted, failed, tell_failure, telling},  // nobody to give the transferee back to: BYE
    {adopted, transferee_left, cancel, telling},
    {adopted, parked, write, writing},
    {joining, joined, write, writing},  // nobody is hung up before that: a kill would leave the other half
    {writing, written, tell_success, telling},
    {joining, failed, tell_failure, telling},  // each goes back to the transferor's call that they came from
    {showing, shown, write, writing},
    {showing, transferor_left, write, writing},
    {telling, told, part, over},  // BYE to the transferor, if it worked
};
static_assert(is_sound(kTransfer, over));

}  // namespace transfer

// The implicit subscription of a REFER (RFC 3515 §2.4.4): NOTIFYs with a sipfrag, in the transferor's dialog.
struct ReferNotify {
  bool wanted = false;   // there is somebody to tell; false with norefersub (RFC 4488)
  bool held = false;     // not before the 202
  bool with_id = false;  // Event: refer;id=… (RFC 3515 §2.4.6)
  uint32_t id = 0;       // CSeq of the REFER
  Instant expires = kNever;
  int status = 100;   // what there is to tell
  int told = 0;       // what was told last
  bool last = false;  // `status` is the outcome
  bool last_told = false;
  bool unsubscribed = false;  // by SUBSCRIBE with Expires: 0: the next NOTIFY is the last
  ExchangeRef under_way;
};

struct Transfer {
  TransferRef self;
  transfer::State state = transfer::State::dialling;
  LegRef transferor;  // whose REFER it was, in call `held`
  LegRef transferee;  // who is transferred
  LegRef consult;     // attended: the transferor's leg to the target, in call `consulted`
  LegRef target;      // attended: who is there
  CallRef held, consulted;
  CallRef written_with;  // the call whose record is waited for
  CallRef call;          // the new one, of transferee and target
  bool worked = false;
  state::OnBehalfOf parked = state::OnBehalfOf::nobody;  // the transferee was sent to a park number
  Instant shown_due = kNever;                            // the next try to show it, or the end of showing
  uint16_t show_tries = 0;
  bool shown = false;
  bool left = false;     // the transferor has hung up by itself
  int failure = 0;       // the target's own final answer, when it is worth telling as it is
  std::string by;        // URI of the transferor, ours: Referred-By (RFC 3892)
  std::string replaces;  // value of a Replaces that the target's phone has to understand, not we
  ReferNotify refer;
};

}  // namespace carillon::call
