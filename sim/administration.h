#pragma once
// The administration of the simulated world: what phones ask for by feature code is changed in the directory, by rules
// of the kind that the real one has.

#include <string>

#include "call/config_request.h"
#include "directory.h"

namespace carillon::sim {

// "" when it was done, else what is wrong with it.
std::string administer(Directory& directory, const call::ConfigRequest& request);

}  // namespace carillon::sim
