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
void apply_rules(SipProfile& row, const SipProfile* before, RuleContext& context, Problems& problems);

// SEP and 12 hexadecimal digits, not of any phone.
std::string made_up_name(RuleContext& context);

}  // namespace carillon::config
