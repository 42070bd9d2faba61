#include "config/rules.h"

#include <algorithm>

#include "base/text.h"
#include "config/entities/service_parameters.h"

namespace carillon::config {

namespace {

// The key of a row names one row only.
template <typename T>
void unique_key(const T& row, View key, Repository& repository, Problems& problems) {
  if (key.empty()) return;
  for (const EntityId other : repository.of<T>().find(key)) {
    if (other == row.id) continue;
    problems.push_back({std::string(facts_of<T>().key),
                        std::string(facts_of<T>().label) + " \"" + std::string(key) + "\" exists already",
                        FaultKind::conflict});
    return;
  }
}

void one_phone_of_digest_user(const Phone& row, Repository& repository, Problems& problems) {
  if (row.digest_user.id == 0) return;
  const EntityId other = repository.of<Phone>().referring("digestUser", row.digest_user.id);
  if (other == 0 || other == row.id) return;
  problems.push_back({"digestUser",
                      repository.of<EndUser>().key_of(row.digest_user.id) + " is already the digest user of phone " +
                          repository.of<Phone>().key_of(other) + "; a digest user belongs to at most one phone",
                      FaultKind::conflict});
}

void profiles_of_product(Phone& row, const Phone* before, Repository& repository, Problems& problems) {
  if (row.sip_profile.id == 0) row.sip_profile.id = kStandardSipProfile;
  if (row.device_pool.id == 0) row.device_pool.id = kDefaultDevicePool;
  const EntityId own = row.product == Product::basic ? kBasicSecurityProfile : kAdvancedSecurityProfile;
  const EntityId of_other = row.product == Product::basic ? kAdvancedSecurityProfile : kBasicSecurityProfile;
  const bool product_changed = before != nullptr && before->product != row.product;
  // With another product comes the other built-in profile, unless one was chosen.
  if (row.security_profile.id == 0 || (product_changed && row.security_profile.id == of_other))
    row.security_profile.id = own;
  if (!product_changed && before != nullptr && before->security_profile.id == row.security_profile.id) return;
  if (row.security_profile.id == own) return;
  const auto profile = repository.of<PhoneSecurityProfile>().get(row.security_profile.id);
  if (!profile || profile->product == row.product) return;
  problems.push_back({"securityProfile", "\"" + profile->name + "\" is for " + std::string(word(profile->product)) +
                                             " phones, and this one is " + std::string(word(row.product))});
}

// Buttons: those without a number take the lowest free one.
void number_buttons(Phone& row, Problems& problems) {
  const size_t most = row.product == Product::basic ? kBasicLines : kAdvancedLines;
  if (row.lines.size() > most) {
    problems.push_back({"lines", "a " + std::string(word(row.product)) + " phone has at most " + std::to_string(most) +
                                     (most == 1 ? " line" : " lines") + ", and " + std::to_string(row.lines.size()) +
                                     " were given"});
    return;
  }
  std::array<bool, kAdvancedLines + 1> taken{};
  for (const Appearance& a : row.lines) {
    if (a.index == 0) continue;
    if (a.index > static_cast<int64_t>(most)) {
      problems.push_back({"lines", "button " + std::to_string(a.index) + " does not exist: a " +
                                       std::string(word(row.product)) + " phone has " + std::to_string(most)});
      return;
    }
    if (taken[static_cast<size_t>(a.index)]) {
      problems.push_back({"lines", "button " + std::to_string(a.index) + " is given twice"});
      return;
    }
    taken[static_cast<size_t>(a.index)] = true;
  }
  for (Appearance& a : row.lines) {
    for (size_t i = 1; a.index == 0 && i <= most; i++) {
      if (!taken[i]) a.index = static_cast<int64_t>(i), taken[i] = true;
    }
  }
  std::stable_sort(row.lines.begin(), row.lines.end(),
                   [](const Appearance& a, const Appearance& b) { return a.index < b.index; });
}

void check_appearances(const Phone& row, Repository& repository, Problems& problems) {
  for (size_t i = 0; i < row.lines.size(); i++) {
    const Appearance& a = row.lines[i];
    if (a.busy_trigger > a.max_calls) {
      problems.push_back({"lines", "busyTrigger (" + std::to_string(a.busy_trigger) + ") is above maxCalls (" +
                                       std::to_string(a.max_calls) + ")"});
    }
    // Compared by number: a phone registers a number, not a number in a partition.
    for (size_t k = 0; k < i; k++) {
      if (a.line.id == 0 || row.lines[k].line.id == 0) continue;
      const bool same = a.line.id == row.lines[k].line.id ||
                        repository.of<Line>().key_of(a.line.id) == repository.of<Line>().key_of(row.lines[k].line.id);
      if (same) problems.push_back({"lines", "number " + repository.of<Line>().key_of(a.line.id) + " is given twice"});
    }
  }
}

// While the two numbers of a forward are the same, setting the one for calls from inside sets both: whoever wants only
// that one clears the other afterwards.
void follow(const std::string& internal, std::string& external, const std::string& internal_before,
            const std::string& external_before) {
  if (external == external_before && external_before == internal_before) external = internal;
}

void check_forwards(Line& row, const Line* before, Repository& repository, Problems& problems) {
  const Line none;
  const Line& was = before != nullptr ? *before : none;
  follow(row.forward_busy_internal, row.forward_busy_external, was.forward_busy_internal, was.forward_busy_external);
  follow(row.forward_no_answer_internal, row.forward_no_answer_external, was.forward_no_answer_internal,
         was.forward_no_answer_external);
  follow(row.forward_unregistered_internal, row.forward_unregistered_external, was.forward_unregistered_internal,
         was.forward_unregistered_external);
  if (!row.forward_all.empty() && row.forward_all == row.number) {
    problems.push_back({"forwardAll", "a line cannot forward all its calls to itself"});
  }
  const auto t301 = to_number<int64_t>(value_of(repository.parameter_values(), "t301"));
  if (row.forward_no_answer_duration != 0 && t301 && row.forward_no_answer_duration >= *t301) {
    problems.push_back({"forwardNoAnswerDuration", "(" + std::to_string(row.forward_no_answer_duration) +
                                                       ") must be below the service parameter t301 (" +
                                                       std::to_string(*t301) + ")"});
  }
}

}  // namespace

std::string made_up_name(RuleContext& context) {
  for (;;) {
    char name[16];
    static constexpr char kDigits[] = "0123456789ABCDEF";
    name[0] = 'S', name[1] = 'E', name[2] = 'P';
    const uint64_t bits = context.random.next64();
    for (int i = 0; i < 12; i++) name[3 + i] = kDigits[bits >> (4 * i) & 15];
    const View made(name, 15);
    if (context.repository.of<Phone>().find(made).empty()) return std::string(made);
  }
}

void apply_rules(EndUser& row, const EndUser* before, RuleContext& context, Problems& problems) {
  if (before == nullptr || before->userid != row.userid) unique_key(row, row.userid, context.repository, problems);
  if (!row.mailid.empty() && row.mailid.find('@') == std::string::npos) {
    problems.push_back({"mailid", "is not an e-mail address"});
  }
}

void make_up(Phone& row, const Phone* before, RuleContext& context) {
  if (row.name.empty()) row.name = before != nullptr ? before->name : made_up_name(context);
}

void apply_rules(Phone& row, const Phone* before, RuleContext& context, Problems& problems) {
  if (before == nullptr || before->name != row.name) unique_key(row, row.name, context.repository, problems);
  if (before == nullptr || before->digest_user.id != row.digest_user.id) {
    one_phone_of_digest_user(row, context.repository, problems);
  }
  profiles_of_product(row, before, context.repository, problems);
  number_buttons(row, problems);
  check_appearances(row, context.repository, problems);
}

void apply_rules(Line& row, const Line* before, RuleContext& context, Problems& problems) {
  if (row.partition.id == 0) row.partition.id = kDefaultPartition;
  check_forwards(row, before, context.repository, problems);
  if (before != nullptr && before->number == row.number && before->partition.id == row.partition.id) return;
  check_number_free("number", row.number, row.partition.id, facts_of<Line>().name, row.id, context.repository,
                    problems);
}

void apply_rules(Partition& row, const Partition* before, RuleContext& context, Problems& problems) {
  if (before == nullptr || before->name != row.name) unique_key(row, row.name, context.repository, problems);
}

namespace {

// No reference stands twice in a list.
template <typename T>
void check_once(const std::vector<Ref<T>>& list, View field, View noun, RuleContext& context, Problems& problems) {
  for (size_t i = 0; i < list.size(); i++) {
    for (size_t k = 0; k < i; k++) {
      if (list[i].id == 0 || list[i].id != list[k].id) continue;
      problems.push_back({std::string(field),
                          std::string(noun) + " " + context.repository.of<T>().key_of(list[i].id) + " is given twice"});
    }
  }
}

}  // namespace

void apply_rules(CallingSearchSpace& row, const CallingSearchSpace* before, RuleContext& context, Problems& problems) {
  if (before == nullptr || before->name != row.name) unique_key(row, row.name, context.repository, problems);
  check_once(row.partitions, "partitions", "partition", context, problems);
}

void apply_rules(PresenceGroup& row, const PresenceGroup* before, RuleContext& context, Problems& problems) {
  if (before == nullptr || before->name != row.name) unique_key(row, row.name, context.repository, problems);
  check_once(row.sees, "sees", "presence group", context, problems);
}

void apply_rules(PhoneSecurityProfile& row, const PhoneSecurityProfile* before, RuleContext& context,
                 Problems& problems) {
  if (before == nullptr || before->name != row.name) unique_key(row, row.name, context.repository, problems);
  if (before == nullptr || before->product == row.product) return;
  const EntityId phone = context.repository.of<Phone>().referring("securityProfile", row.id);
  if (phone == 0) return;
  problems.push_back(
      {"product",
       "cannot change while phones have the profile, such as " + context.repository.of<Phone>().key_of(phone),
       FaultKind::conflict});
}

void apply_rules(SipProfile& row, const SipProfile* before, RuleContext& context, Problems& problems) {
  if (before == nullptr || before->name != row.name) unique_key(row, row.name, context.repository, problems);
  if (row.session_expires < row.min_se) {
    problems.push_back({"sessionExpires", "(" + std::to_string(row.session_expires) + ") is below minSe (" +
                                              std::to_string(row.min_se) + ")"});
  }
}

}  // namespace carillon::config
