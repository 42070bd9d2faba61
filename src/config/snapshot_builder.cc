// SnapshotBuilder: the writer's side of the shared tables.

#include <algorithm>
#include <map>
#include <unordered_map>

#include "config/snapshot.h"

namespace carillon::config {

struct SnapshotBuilder::Impl {
  using Tables = Snapshot::Tables;

  Tables tables;
  std::shared_ptr<const ParametersView> parameters = std::make_shared<const ParametersView>();
  std::map<EntityId, std::shared_ptr<const SecurityView>> security;
  std::map<EntityId, std::shared_ptr<const SipProfileView>> sip;
  std::map<EntityId, RegionView> regions;
  std::map<EntityId, LocationView> locations;
  std::map<EntityId, DevicePoolView> pools;
  std::shared_ptr<const MediaPlan> media;      // null: to be made anew
  std::map<EntityId, size_t> partition_lines;  // how many numbers each partition has
  // Phones with an appearance of a line that has not been put: they join it when it comes.
  std::unordered_map<EntityId, std::vector<EntityId>> waiting;

  template <typename Row>
  void keep(std::map<EntityId, Row>& rows, Row&& row) {
    const EntityId id = row.id;
    rows[id] = std::move(row);
    media = nullptr;
  }
  template <typename Row>
  void drop(std::map<EntityId, Row>& rows, EntityId id) {
    rows.erase(id);
    media = nullptr;
  }
  template <typename Row>
  static std::vector<Row> values(const std::map<EntityId, Row>& rows) {
    std::vector<Row> all;
    for (const auto& [id, row] : rows) all.push_back(row);
    return all;
  }

  static auto same_id(EntityId id) {
    return [id](const auto& row) { return row.id == id; };
  }
  static auto same_number(const LineView& line) {
    return [&line](const LineView& l) { return l.partition == line.partition && l.number == line.number; };
  }

  std::shared_ptr<const PhoneView> phone(EntityId id) const {
    const auto* row = tables.phones.find_ptr(Tables::hash(id), same_id(id));
    return row == nullptr ? nullptr : *row;
  }
  std::shared_ptr<const LineView> line(EntityId id) const {
    const auto* row = tables.lines.find_ptr(Tables::hash(id), same_id(id));
    return row == nullptr ? nullptr : *row;
  }

  void index(const std::shared_ptr<const PhoneView>& p) {
    tables.phones.put(Tables::hash(p->id), p, same_id(p->id));
    tables.phones_by_name.put(Tables::hash(View(p->name)), p, [&](const PhoneView& o) { return o.name == p->name; });
    if (p->digest_user.empty()) return;
    tables.phones_by_user.put(Tables::hash(View(p->digest_user)), p,
                              [&](const PhoneView& o) { return o.digest_user == p->digest_user; });
  }

  // Takes a phone out of the look-ups by text, unless another phone has taken over the text meanwhile.
  void unindex_text(const PhoneView& p) {
    tables.phones_by_name.remove(Tables::hash(View(p.name)), same_id(p.id));
    if (!p.digest_user.empty()) tables.phones_by_user.remove(Tables::hash(View(p.digest_user)), same_id(p.id));
  }

  void index(const std::shared_ptr<const LineView>& l) {
    tables.lines.put(Tables::hash(l->id), l, same_id(l->id));
    tables.lines_by_number.put(Tables::hash(l->number, l->partition), l, same_number(*l));
  }

  void join(EntityId line_id, EntityId phone_id) {
    const auto old = line(line_id);
    if (old == nullptr) {
      waiting[line_id].push_back(phone_id);
      return;
    }
    const auto at = std::lower_bound(old->phones.begin(), old->phones.end(), phone_id);
    if (at != old->phones.end() && *at == phone_id) return;
    const auto place = at - old->phones.begin();
    auto next = std::make_shared<LineView>(*old);
    next->phones.insert(next->phones.begin() + place, phone_id);
    index(std::shared_ptr<const LineView>(std::move(next)));
  }

  void leave(EntityId line_id, EntityId phone_id) {
    if (const auto w = waiting.find(line_id); w != waiting.end()) std::erase(w->second, phone_id);
    const auto old = line(line_id);
    if (old == nullptr) return;
    auto next = std::make_shared<LineView>(*old);
    std::erase(next->phones, phone_id);
    index(std::shared_ptr<const LineView>(std::move(next)));
  }

