// Entities over HTTP: list, get, add, update, remove, reset, with ETag and If-Match (RFC 9110 §8.8.3, §13.1.1).

#include "admin/problem.h"
#include "admin/rest/routes.h"
#include "base/text.h"
#include "http/url.h"

namespace carillon::admin {
namespace {

// The revision of an entity as it prints it; that of the whole configuration for one that does not.
uint64_t revision_of(const json::object& entity, uint64_t whole) {
  const auto* value = entity.if_contains("revision");
  if (value == nullptr || !value->is_number()) return whole;
  return value->to_number<uint64_t>();
}

std::string etag(uint64_t revision) { return "\"" + std::to_string(revision) + "\""; }

http::Response entity_response(int status, const json::object& entity, uint64_t whole) {
  auto out = json_response(status, json::print(entity));
  out.headers.emplace_back("ETag", etag(revision_of(entity, whole)));
  return out;
}

std::string path_of(const Collection& collection, std::string_view name) {
  return "/api/v1/" + std::string(collection.path) + "/" + http::percent_encode(name);
}

// "17" or W/"17" as a number; 0 for none and for *. Nothing for what was never given out.
std::optional<uint64_t> if_match(const http::Request& request) {
  auto value = trim(request.header("if-match"));
  if (value.empty() || value == "*") return 0;
  if (value.starts_with("W/")) value.remove_prefix(2);
  if (value.size() < 3 || value.front() != '"' || value.back() != '"') return {};
  return to_number<uint64_t>(value.substr(1, value.size() - 2));
}

http::Response changed_meanwhile(const Context& c) {
  return problem(412, "'" + printable(c.name, 100) + "' has changed since it was read: read it again");
}

// The answer to a change, once it is in force if that was asked for.
http::Response written(const Context& c, http::Response out, uint64_t revision) {
  out.headers.emplace_back("Carillon-Revision", std::to_string(revision));
  if (c.request.parameter("wait") == "applied") {
    out.headers.emplace_back("Carillon-Applied", c.live.wait_applied(revision) ? "yes" : "no");
  }
  return out;
}

Result<json::object> body_of(const http::Request& request) {
  auto parsed = json::parse(request.body);
  if (!parsed) return Fault{FaultKind::invalid, "The body is not JSON: " + parsed.error().text, ""};
  if (!parsed->is_object()) return Fault{FaultKind::invalid, "The body must be a JSON object of fields", ""};
  return std::move(parsed->get_object());
}

Result<ListQuery> list_query(const http::Request& request) {
  ListQuery out;
  for (const auto& [name, value] : request.query) {
    if (name == "limit") {
      const auto limit = to_number<size_t>(value);
      if (!limit) return Fault{FaultKind::invalid, "not a number: " + printable(value, 40), "limit"};
      out.limit = *limit;
    } else if (name == "after") {
      out.after = value;
    } else {
      out.filters.emplace_back(name, value);
    }
  }
  return out;
}

// Where the list goes on (RFC 8288): the same query behind the last one shown.
std::string next_link(const Context& c, const json::value& last) {
  std::string link = "</api/v1/" + std::string(c.collection->path) + "?";
  for (const auto& [name, value] : c.request.query) {
    if (name != "after") link += http::percent_encode(name) + "=" + http::percent_encode(value) + "&";
  }
  const auto* key = last.is_object() ? last.get_object().if_contains(c.collection->key) : nullptr;
  const std::string name = key != nullptr && key->is_string() ? std::string(key->get_string()) : "";
  return link + "after=" + http::percent_encode(name) + ">; rel=\"next\"";
}

// Locations show what is in use now; these fields may come back in a change, and say nothing there.
constexpr std::string_view kInUse[] = {"audioInUse", "videoInUse"};

void show_use(const Context& c, json::object& location, const json::array& uses) {
  for (const auto field : kInUse) location[std::string(field)] = 0;
  const auto name = location.if_contains(c.collection->key);
  for (const auto& each : uses) {
    const auto& use = each.get_object();
    if (name == nullptr || use.at("location") != *name || !use.at("other").get_string().empty()) continue;
    for (const auto field : kInUse) location[std::string(field)] = use.at(std::string(field));
  }
}

bool has_use(const Context& c) { return c.collection->path == "locations"; }

}  // namespace

http::Response list_entities(const Context& c) {
  const auto query = list_query(c.request);
  if (!query) return problem(query.error());
  auto rows = c.service.list(c.collection->path, *query);
  if (!rows) return problem(rows.error());
  json::array& shown = *rows;
  if (has_use(c)) {
    const auto uses = c.live.location_use();
    for (auto& row : shown) {
      if (uses && row.is_object()) show_use(c, row.get_object(), *uses);
    }
  }
  auto out = json_response(200, json::print(shown));
  if (query->limit != 0 && rows->size() == query->limit) out.headers.emplace_back("Link", next_link(c, rows->back()));
  return out;
}

http::Response get_entity(const Context& c) {
  const uint64_t whole = c.service.revision();  // before the entity: never newer than it
  const auto entity = c.service.get(c.collection->path, c.name);
  if (!entity) return problem(entity.error());
  auto out = entity_response(200, *entity, whole);
  if (trim(c.request.header("if-none-match")) == out.headers.back().second) {
    out.status = 304;
    out.body.clear();
  }
  return out;
}

http::Response add_entity(const Context& c) {
  const auto fields = body_of(c.request);
  if (!fields) return problem(fields.error());
  const auto added = c.service.add(c.collection->path, *fields);
  if (!added) return problem(added.error());
  auto out = entity_response(201, added->entity, added->revision);
  const auto* key = added->entity.if_contains(c.collection->key);
  if (key != nullptr && key->is_string()) {
    out.headers.emplace_back("Location", path_of(*c.collection, std::string_view(key->get_string())));
  }
  return written(c, std::move(out), added->revision);
}

http::Response update_entity(const Context& c) {
  const auto revision = if_match(c.request);
  if (!revision) return changed_meanwhile(c);
  auto fields = body_of(c.request);
  if (!fields) return problem(fields.error());
  if (has_use(c)) {
    for (const auto field : kInUse) fields->erase(std::string(field));
  }
  const auto updated = c.service.update(c.collection->path, c.name, *fields, *revision);
  if (!updated) {
    const auto& fault = updated.error();
    const bool stale = *revision != 0 && fault.kind == FaultKind::conflict && fault.field.empty();
    return stale ? changed_meanwhile(c) : problem(fault);
  }
  return written(c, entity_response(200, updated->entity, updated->revision), updated->revision);
}

http::Response remove_entity(const Context& c) {
  const auto revision = if_match(c.request);
  if (!revision) return changed_meanwhile(c);
  if (*revision != 0) {
    const auto present = c.service.get(c.collection->path, c.name);
    if (!present) return problem(present.error());
    if (revision_of(*present, *revision) > *revision) return changed_meanwhile(c);
  }
  const auto removed = c.service.remove(c.collection->path, c.name);
  if (!removed) return problem(removed.error());
  http::Response out;
  out.status = 204;
  return written(c, std::move(out), *removed);
}

http::Response reset_entity(const Context& c) {
  const auto reset = c.service.reset(c.collection->path, c.name);
  if (!reset) return problem(reset.error());
  return written(c, entity_response(200, reset->entity, reset->revision), reset->revision);
}

}  // namespace carillon::admin
