#pragma once
// Hunt Pilot: the number that is called to reach the members of a hunt list.

#include "config/describe.h"
#include "config/entities/calling_search_space.h"
#include "config/entities/hunt_list.h"
#include "config/entities/partition.h"

namespace carillon::config {

struct HuntPilot {
  EntityId id = 0;
  int64_t revision = 0;
  std::string number;
  Ref<Partition> partition;
  std::string description;
  std::string alerting_name;
  Ref<HuntList> hunt_list;
  std::string forward_hunt_no_answer;
  std::string forward_hunt_busy;
  Ref<CallingSearchSpace> forward_calling_search_space;
  int64_t max_hunt_duration = 1800;
  bool display_connected_number = false;
};

template <>
inline constexpr auto schema<HuntPilot> = describe<HuntPilot>(
    Facts{"HuntPilot", "Hunt Pilot", "hunt-pilot", "hunt-pilots", "number"},
    field<&HuntPilot::number>("number", "Number to call: digits, * and #, with an optional + in front",
                              {.required = true, .max_length = 32, .charset = Charset::number}),
    field<&HuntPilot::partition>("partition", "Partition that the number lives in; the default one when left out"),
    field<&HuntPilot::description>("description", "What or whom the number is for"),
    field<&HuntPilot::alerting_name>("alertingName", "Name shown to the caller", {.max_length = 50}),
    field<&HuntPilot::hunt_list>("huntList", "Hunt list whose members ring", {.required = true}),
    field<&HuntPilot::forward_hunt_no_answer>("forwardHuntNoAnswer", "Number for calls that no member answered",
                                              {.max_length = 32, .charset = Charset::number}),
    field<&HuntPilot::forward_hunt_busy>("forwardHuntBusy",
                                         "Number for calls when every member is busy or not available",
                                         {.max_length = 32, .charset = Charset::number}),
    field<&HuntPilot::forward_calling_search_space>("forwardCallingSearchSpace",
                                                    "What the two forwards reach; every partition when left out"),
    field<&HuntPilot::max_hunt_duration>("maxHuntDuration",
                                         "Longest time of a hunt before the call is forwarded or ended, in seconds",
                                         {.min = 1, .max = 3600}),
    field<&HuntPilot::display_connected_number>(
        "displayConnectedNumber", "The caller sees the number of the member who answered, not the pilot's"));

}  // namespace carillon::config
