#pragma once
// Where the configuration is kept, as the core sees it: narrow, without SQL, so that another engine can stand behind
// it. Used by one thread at a time (admin's service holds a lock). Entities come without the names of what they refer
// to (Ref::name is empty); ids are enough for everything but people.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/entities.h"
#include "config/vault.h"
#include "text/json.h"

namespace carillon::config {

template <typename T>
class Table {
 public:
  virtual ~Table() = default;
  virtual std::optional<T> get(EntityId id) = 0;
  // Ids of the rows with this key (userid, name, number), in order; more than one only where the key is a number.
  virtual std::vector<EntityId> find(View key) = 0;
  // Ids of the rows whose text field `field` (a JSON name) is `value`, in order.
  virtual std::vector<EntityId> where(View field, View value) = 0;
  // The key of a row, "" when there is none.
  virtual std::string key_of(EntityId id) = 0;
  // The row whose reference `field` (a JSON name) points to `target`; 0 when there is none.
  virtual EntityId referring(View field, EntityId target) = 0;
  // Each row in the order of keys after `after` (all: by id, which is faster), until f says false. f must not change
  // rows.
  virtual void each(bool by_key, View after, const std::function<bool(T&&)>& f) = 0;
  // `id` 0 takes a new one, which is filled in. A breach of uniqueness is a conflict.
  virtual Result<void> insert(T& row) = 0;
  virtual Result<void> update(const T& row) = 0;
  virtual Result<void> remove(EntityId id) = 0;
  virtual size_t count() = 0;
};

using ParameterValues = std::map<std::string, std::string, std::less<>>;

struct AuditEntry {
  uint64_t revision = 0;
  std::string what;  // "add", "update", "remove", "reset", "import"
  std::string collection;
  std::string name;
  json::value before, after;  // secrets left out; null when there is none
  Instant time;               // given by the store
};

template <typename T>
struct Tag {};

class Repository {
 public:
  virtual ~Repository() = default;
  template <typename T>
  Table<T>& of() {
    return table(Tag<T>{});
  }

  // One change is one transaction. Rows of a failed import row are undone by savepoints, which do not nest.
  virtual Result<void> begin() = 0;
  virtual Result<void> commit() = 0;  // durable when it returns
  virtual void rollback() = 0;
  virtual void savepoint() = 0;
  virtual void release() = 0;
  virtual void rollback_to_savepoint() = 0;

  virtual uint64_t revision() = 0;
  virtual void set_revision(uint64_t revision) = 0;
  // Written with the transaction; the store adds the time and keeps the last ones.
  virtual void audit(const AuditEntry& entry) = 0;
  // Newest first.
  virtual std::vector<AuditEntry> audit_trail(size_t limit) = 0;

  // Parameters that differ from their defaults, with the revision of each one's last change.
  virtual ParameterValues parameter_values() = 0;
  virtual std::map<std::string, uint64_t, std::less<>> parameter_revisions() = 0;
  virtual void set_parameter(View name, const std::optional<std::string>& value, uint64_t revision) = 0;

  // Who refers to the row of this table (Facts::name): "phone SEP…", at most `limit`.
  virtual std::vector<std::string> referrers(View table, EntityId id, size_t limit) = 0;

  virtual Vault& vault() = 0;

 private:
  virtual Table<EndUser>& table(Tag<EndUser>) = 0;
  virtual Table<Phone>& table(Tag<Phone>) = 0;
  virtual Table<Line>& table(Tag<Line>) = 0;
  virtual Table<Partition>& table(Tag<Partition>) = 0;
  virtual Table<CallingSearchSpace>& table(Tag<CallingSearchSpace>) = 0;
  virtual Table<PresenceGroup>& table(Tag<PresenceGroup>) = 0;
  virtual Table<PhoneSecurityProfile>& table(Tag<PhoneSecurityProfile>) = 0;
  virtual Table<SipProfile>& table(Tag<SipProfile>) = 0;
  virtual Table<Region>& table(Tag<Region>) = 0;
  virtual Table<Location>& table(Tag<Location>) = 0;
  virtual Table<DevicePool>& table(Tag<DevicePool>) = 0;
  virtual Table<LineGroup>& table(Tag<LineGroup>) = 0;
  virtual Table<HuntList>& table(Tag<HuntList>) = 0;
  virtual Table<HuntPilot>& table(Tag<HuntPilot>) = 0;
  virtual Table<CallPickupGroup>& table(Tag<CallPickupGroup>) = 0;
  virtual Table<CallPark>& table(Tag<CallPark>) = 0;
  virtual Table<DirectedCallPark>& table(Tag<DirectedCallPark>) = 0;
  virtual Table<FeatureCode>& table(Tag<FeatureCode>) = 0;
  virtual Table<CallerFilter>& table(Tag<CallerFilter>) = 0;
};

}  // namespace carillon::config
