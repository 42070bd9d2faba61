#pragma once
// Line: a directory number in a partition. On several phones it is a shared line.

#include "config/describe.h"
#include "config/entities/call_pickup_group.h"
#include "config/entities/caller_filter.h"
#include "config/entities/calling_search_space.h"
#include "config/entities/partition.h"
#include "config/entities/presence_group.h"

namespace carillon::config {

template <>
inline constexpr std::array<View, 3> words<AutoAnswer>{"off", "headset", "speakerphone"};
template <>
inline constexpr std::array<View, 3> words<Presentation>{"default", "allowed", "restricted"};

struct Line {
  EntityId id = 0;
  int64_t revision = 0;
  std::string number;
  Ref<Partition> partition;
  std::string description;
  std::string alerting_name;
  Ref<CallingSearchSpace> calling_search_space;
  std::string forward_all;
  Ref<CallingSearchSpace> forward_all_search_space;
  std::string forward_busy_internal, forward_busy_external;
  Ref<CallingSearchSpace> forward_busy_search_space;
  std::string forward_no_answer_internal, forward_no_answer_external;
  Ref<CallingSearchSpace> forward_no_answer_search_space;
  int64_t forward_no_answer_duration = 0;
  std::string forward_unregistered_internal, forward_unregistered_external;
  Ref<CallingSearchSpace> forward_unregistered_search_space;
  bool do_not_disturb = false;
  bool reject_anonymous_call = false;
  Ref<CallerFilter> caller_filter;
  Presentation calling_line_presentation = Presentation::by_default;
  Presentation calling_name_presentation = Presentation::by_default;
  Presentation connected_line_presentation = Presentation::by_default;
  Presentation connected_name_presentation = Presentation::by_default;
  Ref<PresenceGroup> presence_group;
  Ref<CallPickupGroup> call_pickup_group;
  AutoAnswer auto_answer = AutoAnswer::off;
};

constexpr Rules kForwardRules{.max_length = 32, .charset = Charset::number};

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
    field<&Line::forward_all>("forwardAll", "Number that every call goes to before a phone rings", kForwardRules),
    field<&Line::forward_all_search_space>("forwardAllCallingSearchSpace",
                                           "Where forwardAll is looked up; where the line's calls are when left out"),
    field<&Line::forward_busy_internal>("forwardBusyInternal",
                                        "Number for calls from inside when busy; an external one that was the same "
                                        "follows when it changes",
                                        kForwardRules),
    field<&Line::forward_busy_external>("forwardBusyExternal", "Number for calls from outside when busy",
                                        kForwardRules),
    field<&Line::forward_busy_search_space>("forwardBusyCallingSearchSpace", "Where the busy forwards are looked up"),
    field<&Line::forward_no_answer_internal>("forwardNoAnswerInternal",
                                             "Number for calls from inside that nobody answers; an external one that "
                                             "was the same follows when it changes",
                                             kForwardRules),
    field<&Line::forward_no_answer_external>("forwardNoAnswerExternal",
                                             "Number for calls from outside that nobody answers", kForwardRules),
    field<&Line::forward_no_answer_search_space>("forwardNoAnswerCallingSearchSpace",
                                                 "Where the no-answer forwards are looked up"),
    field<&Line::forward_no_answer_duration>(
        "forwardNoAnswerDuration",
        "How long the line rings before that, in seconds; 0 for the service parameter forward-no-answer-timer",
        {.min = 0, .max = 300}),
    field<&Line::forward_unregistered_internal>("forwardUnregisteredInternal",
                                                "Number for calls from inside while no phone is registered; an "
                                                "external one that was the same follows when it changes",
                                                kForwardRules),
    field<&Line::forward_unregistered_external>("forwardUnregisteredExternal",
                                                "Number for calls from outside while no phone is registered",
                                                kForwardRules),
    field<&Line::forward_unregistered_search_space>("forwardUnregisteredCallingSearchSpace",
                                                    "Where the unregistered forwards are looked up"),
    field<&Line::do_not_disturb>("doNotDisturb", "Calls to the line find it busy, whatever its phones say"),
    field<&Line::reject_anonymous_call>("rejectAnonymousCall", "Callers whose number is withheld are turned away"),
    field<&Line::caller_filter>("callerFilter", "Caller filter: whose calls get through, by number; all when left out"),
    field<&Line::calling_line_presentation>(
        "callingLinePresentation",
        "Whether those whom the line calls see its number: allowed, restricted, or as the phone asks for with the call "
        "(default)"),
    field<&Line::calling_name_presentation>("callingNamePresentation",
                                            "Whether those whom the line calls see its name: allowed, restricted, or "
                                            "as the phone asks for with the call (default)"),
    field<&Line::connected_line_presentation>("connectedLinePresentation",
                                              "Whether those who call the line see the number that answers: allowed, "
                                              "restricted, or as the phone asks for with its answer (default)"),
    field<&Line::connected_name_presentation>("connectedNamePresentation",
                                              "Whether those who call the line see the name that answers: allowed, "
                                              "restricted, or as the phone asks for with its answer (default)"),
    field<&Line::presence_group>("presenceGroup",
                                 "Presence Group of the line when watched; the standard one when left out"),
    field<&Line::call_pickup_group>("callPickupGroup", "Call pickup group that the line belongs to"),
    field<&Line::auto_answer>("autoAnswer", "Phones are asked to answer calls to the line by themselves"));

}  // namespace carillon::config
