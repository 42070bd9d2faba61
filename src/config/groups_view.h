#pragma once
// Hunt groups, pickup groups, call park and feature codes as call threads see them. Immutable, parts of the Snapshot.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace carillon::config {

using View = std::string_view;
using EntityId = int64_t;

// In which order the members of a line group ring.
enum class Distribution : uint8_t { top_down, circular, longest_idle_time, broadcast };

// What comes after a member that did not take the call.
enum class HuntStep : uint8_t {
  next_member_then_next_group,
  next_member_only,
  skip_to_next_group,
  stop_hunting,
};

enum class AutoAnswer : uint8_t { off, headset, speakerphone };

// What a feature code does.
enum class CodeFunction : uint8_t {
  forward_all_set,
  forward_all_clear,
  forward_busy_set,
  forward_busy_clear,
  forward_no_answer_set,
  forward_no_answer_clear,
  do_not_disturb_on,
  do_not_disturb_off,
  group_pickup,
  directed_pickup,
  park,
  park_retrieve,
  hunt_login,
  hunt_logout,
  call_back,
  call_back_cancel,
  last_call_return,
  redial,
  intercom,
  withhold_identity,
};

// Do digits follow the code?
enum class CodeArgument : uint8_t { none, optional, required };
CodeArgument argument_of(CodeFunction f);

struct LineGroupView {
  EntityId id = 0;
  std::string name;
  std::vector<EntityId> members;  // lines, in order
  Distribution distribution = Distribution::longest_idle_time;
  Duration ring = seconds(10);  // rnaReversionTimeOut
  HuntStep no_answer = HuntStep::next_member_then_next_group;
  HuntStep busy = HuntStep::next_member_then_next_group;
  HuntStep not_available = HuntStep::next_member_then_next_group;
  bool auto_log_off = false;
};

struct HuntListView {
  EntityId id = 0;
  std::string name;
  bool enabled = true;
  std::vector<EntityId> groups;  // in order
};

struct HuntPilotView {
  EntityId id = 0;
  std::string number;
  EntityId partition = 0;
  std::string description, alerting_name;
  EntityId list = 0;
  std::string forward_no_answer, forward_busy;  // "": none
  EntityId forward_search_space = 0;
  Duration max_duration = seconds(1800);
  bool display_connected = false;  // the caller sees the member's number after the answer, not the pilot's
};

struct PickupGroupView {
  EntityId id = 0;
  std::string name;
  std::string number;
  EntityId partition = 0;
  std::vector<EntityId> others;  // groups from which its members may pick up besides their own, in order
};

// A number, or a range whose last digits are X.
struct CallParkView {
  EntityId id = 0;
  std::string number;
  EntityId partition = 0;
};

struct DirectedParkView {
  EntityId id = 0;
  std::string number;
  EntityId partition = 0;
  std::string retrieval_prefix;
  std::string reversion_number;  // "": the parker's
  EntityId reversion_search_space = 0;
};

struct FeatureCodeView {
  EntityId id = 0;
  std::string code;
  CodeFunction function = CodeFunction::redial;
};

// What a number other than a line's leads to.
struct NumberView {
  enum class Kind : uint8_t { hunt_pilot, pickup_group, park, directed_park, directed_retrieval } kind = Kind::park;
  std::string number;  // X in a range
  EntityId partition = 0;
  EntityId id = 0;  // of the row
};
std::string_view to_string(NumberView::Kind k);

// Does `digits` lie in `pattern`, where X is any digit?
bool lies_in(View digits, View pattern);
// Is there a number that lies in both?
bool overlap(View a, View b);
inline bool is_range(View number) { return !number.empty() && number.back() == 'X'; }

}  // namespace carillon::config
