#pragma once
// Where a hunt is: part of the call that hunts. A value; ids of the configuration, since it may change meanwhile.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "call/redirection.h"
#include "config/groups_view.h"
#include "state/cdr.h"

namespace carillon::call {

// What came of a member, or of a whole group that rang at once.
enum class Tried : uint8_t { no_answer, busy, not_available };

// What comes next.
enum class HuntMove : uint8_t { member, group, over };

// The rule of a line group (system.md 3.7): `more` says whether it has members that have not been tried.
constexpr HuntMove move_after(config::HuntStep step, bool more) {
  switch (step) {
    case config::HuntStep::next_member_then_next_group:
      return more ? HuntMove::member : HuntMove::group;
    case config::HuntStep::next_member_only:
      return more ? HuntMove::member : HuntMove::over;
    case config::HuntStep::skip_to_next_group:
      return HuntMove::group;
    case config::HuntStep::stop_hunting:
      return HuntMove::over;
  }
  return HuntMove::over;
}

struct Hunt {
  config::EntityId pilot = 0;
  size_t next_group = 0;                  // in the hunt list
  config::EntityId group = 0;             // at work
  std::vector<config::EntityId> members;  // of it, in the order of this hunt
  size_t next = 0;                        // of them
  HuntMove move = HuntMove::group;
  Instant until;                                 // maxHuntDuration
  bool has_rung = false, met_busy = false;       // somebody, so far
  bool all_at_once = false;                      // the group at work is a broadcast
  bool shows_member = false;                     // displayConnectedNumber
  bool keeps_deadline = false;                   // the caller's own Expires is shorter than t301, and goes on counting
  bool calling = false;                          // members are being called: what fails at once waits in `failed`
  std::optional<Failure> failed;                 //
  Failure best;                                  // what the caller is told when nobody was busy and nobody rang
  state::Redirect original_before, last_before;  // of the call's record, without the hunt
};

}  // namespace carillon::call
