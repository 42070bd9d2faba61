#pragma once
// Line: a directory number in a partition. On several phones it is a shared line.

#include "config/describe.h"
#include "config/entities/call_pickup_group.h"
#include "config/entities/calling_search_space.h"
#include "config/entities/partition.h"

namespace carillon::config {

template <>
inline constexpr std::array<View, 3> words<AutoAnswer>{"off", "headset", "speakerphone"};

struct Line {
  EntityId id = 0;
  int64_t revision = 0;
  std::string number;
  Ref<Partition> partition;
  std::string description;
  std::string alerting_name;
  Ref<CallingSearchSpace> calling_search_space;
  Ref<CallPickupGroup> call_pickup_group;
  AutoAnswer auto_answer = AutoAnswer::off;
};

template <>
inline constexpr auto schema<Line> = describe<Line>(
    Facts{"Line", "Line", "line", "lines", "number"},
    field<&Line::number>("number", "Directory number: digits, * and #, with an optional + in front",
                         {.required = true, .max_length = 32, .charset = Charset::number}),
    field<&Line::partition>("partition", "Partition that the number lives in; the default one when left out"),
    field<&Line::description>("description", "What or whom the number is for"),
    field<&Line::alerting_name>("alertingName", "Name shown to the caller while the line rings", {.max_length = 50}),
    field<&Line::calling_search_space>("callingSearchSpace",
                                       "What calls from this line reach; the phone's when left out"),
    field<&Line::call_pickup_group>("callPickupGroup", "Call pickup group that the line belongs to"),
    field<&Line::auto_answer>("autoAnswer", "Phones are asked to answer calls to the line by themselves"));

}  // namespace carillon::config
