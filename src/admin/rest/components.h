#pragma once
// The components of the OpenAPI document that are not entities.

#include <string_view>

#include "text/json.h"

namespace carillon::admin {

// {"$ref": "#/components/schemas/NAME"}
json::object reference_to(std::string_view component);
// Adds Registration, Refusal, Call, Cdr, TraceMessage, ImportReport, Problem and the like.
void add_live_components(json::object& to);

}  // namespace carillon::admin
