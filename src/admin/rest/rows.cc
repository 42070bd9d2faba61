#include "admin/rest/rows.h"

#include <algorithm>

#include "admin/problem.h"
#include "base/text.h"

namespace carillon::admin {

namespace {

bool has_text(const json::value& value, std::string_view part) {
  const auto text = value.is_string() ? std::string(value.get_string()) : json::print(value);
  return to_lower(text).find(part) != std::string::npos;
}

bool equals(const json::object& row, std::string_view field, std::string_view wanted) {
  const auto* value = row.if_contains(field);
  if (value == nullptr) return false;
  return value->is_string() ? std::string_view(value->get_string()) == wanted : json::print(*value) == wanted;
}

bool holds(std::span<const std::string_view> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Does the row pass the query? `q` is anywhere in it, any other parameter but those in `taken` is a field's value.
bool passes(const json::value& value, const http::Request& request, std::span<const std::string_view> taken) {
  if (!value.is_object()) return true;
  const auto& row = value.get_object();
  return std::all_of(request.query.begin(), request.query.end(), [&row, taken](const auto& parameter) {
    const auto& [name, wanted] = parameter;
    if (holds(taken, name)) return true;
    if (name != "q") return equals(row, name, wanted);
    const std::string part = to_lower(wanted);
    return std::any_of(row.begin(), row.end(), [&part](const auto& each) { return has_text(each.value(), part); });
  });
}

}  // namespace

Result<size_t> limit_of(const http::Request& request) {
  const auto text = request.parameter("limit");
  if (text.empty()) return size_t{0};
  const auto limit = to_number<size_t>(text);
  if (!limit) return Fault{FaultKind::invalid, "not a number: " + printable(text, 40), "limit"};
  return *limit;
}

http::Response rows_response(const Context& c, const Result<json::array>& rows,
                             std::span<const std::string_view> taken) {
  if (!rows) return problem(rows.error());
  const auto limit = limit_of(c.request);
  if (!limit) return problem(limit.error());
  json::array out;
  for (const auto& row : *rows) {
    if (*limit != 0 && out.size() == *limit) break;
    if (passes(row, c.request, taken)) out.push_back(row);
  }
  return json_response(200, json::print(out));
}

}  // namespace carillon::admin
