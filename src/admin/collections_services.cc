#include "admin/entity_collection.h"

namespace carillon::admin {

void put_services(Core& core, CollectionMap& collections) {
  put_collections<config::LineGroup, config::HuntList, config::HuntPilot, config::CallPickupGroup, config::CallPark,
                  config::DirectedCallPark, config::FeatureCode, config::CallerFilter>(core, collections);
}

}  // namespace carillon::admin