  void count_partition(EntityId partition, int change) {
    const size_t before = partition_lines[partition];
    const size_t after = change > 0 ? before + 1 : before - 1;
    partition_lines[partition] = after;
    if (after == 0) partition_lines.erase(partition);
    if (before != 0 && after != 0) return;
    tables.partitions.clear();
    for (const auto& [id, lines] : partition_lines) tables.partitions.push_back(id);
  }

  // The numbers that a row stands for.
  static std::vector<NumberView> numbers_of(const HuntPilotView& r) {
    return {{NumberView::Kind::hunt_pilot, r.number, r.partition, r.id}};
  }
  static std::vector<NumberView> numbers_of(const PickupGroupView& r) {
    return {{NumberView::Kind::pickup_group, r.number, r.partition, r.id}};
  }
  static std::vector<NumberView> numbers_of(const CallParkView& r) {
    return {{NumberView::Kind::park, r.number, r.partition, r.id}};
  }
  static std::vector<NumberView> numbers_of(const DirectedParkView& r) {
    return {{NumberView::Kind::directed_park, r.number, r.partition, r.id},
            {NumberView::Kind::directed_retrieval, r.retrieval_prefix + r.number, r.partition, r.id}};
  }
  template <typename T>
  static std::vector<NumberView> numbers_of(const T&) {
    return {};
  }

  void take_number(NumberView n) {
    count_partition(n.partition, 1);
    const auto row = std::make_shared<const NumberView>(std::move(n));
    if (is_range(row->number)) {
      tables.ranges.push_back(row);
      return;
    }
    tables.numbers.put(Tables::hash(row->number, row->partition), row,
                       [&](const NumberView& o) { return o.partition == row->partition && o.number == row->number; });
  }

  void drop_number(const NumberView& n) {
    count_partition(n.partition, -1);
    const auto same = [&n](const NumberView& o) {
      return o.kind == n.kind && o.id == n.id && o.partition == n.partition && o.number == n.number;
    };
    std::erase_if(tables.ranges, [&](const auto& o) { return same(*o); });
    tables.numbers.remove(Tables::hash(n.number, n.partition), same);
  }

  // A line enters or leaves a line group.
  void hunt(EntityId line, bool enters) {
    const auto is = [line](const HuntedRow& h) { return h.line == line; };
    const HuntedRow* old = tables.hunted.find(Tables::hash(line), is);
    const size_t groups = (old == nullptr ? 0 : old->groups) + (enters ? 1 : 0) - (enters ? 0 : 1);
    if (groups == 0) return tables.hunted.remove(Tables::hash(line), is);
    tables.hunted.put(Tables::hash(line), std::make_shared<const HuntedRow>(HuntedRow{line, groups}), is);
  }
  void enter(const LineGroupView& r, bool enters) {
    for (const EntityId line : r.members) hunt(line, enters);
  }
  void enter(const FeatureCodeView& r, bool enters) {
    std::erase_if(tables.codes, [&](const auto& o) { return o->id == r.id; });
    if (!enters) return;
    const auto longer = [](const auto& a, const auto& b) { return a->code.size() > b->code.size(); };
    tables.codes.push_back(std::make_shared<const FeatureCodeView>(r));
    std::stable_sort(tables.codes.begin(), tables.codes.end(), longer);
  }
  template <typename T>
  void enter(const T&, bool) {}

  template <typename T>
  void remove_row(EntityId id) {
    auto& rows = std::get<CowMap<T>>(tables.rows);
    const auto* found = rows.find_ptr(Tables::hash(id), same_id(id));
    if (found == nullptr) return;
    const std::shared_ptr<const T> old = *found;
    for (const NumberView& n : numbers_of(*old)) drop_number(n);
    enter(*old, false);
    rows.remove(Tables::hash(id), same_id(id));
  }

  template <typename T>
  void put_row(T&& row) {
    const EntityId id = row.id;
    remove_row<T>(id);
    for (NumberView& n : numbers_of(row)) take_number(std::move(n));
    enter(row, true);
    std::get<CowMap<T>>(tables.rows).put(Tables::hash(id), std::make_shared<const T>(std::move(row)), same_id(id));
  }

  // Rows with a profile hold it: a changed profile makes new rows of all its phones.
  template <typename Pick, typename Profile>
  void renew(EntityId id, const Pick& pick, const Profile& profile) {
    std::vector<EntityId> affected;
    tables.phones.for_each([&](const PhoneView& p) {
      if (p.*pick != nullptr && (p.*pick)->id == id) affected.push_back(p.id);
    });
    for (const EntityId phone_id : affected) {
      auto next = std::make_shared<PhoneView>(*phone(phone_id));
      (*next).*pick = profile;
      index(std::shared_ptr<const PhoneView>(std::move(next)));
    }
  }

