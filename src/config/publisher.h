#pragma once
// Makes snapshots from the repository: all of it at start, what was touched after each change. Used by one thread at a
// time.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "config/repository.h"
#include "config/snapshot.h"

namespace carillon::config {

class Publisher {
 public:
  explicit Publisher(Repository& repository) : repository_(repository) {}

  // Everything, at start.
  SnapshotPtr load();

  // What a change touched; looked at when it is published, so a row may be gone by then.
  template <typename T>
  void touch(EntityId id) {
    touched(Tag<T>{}).insert(id);
  }
  // A user id that nobody has any more (removed or renamed).
  void touch_userid(const std::string& userid) { gone_users_.push_back(userid); }
  void touch_parameters() { parameters_touched_ = true; }
  // After a transaction that was rolled back.
  void forget();

  // The next snapshot. Snapshots before it that readers hold are freed here, not on a reader's thread, when they let
  // go.
  SnapshotPtr publish(uint64_t revision);

  const ParameterValues& parameters() const { return values_; }

 private:
  struct KnownUser {
    std::string userid;
    EntityId presence_group = 0;
    CredentialsView credentials;
  };
  std::set<EntityId>& touched(Tag<EndUser>) { return users_; }
  std::set<EntityId>& touched(Tag<Phone>) { return phones_; }
  std::set<EntityId>& touched(Tag<Line>) { return lines_; }
  std::set<EntityId>& touched(Tag<CallingSearchSpace>) { return spaces_; }
  std::set<EntityId>& touched(Tag<PresenceGroup>) { return groups_; }
  std::set<EntityId>& touched(Tag<PhoneSecurityProfile>) { return security_; }
  std::set<EntityId>& touched(Tag<SipProfile>) { return sip_; }
  std::set<EntityId>& touched(Tag<Region>) { return regions_; }
  std::set<EntityId>& touched(Tag<Location>) { return locations_; }
  std::set<EntityId>& touched(Tag<DevicePool>) { return pools_; }
  template <typename T>
  std::set<EntityId>& touched(Tag<T>) {  // hunt groups, pickup groups, park numbers, feature codes
    return group_rows_[facts_of<T>().name];
  }
  std::set<EntityId>& touched(Tag<Partition>) { return nothing_; }  // the snapshot knows partitions by id only

  void put_parameters();
  void put_profiles();
  void load_media();
  void put_media();
  void load_groups();
  void put_groups();
  template <typename T>
  void load_rows();
  template <typename T>
  void put_rows();
  void put_users();
  void put_line(EntityId id);
  void put_phone(EntityId id);
  void put_phone(const Phone& row, const KnownUser* user);
  KnownUser known(const EndUser& row);
  void sweep();

  Repository& repository_;
  SnapshotBuilder builder_;
  ParameterValues values_;
  std::set<EntityId> users_, phones_, lines_, spaces_, groups_, security_, sip_, regions_, locations_, pools_, nothing_;
  std::map<View, std::set<EntityId>> group_rows_;
  std::vector<std::string> gone_users_;
  bool parameters_touched_ = false;
  SnapshotPtr current_;
  std::vector<SnapshotPtr> retired_;  // older ones that someone still holds
};

}  // namespace carillon::config
