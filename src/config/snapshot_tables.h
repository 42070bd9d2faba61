#pragma once
// The tables behind a Snapshot, and its templates. Included by snapshot.h only.

#include <tuple>
#include <utility>

#include "base/hash.h"
#include "config/cow_map.h"

namespace carillon::config {

struct UserRow {
  std::string userid;
};

struct SearchSpaceRow {
  EntityId id = 0;
  std::vector<EntityId> partitions;
};

struct PresenceGroupRow {
  EntityId id = 0;
  std::vector<EntityId> sees;
};

// A line in line groups, and in how many.
struct HuntedRow {
  EntityId line = 0;
  size_t groups = 0;
};

struct Snapshot::Tables {
  CowMap<PhoneView> phones;  // by id
  CowMap<PhoneView> phones_by_name;
  CowMap<PhoneView> phones_by_user;  // by digest user, where there is one
  CowMap<LineView> lines;            // by id
  CowMap<LineView> lines_by_number;  // by number and partition
  CowMap<UserRow> users;
  CowMap<SearchSpaceRow> spaces;
  std::shared_ptr<const std::vector<PresenceGroupRow>> groups;  // few; null for none
  std::tuple<CowMap<LineGroupView>, CowMap<HuntListView>, CowMap<HuntPilotView>, CowMap<PickupGroupView>,
             CowMap<CallParkView>, CowMap<DirectedParkView>, CowMap<FeatureCodeView>,
             CowMap<CallerFilterView>>
      rows;                    // each by id
  CowMap<NumberView> numbers;  // by number and partition: those that are no ranges
  CowMap<HuntedRow> hunted;    // by line
  std::vector<std::shared_ptr<const NumberView>> ranges;
  std::vector<std::shared_ptr<const FeatureCodeView>> codes;  // the longest first
  std::vector<EntityId> partitions;                           // of all numbers, in order of their ids

  static uint64_t hash(EntityId id) { return hash_mix(static_cast<uint64_t>(id), g_hash_key ^ 0x94d049bb133111ebull); }
  static uint64_t hash(View text) { return hash_bytes(text, 0); }
  static uint64_t hash(View number, EntityId partition) { return hash_bytes(number, static_cast<uint64_t>(partition)); }
};

template <typename F>
void Snapshot::for_each_phone(F&& f) const {
  tables_->phones.for_each(std::forward<F>(f));
}

template <typename T>
const T* Snapshot::row(EntityId id) const {
  return std::get<CowMap<T>>(tables_->rows).find(Tables::hash(id), [id](const T& r) { return r.id == id; });
}

template <typename T, typename F>
void Snapshot::for_each_row(F&& f) const {
  std::get<CowMap<T>>(tables_->rows).for_each(std::forward<F>(f));
}

template <typename F>
void Snapshot::for_each_line(F&& f) const {
  tables_->lines.for_each(std::forward<F>(f));
}

}  // namespace carillon::config
