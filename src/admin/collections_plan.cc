#include "admin/entity_collection.h"

namespace carillon::admin {

void put_plan(Core& core, CollectionMap& collections) {
  put_collections<config::Partition, config::CallingSearchSpace, config::PresenceGroup, config::PhoneSecurityProfile,
                  config::SipProfile>(core, collections);
}

}  // namespace carillon::admin
