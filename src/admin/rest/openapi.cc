#include "admin/openapi.h"

#include "admin/problem.h"
#include "admin/rest/components.h"
#include "admin/rest/routes.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string out(text);
  if (const size_t at = out.find(what); at != std::string::npos) out.replace(at, what.size(), by);
  return out;
}

json::object media(std::string_view type, json::object schema) {
  return {{std::string(type), json::object{{"schema", std::move(schema)}}}};
}

// The answer's schema: "{}" is the entity, "[]" behind a name a list of it.
json::object answer_schema(std::string_view schema, const Collection* collection) {
  const bool list = schema.ends_with("[]");
  if (list) schema.remove_suffix(2);
  if (schema == "{}") schema = collection->schema;
  if (schema.empty()) return {{"type", "string"}};
  if (!list) return reference_to(schema);
  return {{"type", "array"}, {"items", reference_to(schema)}};
}

json::object parameter(std::string_view name, std::string_view in, std::string_view type, std::string_view help) {
  return {{"name", std::string(name)},
          {"in", std::string(in)},
          {"required", in == "path"},
          {"description", std::string(help)},
          {"schema", json::object{{"type", std::string(type)}}}};
}

json::array parameters_of(const Route& route, const Collection* collection) {
  json::array out;
  if (route.path.find("{name}") != std::string_view::npos) {
    out.push_back(
        parameter("name", "path", "string", collection ? std::string(collection->key) + ", escaped" : "name, escaped"));
  }
  for (const auto& each : route.query) out.push_back(parameter(each.name, "query", each.type, each.help));
  const bool changes = route.method == "PATCH" || route.method == "PUT" || route.method == "DELETE";
  if (collection != nullptr && changes) {
    out.push_back(parameter("If-Match", "header", "string", "The ETag that was read: 412 when it has changed since"));
  }
  return out;
}

json::object responses_of(const Route& route, const Collection* collection) {
  json::object success{{"description", route.status == 204 ? "Done" : "As asked"}};
  if (!route.media.empty()) success["content"] = media(route.media, answer_schema(route.schema, collection));
  json::object out{{std::to_string(route.status), std::move(success)}};
  out["default"] = json::object{{"description", "A problem (RFC 9457)"},
                                {"content", media("application/problem+json", reference_to("Problem"))}};
  return out;
}

json::object operation(const Route& route, const Collection* collection) {
  json::object out;
  out["operationId"] = std::string(route.id) + (collection != nullptr ? std::string(collection->schema) : "");
  out["summary"] = replaced(route.summary, "{label}", collection != nullptr ? collection->label : "");
  out["tags"] = json::array{json::value(collection != nullptr ? std::string(collection->label) : "Server")};
  auto parameters = parameters_of(route, collection);
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (!route.body.empty()) {
    json::object schema{{"type", "string"}};
    if (collection != nullptr) schema = reference_to(collection->schema);
    out["requestBody"] = json::object{{"required", true}, {"content", media(route.body, std::move(schema))}};
  }
  out["responses"] = responses_of(route, collection);
  if (route.access == Access::open) out["security"] = json::array{};
  return out;
}

void add_path(json::object& paths, const Route& route, const Collection* collection) {
  const std::string path = replaced(route.path, "{collection}", collection != nullptr ? collection->path : "");
  auto& item = paths[path];
  if (!item.is_object()) item = json::object{};
  item.get_object()[to_lower(route.method)] = operation(route, collection);
}

json::object paths() {
  json::object out;
  for (const auto& route : routes()) {
    if (route.path.find("{collection}") == std::string_view::npos) {
      add_path(out, route, nullptr);
      continue;
    }
    for (const auto& collection : kCollections) {
      if (takes(route, collection)) add_path(out, route, &collection);
    }
  }
  return out;
}

json::object components(const json::object& given) {
  const auto* inner = given.if_contains("schemas");
  json::object all;
  for (const auto& [name, schema] : inner != nullptr && inner->is_object() ? inner->get_object() : given) {
    if (schema.is_object()) all[name] = schema;
  }
  for (const auto& collection : kCollections) {
    if (!all.contains(collection.schema)) all[std::string(collection.schema)] = json::object{{"type", "object"}};
  }
  add_live_components(all);
  json::object bearer{
      {"type", "http"}, {"scheme", "bearer"}, {"description", "The token in the file token of the data directory"}};
  return {{"schemas", std::move(all)}, {"securitySchemes", json::object{{"bearer", std::move(bearer)}}}};
}

}  // namespace

json::object openapi(const json::object& schemas, std::string_view version) {
  json::object out;
  out["openapi"] = "3.1.0";
  out["info"] = json::object{{"title", "Carillon"},
                             {"version", std::string(version)},
                             {"description", "Configuration and state of a Carillon call-control server"},
                             {"license", json::object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
  out["servers"] = json::array{json::object{{"url", "/"}}};
  out["security"] = json::array{json::object{{"bearer", json::array{}}}};
  out["paths"] = paths();
  out["components"] = components(schemas);
  return out;
}

http::Response show_openapi(const Context& c) {
  return json_response(200, json::print(openapi(c.service.schemas(), c.options.version)));
}

http::Response show_docs(const Context& c) {
  auto out = json_response(200, docs_page(openapi(c.service.schemas(), c.options.version)));
  out.content_type = "text/html; charset=utf-8";
  out.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  return out;
}

}  // namespace carillon::admin