  template <typename Profiles>
  static auto profile(const Profiles& profiles, EntityId id) {
    const auto found = profiles.find(id);
    if (found != profiles.end()) return found->second;
    return std::make_shared<const typename Profiles::mapped_type::element_type>();
  }
};

SnapshotBuilder::SnapshotBuilder() : impl_(std::make_unique<Impl>()) {}
SnapshotBuilder::~SnapshotBuilder() = default;

void SnapshotBuilder::put(ParametersView parameters) {
  impl_->parameters = std::make_shared<const ParametersView>(std::move(parameters));
}

void SnapshotBuilder::put(SecurityView profile) {
  const EntityId id = profile.id;
  auto row = std::make_shared<const SecurityView>(std::move(profile));
  const bool known = impl_->security.contains(id);
  impl_->security[id] = row;
  if (known) impl_->renew(id, &PhoneView::security, row);
}

void SnapshotBuilder::put(SipProfileView profile) {
  const EntityId id = profile.id;
  auto row = std::make_shared<const SipProfileView>(std::move(profile));
  const bool known = impl_->sip.contains(id);
  impl_->sip[id] = row;
  if (known) impl_->renew(id, &PhoneView::sip, row);
}

void SnapshotBuilder::put(PhoneView phone, EntityId security, EntityId sip) {
  phone.security = Impl::profile(impl_->security, security);
  phone.sip = Impl::profile(impl_->sip, sip);
  phone.lines.shrink_to_fit();
  const auto row = std::make_shared<const PhoneView>(std::move(phone));
  const auto old = impl_->phone(row->id);
  if (old != nullptr && (old->name != row->name || old->digest_user != row->digest_user)) impl_->unindex_text(*old);
  impl_->index(row);
  if (old != nullptr) {
    for (const AppearanceView& a : old->lines) {
      if (row->appearance(a.line) == nullptr) impl_->leave(a.line, row->id);
    }
  }
  for (const AppearanceView& a : row->lines) impl_->join(a.line, row->id);
}

void SnapshotBuilder::put(LineView line) {
  const auto old = impl_->line(line.id);
  line.phones.clear();
  if (old != nullptr) {
    line.phones = old->phones;
    if (old->number != line.number || old->partition != line.partition) {
      impl_->tables.lines_by_number.remove(Impl::Tables::hash(old->number, old->partition), Impl::same_id(old->id));
    }
    if (old->partition != line.partition) impl_->count_partition(old->partition, -1);
  }
  if (old == nullptr || old->partition != line.partition) impl_->count_partition(line.partition, 1);
  if (const auto w = impl_->waiting.find(line.id); w != impl_->waiting.end()) {
    line.phones.insert(line.phones.end(), w->second.begin(), w->second.end());
    std::sort(line.phones.begin(), line.phones.end());
    line.phones.erase(std::unique(line.phones.begin(), line.phones.end()), line.phones.end());
    impl_->waiting.erase(w);
  }
  impl_->index(std::make_shared<const LineView>(std::move(line)));
}

void SnapshotBuilder::put(RegionView region) { impl_->keep(impl_->regions, std::move(region)); }
void SnapshotBuilder::put(LocationView location) { impl_->keep(impl_->locations, std::move(location)); }
void SnapshotBuilder::put(DevicePoolView pool) { impl_->keep(impl_->pools, std::move(pool)); }
void SnapshotBuilder::remove_region(EntityId id) { impl_->drop(impl_->regions, id); }
void SnapshotBuilder::remove_location(EntityId id) { impl_->drop(impl_->locations, id); }
void SnapshotBuilder::remove_device_pool(EntityId id) { impl_->drop(impl_->pools, id); }
void SnapshotBuilder::put(LineGroupView row) { impl_->put_row(std::move(row)); }
void SnapshotBuilder::put(HuntListView row) { impl_->put_row(std::move(row)); }
void SnapshotBuilder::put(HuntPilotView row) { impl_->put_row(std::move(row)); }
void SnapshotBuilder::put(PickupGroupView row) { impl_->put_row(std::move(row)); }
void SnapshotBuilder::put(CallParkView row) { impl_->put_row(std::move(row)); }
void SnapshotBuilder::put(DirectedParkView row) { impl_->put_row(std::move(row)); }
void SnapshotBuilder::put(FeatureCodeView row) { impl_->put_row(std::move(row)); }
void SnapshotBuilder::put(CallerFilterView row) { impl_->put_row(std::move(row)); }

template <typename T>
void SnapshotBuilder::remove(EntityId id) {
  impl_->remove_row<T>(id);
}
template void SnapshotBuilder::remove<LineGroupView>(EntityId);
template void SnapshotBuilder::remove<HuntListView>(EntityId);
template void SnapshotBuilder::remove<HuntPilotView>(EntityId);
template void SnapshotBuilder::remove<PickupGroupView>(EntityId);
template void SnapshotBuilder::remove<CallParkView>(EntityId);
template void SnapshotBuilder::remove<DirectedParkView>(EntityId);
template void SnapshotBuilder::remove<FeatureCodeView>(EntityId);
template void SnapshotBuilder::remove<CallerFilterView>(EntityId);

void SnapshotBuilder::put_user(View userid) {
  impl_->tables.users.put(Impl::Tables::hash(userid), std::make_shared<const UserRow>(UserRow{std::string(userid)}),
                          [userid](const UserRow& u) { return u.userid == userid; });
}

void SnapshotBuilder::put_search_space(EntityId id, std::vector<EntityId> partitions) {
  impl_->tables.spaces.put(Impl::Tables::hash(id),
                           std::make_shared<const SearchSpaceRow>(SearchSpaceRow{id, std::move(partitions)}),
                           Impl::same_id(id));
}

void SnapshotBuilder::remove_search_space(EntityId id) {
  impl_->tables.spaces.remove(Impl::Tables::hash(id), Impl::same_id(id));
}

void SnapshotBuilder::put_presence_group(EntityId id, std::vector<EntityId> sees) {
  remove_presence_group(id);
  auto rows = std::make_shared<std::vector<PresenceGroupRow>>(*impl_->tables.groups);
  rows->push_back({id, std::move(sees)});
  impl_->tables.groups = std::move(rows);
}

void SnapshotBuilder::remove_presence_group(EntityId id) {
  auto rows = std::make_shared<std::vector<PresenceGroupRow>>();
  if (impl_->tables.groups != nullptr) *rows = *impl_->tables.groups;
  std::erase_if(*rows, [id](const PresenceGroupRow& row) { return row.id == id; });
  impl_->tables.groups = std::move(rows);
}

void SnapshotBuilder::remove_phone(EntityId id) {
  const auto old = impl_->phone(id);
  if (old == nullptr) return;
  for (const AppearanceView& a : old->lines) impl_->leave(a.line, id);
  impl_->unindex_text(*old);
  impl_->tables.phones.remove(Impl::Tables::hash(id), Impl::same_id(id));
}

void SnapshotBuilder::remove_line(EntityId id) {
  const auto old = impl_->line(id);
  if (old == nullptr) return;
  for (const EntityId phone : old->phones) impl_->waiting[id].push_back(phone);
  impl_->tables.lines_by_number.remove(Impl::Tables::hash(old->number, old->partition), Impl::same_id(id));
  impl_->tables.lines.remove(Impl::Tables::hash(id), Impl::same_id(id));
  impl_->count_partition(old->partition, -1);
}

void SnapshotBuilder::remove_user(View userid) {
  impl_->tables.users.remove(Impl::Tables::hash(userid), [userid](const UserRow& u) { return u.userid == userid; });
}

SnapshotPtr SnapshotBuilder::build(uint64_t revision) {
  auto snapshot = std::make_shared<Snapshot>();
  auto tables = std::make_shared<Snapshot::Tables>();
  Snapshot::Tables& now = impl_->tables;
  tables->phones = now.phones.share();
  tables->phones_by_name = now.phones_by_name.share();
  tables->phones_by_user = now.phones_by_user.share();
  tables->lines = now.lines.share();
  tables->lines_by_number = now.lines_by_number.share();
  tables->users = now.users.share();
  tables->spaces = now.spaces.share();
  std::apply([&](auto&... map) { tables->rows = {map.share()...}; }, now.rows);
  tables->numbers = now.numbers.share();
  tables->hunted = now.hunted.share();
  tables->ranges = now.ranges;
  tables->codes = now.codes;
  tables->partitions = now.partitions;
  tables->groups = now.groups;
  snapshot->revision_ = revision;
  for (const auto& [id, profile] : impl_->security) snapshot->any_sha256_ |= profile->sha256;
  snapshot->parameters_ = impl_->parameters;
  if (impl_->media == nullptr) {
    impl_->media = std::make_shared<const MediaPlan>(Impl::values(impl_->regions), Impl::values(impl_->locations),
                                                     Impl::values(impl_->pools));
  }
  snapshot->media_ = impl_->media;
  snapshot->tables_ = std::move(tables);
  return snapshot;
}

}  // namespace carillon::config
