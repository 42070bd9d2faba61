#pragma once
// The OpenAPI 3.1 document, made from the routes and from the entities' schemas; and a page for people made from the
// same.

#include <string>
#include <string_view>

#include "text/json.h"

namespace carillon::admin {

// `schemas` is what Service::schemas() gives: components by name, or an object that has them under "schemas".
json::object openapi(const json::object& schemas, std::string_view version);
// Self-contained HTML: every path with its methods, and every field of every entity.
std::string docs_page(const json::object& document);

}  // namespace carillon::admin
