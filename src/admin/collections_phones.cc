#include "admin/entity_collection.h"

namespace carillon::admin {

void put_phones(Core& core, CollectionMap& collections) {
  put_collections<config::EndUser, config::Phone, config::Line>(core, collections);
}

}  // namespace carillon::admin
