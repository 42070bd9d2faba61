#pragma once
// Why a call goes on to another number, and what is kept of it (RFC 5806 §4 for the reasons, RFC 4458 §2 for the
// causes).

#include <cstdint>
#include <string>
#include <string_view>

#include "call/party.h"
#include "config/snapshot.h"

namespace carillon::call {

enum class Why : uint8_t {
  dialled,         // not redirected: the number that the caller asked for
  unconditional,   // forward all
  user_busy,       // forward busy
  no_answer,       // forward no answer
  unavailable,     // forward unregistered
  deflection,      // the phone said so (3xx)
  do_not_disturb,  // as the phone's 3xx may give its reason
  time_of_day,
  follow_me,
  away,
  out_of_service,
  not_retrieved,  // a parked call that nobody has taken up
  unknown,
};
// The word in a Diversion header.
std::string_view to_string(Why w);
// The cause parameter of the new target's URI in History-Info.
int cause_of(Why w);

// Where a number is looked up: in the first search space, then in the second. 0 is none; both 0: every partition.
struct Reach {
  config::EntityId first = 0, second = 0;
};

// Who passed the call on.
struct Redirection {
  Party from;
  config::EntityId line = 0;  // 0: no line, such as a pilot
  Why why = Why::unknown;
  int status = 0;  // the SIP answer that led to it, 0 for none
};

// What there was in place of an answer.
enum class Lack : uint8_t {
  failed,     // refused for another reason than those below
  busy,       // all appearances full, or the phone said so
  no_answer,  // it rang, and nobody came
  absent,     // nothing registered, or what is registered cannot be reached
};

// Why no phone took the call: the best of what they said (RFC 3261 §16.7 item 6).
struct Failure {
  int status = 0;  // 0: none yet
  int cause = 0;   // Q.850
  Lack lack = Lack::failed;
  bool of_phone = false;  // a phone has been called; else we know without asking
  int said = 0;           // what the phone answered, before it was turned into `status`; 0: nothing
};

}  // namespace carillon::call
