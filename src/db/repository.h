#pragma once
// config::Repository over SQLite. One thread at a time.

#include <memory>
#include <string>

#include "config/repository.h"
#include "db/entity_table.h"
#include "db/sqlite.h"

namespace carillon::db {

class SqliteRepository final : public config::Repository {
 public:
  // REQUIRES: the schema is in place.
  SqliteRepository(std::unique_ptr<Connection> connection, std::unique_ptr<config::Vault> vault);

  Result<void> begin() override;
  Result<void> commit() override;
  void rollback() override;
  void savepoint() override;
  void release() override;
  void rollback_to_savepoint() override;
  uint64_t revision() override;
  void set_revision(uint64_t revision) override;
  void audit(const config::AuditEntry& entry) override;
  std::vector<config::AuditEntry> audit_trail(size_t limit) override;
  config::ParameterValues parameter_values() override;
  std::map<std::string, uint64_t, std::less<>> parameter_revisions() override;
  void set_parameter(View name, const std::optional<std::string>& value, uint64_t revision) override;
  std::vector<std::string> referrers(View table, EntityId id, size_t limit) override;
  config::Vault& vault() override { return *vault_; }
  // Makes the built-in rows that are missing.
  Result<void> ensure_built_in();

 private:
  config::Table<config::EndUser>& table(config::Tag<config::EndUser>) override { return users_; }
  config::Table<config::Phone>& table(config::Tag<config::Phone>) override { return phones_; }
  config::Table<config::Line>& table(config::Tag<config::Line>) override { return lines_; }
  config::Table<config::Partition>& table(config::Tag<config::Partition>) override { return partitions_; }
  config::Table<config::CallingSearchSpace>& table(config::Tag<config::CallingSearchSpace>) override { return spaces_; }
  config::Table<config::PresenceGroup>& table(config::Tag<config::PresenceGroup>) override { return presence_groups_; }
  config::Table<config::PhoneSecurityProfile>& table(config::Tag<config::PhoneSecurityProfile>) override {
    return security_;
  }
  config::Table<config::SipProfile>& table(config::Tag<config::SipProfile>) override { return sip_; }
  config::Table<config::Region>& table(config::Tag<config::Region>) override { return regions_; }
  config::Table<config::Location>& table(config::Tag<config::Location>) override { return locations_; }
  config::Table<config::DevicePool>& table(config::Tag<config::DevicePool>) override { return pools_; }
  config::Table<config::LineGroup>& table(config::Tag<config::LineGroup>) override { return line_groups_; }
  config::Table<config::HuntList>& table(config::Tag<config::HuntList>) override { return hunt_lists_; }
  config::Table<config::HuntPilot>& table(config::Tag<config::HuntPilot>) override { return hunt_pilots_; }
  config::Table<config::CallPickupGroup>& table(config::Tag<config::CallPickupGroup>) override {
    return pickup_groups_;
  }
  config::Table<config::CallPark>& table(config::Tag<config::CallPark>) override { return parks_; }
  config::Table<config::DirectedCallPark>& table(config::Tag<config::DirectedCallPark>) override {
    return directed_parks_;
  }
  config::Table<config::FeatureCode>& table(config::Tag<config::FeatureCode>) override { return codes_; }
  config::Table<config::CallerFilter>& table(config::Tag<config::CallerFilter>) override { return filters_; }
  // A statement of a transaction: a failure shows when the transaction commits.
  void note(const Result<void>& done);

  std::unique_ptr<Connection> connection_;
  std::unique_ptr<config::Vault> vault_;
  EntityTable<config::EndUser> users_;
  EntityTable<config::Phone> phones_;
  EntityTable<config::Line> lines_;
  EntityTable<config::Partition> partitions_;
  EntityTable<config::CallingSearchSpace> spaces_;
  EntityTable<config::PresenceGroup> presence_groups_;
  EntityTable<config::PhoneSecurityProfile> security_;
  EntityTable<config::SipProfile> sip_;
  EntityTable<config::Region> regions_;
  EntityTable<config::Location> locations_;
  EntityTable<config::DevicePool> pools_;
  EntityTable<config::LineGroup> line_groups_;
  EntityTable<config::HuntList> hunt_lists_;
  EntityTable<config::HuntPilot> hunt_pilots_;
  EntityTable<config::CallPickupGroup> pickup_groups_;
  EntityTable<config::CallPark> parks_;
  EntityTable<config::DirectedCallPark> directed_parks_;
  EntityTable<config::FeatureCode> codes_;
  EntityTable<config::CallerFilter> filters_;
  Result<void> failed_;
};

}  // namespace carillon::db
