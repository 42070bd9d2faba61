#include "admin/entity_collection.h"

namespace carillon::admin {

void put_media(Core& core, CollectionMap& collections) {
  put_collections<config::Region, config::Location, config::DevicePool>(core, collections);
}

}  // namespace carillon::admin
