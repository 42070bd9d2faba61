// The page at /api/docs: what the OpenAPI document says, for people.

#include "admin/openapi.h"
#include "base/text.h"

namespace carillon::admin {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Carillon API</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #ddd; } a { color: #8bf; } }
code, td:first-child { font-family: ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem; }
td { border-top: 1px solid #8884; padding: .2rem .8rem .2rem 0; vertical-align: top; }
.m { display: inline-block; width: 5rem; font-weight: 600; }
</style></head><body>
<h1>Carillon API</h1>
<p>The machine-readable form is <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1). Callers show the token
that stands in the file <code>token</code> of the data directory: <code>Authorization: Bearer TOKEN</code>. Errors are
problem details (RFC 9457) that name the field.</p>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string text_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  if (value == nullptr) return "";
  return value->is_string() ? std::string(value->get_string()) : json::print(*value);
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

void add_paths(std::string& to, const json::object& paths) {
  to += "<h2>Paths</h2>\n<table>\n";
  for (const auto& [path, item] : paths) {
    for (const auto& [method, operation] : item.as_object()) {
      to += "<tr><td><span class=\"m\">" + upper(method) + "</span>" + escaped(path) + "</td><td>" +
            escaped(text_of(operation.as_object(), "summary")) + "</td></tr>\n";
    }
  }
  to += "</table>\n";
}

std::string type_of(const json::object& field) {
  if (const auto reference = text_of(field, "$ref"); !reference.empty())
    return reference.substr(reference.rfind('/') + 1);
  std::string type = text_of(field, "type");
  if (const auto* values = field.if_contains("enum")) type += " " + json::print(*values);
  if (const auto* items = field.if_contains("items"); items != nullptr && items->is_object()) {
    type += " of " + type_of(items->get_object());
  }
  return type;
}

void add_schema(std::string& to, std::string_view name, const json::object& schema) {
  const auto* properties = schema.if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return;
  to += "<h3>" + escaped(name) + "</h3>\n<table>\n";
  for (const auto& [field, facts] : properties->get_object()) {
    if (!facts.is_object()) continue;
    to += "<tr><td>" + escaped(field) + "</td><td>" + escaped(type_of(facts.get_object())) + "</td><td>" +
          escaped(text_of(facts.get_object(), "description")) + "</td></tr>\n";
  }
  to += "</table>\n";
}

}  // namespace

std::string docs_page(const json::object& document) {
  std::string out(kHead);
  add_paths(out, document.at("paths").as_object());
  out += "<h2>Objects</h2>\n";
  for (const auto& [name, schema] : document.at("components").as_object().at("schemas").as_object()) {
    if (schema.is_object()) add_schema(out, name, schema.get_object());
  }
  return out + "</body></html>\n";
}

}  // namespace carillon::admin
