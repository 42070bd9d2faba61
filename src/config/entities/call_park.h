#pragma once
// Call Park: numbers at which calls can be left and taken up again. Directed Call Park: the same, where whoever parks
// chooses the number.

#include "config/describe.h"
#include "config/entities/calling_search_space.h"
#include "config/entities/partition.h"

namespace carillon::config {

constexpr size_t kRangeDigits = 3;  // Xs in a range: at most 1000 numbers

struct CallPark {
  EntityId id = 0;
  int64_t revision = 0;
  std::string number;
  Ref<Partition> partition;
  std::string description;
};

struct DirectedCallPark {
  EntityId id = 0;
  int64_t revision = 0;
  std::string number;
  Ref<Partition> partition;
  std::string description;
  std::string retrieval_prefix;
  std::string reversion_pattern;
  Ref<CallingSearchSpace> reversion_calling_search_space;
};

template <>
inline constexpr auto schema<CallPark> = describe<CallPark>(
    Facts{"CallPark", "Call Park", "call-park", "call-parks", "number"},
    field<&CallPark::number>("number", "Number, or range whose last digits are X (80XX is 8000 to 8099)",
                             {.required = true, .max_length = 32, .charset = Charset::mask}),
    field<&CallPark::partition>("partition", "Partition that the numbers live in; the default one when left out"),
    field<&CallPark::description>("description", "What they are for"));

template <>
inline constexpr auto schema<DirectedCallPark> = describe<DirectedCallPark>(
    Facts{"DirectedCallPark", "Directed Call Park", "directed-park", "directed-parks", "number"},
    field<&DirectedCallPark::number>("number", "Number, or range whose last digits are X; calls are transferred to it",
                                     {.required = true, .max_length = 32, .charset = Charset::mask}),
    field<&DirectedCallPark::partition>("partition",
                                        "Partition that the numbers live in; the default one when left out"),
    field<&DirectedCallPark::description>("description", "What they are for"),
    field<&DirectedCallPark::retrieval_prefix>("retrievalPrefix",
                                               "What is dialled before the number to take the call up again",
                                               {.required = true, .max_length = 16, .charset = Charset::number}),
    field<&DirectedCallPark::reversion_pattern>(
        "reversionPattern", "Number that a call goes to when nobody takes it up; whoever parked it when left out",
        {.max_length = 32, .charset = Charset::number}),
    field<&DirectedCallPark::reversion_calling_search_space>(
        "reversionCallingSearchSpace", "What reversionPattern reaches; every partition when left out"));

}  // namespace carillon::config
