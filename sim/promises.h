#pragma once
// What we promise whatever happens: bindings that were acknowledged are there, those given up are not; both legs agree;
// each call leaves one record, durable before its BYE is answered; nothing is left over.

#include <vector>

#include "audit.h"
#include "scenario.h"

namespace carillon::sim {

void check_bindings(Scenario& s, std::vector<Finding>& out);
void check_agreement(Scenario& s, std::vector<Finding>& out);
void check_records(Scenario& s, std::vector<Finding>& out);
// Findings of the audits that a kill excuses.
bool taken_by_kill(const Scenario& s, const Finding& f);
void check_leftovers(Scenario& s, std::vector<Finding>& out);

}  // namespace carillon::sim
