#pragma once
// Line Group: lines among which calls are distributed.

#include "config/describe.h"
#include "config/entities/line.h"

namespace carillon::config {

template <>
inline constexpr std::array<View, 4> words<Distribution>{"top-down", "circular", "longest-idle-time", "broadcast"};

template <>
inline constexpr std::array<View, 4> words<HuntStep>{"try-next-member-then-next-group", "try-next-member-only",
                                                     "skip-to-next-group", "stop-hunting"};

struct LineGroup {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  std::vector<Ref<Line>> members;
  Distribution distribution_algorithm = Distribution::longest_idle_time;
  int64_t rna_reversion_time_out = 10;
  HuntStep hunt_algorithm_no_answer = HuntStep::next_member_then_next_group;
  HuntStep hunt_algorithm_busy = HuntStep::next_member_then_next_group;
  HuntStep hunt_algorithm_not_available = HuntStep::next_member_then_next_group;
  bool auto_log_off_hunt = false;
};

template <>
inline constexpr auto schema<LineGroup> = describe<LineGroup>(
    Facts{"LineGroup", "Line Group", "line-group", "line-groups", "name"},
    field<&LineGroup::name>("name", "Name of the line group",
                            {.required = true, .unique = true, .max_length = 100, .charset = Charset::name}),
    field<&LineGroup::description>("description", "What it is for"),
    field<&LineGroup::members>("members", "Lines that ring, in order"),
    field<&LineGroup::distribution_algorithm>(
        "distributionAlgorithm",
        "Who rings: from the top each time, from the one after the last, the longest idle first, or all at once"),
    field<&LineGroup::rna_reversion_time_out>("rnaReversionTimeOut",
                                              "How long a member rings before the next one does, in seconds",
                                              {.min = 1, .max = 300}),
    field<&LineGroup::hunt_algorithm_no_answer>("huntAlgorithmNoAnswer",
                                                "What comes after a member who did not answer"),
    field<&LineGroup::hunt_algorithm_busy>("huntAlgorithmBusy", "What comes after a member who is busy"),
    field<&LineGroup::hunt_algorithm_not_available>("huntAlgorithmNotAvailable",
                                                    "What comes after a member whose phones are not registered"),
    field<&LineGroup::auto_log_off_hunt>("autoLogOffHunt", "A phone that does not answer is logged out of hunting"));

}  // namespace carillon::config
