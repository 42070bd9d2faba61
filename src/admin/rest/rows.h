#pragma once
// Lists of what is not an entity: rows as JSON objects, of which the request's query takes some.

#include <span>
#include <string_view>

#include "admin/rest/routes.h"

namespace carillon::admin {

// Parameters that are not a field's value.
constexpr std::string_view kRowParameters[] = {"limit"};

// 0 when the request has no limit.
Result<size_t> limit_of(const http::Request& request);
// The rows that pass the query, at most `limit`: `q` is anywhere in a row, any other parameter but those in `taken` is
// a field's value.
http::Response rows_response(const Context& c, const Result<json::array>& rows,
                             std::span<const std::string_view> taken = kRowParameters);

}  // namespace carillon::admin
