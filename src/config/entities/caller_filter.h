#pragma once
// Caller Filter: who gets through to the lines that name it (Line::caller_filter), by the number of whoever calls. In
// CUCM the same is made of translation patterns that route by the calling party's number and block it, one for each
// number; here it is the list that is meant by them.

#include "config/describe.h"
#include "config/entities/calling_search_space.h"

namespace carillon::config {

template <>
inline constexpr std::array<View, 2> words<FilterMode>{"block", "allow"};
template <>
inline constexpr std::array<View, 3> words<FilterAction>{"reject", "busy", "forward"};

struct CallerFilter {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  FilterMode mode = FilterMode::block;
  std::vector<std::string> numbers;
  FilterAction action = FilterAction::reject;
  std::string forward_to;
  Ref<CallingSearchSpace> forward_calling_search_space;
};

template <>
inline constexpr auto schema<CallerFilter> = describe<CallerFilter>(
    Facts{"CallerFilter", "Caller Filter", "caller-filter", "caller-filters", "name"},
    field<&CallerFilter::name>("name", "Name of the filter",
                               {.required = true, .max_length = 50, .charset = Charset::name}),
    field<&CallerFilter::description>("description", "What it is for"),
    field<&CallerFilter::mode>("mode", "block: callers of these numbers do not get through; allow: nobody else does"),
    field<&CallerFilter::numbers>("numbers",
                                  "Numbers of callers: X is any digit, ! at the end whatever follows; at most 200",
                                  {.max_length = 32, .charset = Charset::callers}),
    field<&CallerFilter::action>(
        "action",
        "What becomes of a call that does not get through: reject (403), busy (486), or forward to forwardTo"),
    field<&CallerFilter::forward_to>("forwardTo", "Number that such calls go to",
                                     {.max_length = 32, .charset = Charset::number}),
    field<&CallerFilter::forward_calling_search_space>("forwardCallingSearchSpace",
                                                       "Where forwardTo is looked up; where the line's calls are when "
                                                       "left out"));

}  // namespace carillon::config
