#pragma once
// The administration of the simulated world: what phones ask for by feature code is changed in the directory, by rules
// of the kind that the real one has.

#include <string>

#include "call/config_request.h"
#include "directory.h"
#include "disk.h"

namespace carillon::sim {

// "" when it was done, else what is wrong with it.
std::string administer(Directory& directory, const call::ConfigRequest& request);

// The newest call records with that number in them.
std::vector<state::Cdr> records_of(const Disk& disk, const call::ConfigRequest& request);

}  // namespace carillon::sim
