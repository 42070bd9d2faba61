#pragma once
// The rules that span fields and entities, asked before a row is written: defaults that depend on other fields,
// uniqueness with a message that names the other one, and what a product may have. Everything that is wrong goes to
// `problems`.

#include "base/random.h"
#include "config/repository.h"

namespace carillon::config {

constexpr size_t kBasicLines = 1;
constexpr size_t kAdvancedLines = 8;
constexpr int64_t kBasicUnits = 3;
constexpr int64_t kAdvancedUnits = 6;

inline int64_t units(Product product) { return product == Product::basic ? kBasicUnits : kAdvancedUnits; }

// What a rule may use. `before` of a row is null when it is added.
struct RuleContext {
  Repository& repository;
  Random& random;
};

// What is made up when left out; before anything is checked, so that nothing else that is wrong hides it.
template <typename T>
void make_up(T&, const T*, RuleContext&) {}
void make_up(Phone& row, const Phone* before, RuleContext& context);

void apply_rules(EndUser& row, const EndUser* before, RuleContext& context, Problems& problems);
void apply_rules(Phone& row, const Phone* before, RuleContext& context, Problems& problems);
void apply_rules(Line& row, const Line* before, RuleContext& context, Problems& problems);
void apply_rules(Partition& row, const Partition* before, RuleContext& context, Problems& problems);
void apply_rules(CallingSearchSpace& row, const CallingSearchSpace* before, RuleContext& context, Problems& problems);
void apply_rules(PresenceGroup& row, const PresenceGroup* before, RuleContext& context, Problems& problems);
void apply_rules(PhoneSecurityProfile& row, const PhoneSecurityProfile* before, RuleContext& context,
                 Problems& problems);
void apply_rules(Region& row, const Region* before, RuleContext& context, Problems& problems);
void apply_rules(Location& row, const Location* before, RuleContext& context, Problems& problems);
void apply_rules(DevicePool& row, const DevicePool* before, RuleContext& context, Problems& problems);
void apply_rules(LineGroup& row, const LineGroup* before, RuleContext& context, Problems& problems);
void apply_rules(HuntList& row, const HuntList* before, RuleContext& context, Problems& problems);
void apply_rules(HuntPilot& row, const HuntPilot* before, RuleContext& context, Problems& problems);
void apply_rules(CallPickupGroup& row, const CallPickupGroup* before, RuleContext& context, Problems& problems);
void apply_rules(CallPark& row, const CallPark* before, RuleContext& context, Problems& problems);
void apply_rules(DirectedCallPark& row, const DirectedCallPark* before, RuleContext& context, Problems& problems);
void apply_rules(FeatureCode& row, const FeatureCode* before, RuleContext& context, Problems& problems);
void apply_rules(CallerFilter& row, const CallerFilter* before, RuleContext& context, Problems& problems);
void apply_rules(SipProfile& row, const SipProfile* before, RuleContext& context, Problems& problems);

// What has the number, or a number of the range, in this partition already ("Hunt Pilot 5000"), "" when it is free:
// lines, hunt pilots, pickup groups, park numbers and feature codes share one space. The row `own_id` of table `own` is
// left out.
std::string owner_of_number(View number, EntityId partition, View own, EntityId own_id, Repository& repository);
// Says it as a problem of `field`.
void check_number_free(View field, View number, EntityId partition, View own, EntityId own_id, Repository& repository,
                       Problems& problems);

// SEP and 12 hexadecimal digits, not of any phone.
std::string made_up_name(RuleContext& context);

}  // namespace carillon::config
