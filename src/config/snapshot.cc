#include "config/snapshot.h"

#include <algorithm>

namespace carillon::config {

const AppearanceView* PhoneView::appearance(EntityId line) const {
  for (const AppearanceView& a : lines) {
    if (a.line == line) return &a;
  }
  return nullptr;
}

bool ParametersView::is_trusted(const Address& source) const {
  for (const Network& n : trusted_networks) {
    if (n.contains(source)) return true;
  }
  return false;
}

const PhoneView* Snapshot::phone_by_digest_user(View user, bool* user_known) const {
  const uint64_t hash = Tables::hash(user);
  const PhoneView* phone =
      tables_->phones_by_user.find(hash, [user](const PhoneView& p) { return p.digest_user == user; });
  if (user_known != nullptr) {
    *user_known =
        phone != nullptr || tables_->users.find(hash, [user](const UserRow& u) { return u.userid == user; }) != nullptr;
  }
  return phone;
}

const PhoneView* Snapshot::phone(EntityId id) const {
  return tables_->phones.find(Tables::hash(id), [id](const PhoneView& p) { return p.id == id; });
}

const PhoneView* Snapshot::phone_by_name(View name) const {
  return tables_->phones_by_name.find(Tables::hash(name), [name](const PhoneView& p) { return p.name == name; });
}

const LineView* Snapshot::line(EntityId id) const {
  return tables_->lines.find(Tables::hash(id), [id](const LineView& l) { return l.id == id; });
}

const LineView* Snapshot::line_of_phone(const PhoneView& phone, View number) const {
  for (const AppearanceView& a : phone.lines) {
    const LineView* found = line(a.line);
    if (found != nullptr && found->number == number) return found;
  }
  return nullptr;
}

const LineView* Snapshot::line_by_number(View number, EntityId calling_search_space) const {
  for (const EntityId partition : searched(calling_search_space)) {
    if (const LineView* found = line_in(partition, number)) return found;
  }
  return nullptr;
}

const LineView* Snapshot::line_in(EntityId partition, View number) const {
  return tables_->lines_by_number.find(Tables::hash(number, partition), [&](const LineView& l) {
    return l.partition == partition && l.number == number;
  });
}

const NumberView* Snapshot::number_in(EntityId partition, View number) const {
  return tables_->numbers.find(Tables::hash(number, partition),
                               [&](const NumberView& n) { return n.partition == partition && n.number == number; });
}

const NumberView* Snapshot::range_in(EntityId partition, View number) const {
  for (const auto& range : tables_->ranges) {
    if (range->partition == partition && lies_in(number, range->number)) return range.get();
  }
  return nullptr;
}

bool Snapshot::has_numbers() const { return tables_->numbers.size() != 0; }
bool Snapshot::has_ranges() const { return !tables_->ranges.empty(); }
bool Snapshot::has_features() const { return has_numbers() || has_ranges() || !tables_->codes.empty(); }

const FeatureCodeView* Snapshot::feature_code(View digits) const {
  if (digits.empty() || (digits.front() != '*' && digits.front() != '#')) return nullptr;
  for (const auto& code : tables_->codes) {
    if (!digits.starts_with(code->code)) continue;
    const CodeArgument argument = argument_of(code->function);
    const bool alone = digits.size() == code->code.size();
    if (alone ? argument != CodeArgument::required : argument != CodeArgument::none) return code.get();
  }
  return nullptr;
}

const FeatureCodeView* Snapshot::code_of(CodeFunction function) const {
  for (const auto& code : tables_->codes) {
    if (code->function == function) return code.get();
  }
  return nullptr;
}

bool Snapshot::is_hunted(EntityId line) const {
  return tables_->hunted.find(Tables::hash(line), [line](const HuntedRow& h) { return h.line == line; }) != nullptr;
}

std::span<const EntityId> Snapshot::searched(EntityId calling_search_space) const {
  if (calling_search_space == 0) return tables_->partitions;
  return partitions(calling_search_space);
}

std::span<const EntityId> Snapshot::partitions(EntityId calling_search_space) const {
  const SearchSpaceRow* row = tables_->spaces.find(
      Tables::hash(calling_search_space), [&](const SearchSpaceRow& s) { return s.id == calling_search_space; });
  if (row == nullptr) return {};
  return row->partitions;
}

bool Snapshot::may_see(EntityId watcher, EntityId watched) const {
  if (watcher == 0) watcher = kStandardPresenceGroupId;
  if (watched == 0) watched = kStandardPresenceGroupId;
  if (watcher == watched) return true;
  if (tables_->groups == nullptr) return false;
  for (const PresenceGroupRow& group : *tables_->groups) {
    if (group.id != watcher) continue;
    return std::find(group.sees.begin(), group.sees.end(), watched) != group.sees.end();
  }
  return false;
}

size_t Snapshot::phones() const { return tables_->phones.size(); }
size_t Snapshot::lines() const { return tables_->lines.size(); }

}  // namespace carillon::config
