#include "admin/openapi.h"

#include <gtest/gtest.h>

#include <set>

#include "admin/fakes.h"
#include "admin/rest/routes.h"
#include "config/entities.h"

namespace carillon::admin {
namespace {

// Every $ref in a document.
void references(const json::value& value, std::set<std::string>& to) {
  if (value.is_array()) {
    for (const auto& each : value.get_array()) references(each, to);
  } else if (value.is_object()) {
    for (const auto& [name, inner] : value.get_object()) {
      if (name == "$ref") to.insert(std::string(inner.as_string()));
      references(inner, to);
    }
  }
}

json::object document() {
  FakeService service;
  return openapi(service.schemas(), "1.2.3");
}

TEST(Openapi, EveryReferenceLeadsSomewhere) {
  const auto whole = document();
  std::set<std::string> found;
  references(whole, found);
  EXPECT_GT(found.size(), 10u);
  const auto& schemas = whole.at("components").at("schemas").as_object();
  for (const auto& reference : found) {
    ASSERT_TRUE(reference.starts_with("#/components/schemas/"));
    EXPECT_TRUE(schemas.contains(reference.substr(21))) << reference;
  }
}

TEST(Openapi, OperationsAreWhole) {
  const auto whole = document();
  EXPECT_EQ(whole.at("openapi").as_string(), "3.1.0");
  std::set<std::string> ids;
  size_t operations = 0;
  for (const auto& [path, item] : whole.at("paths").as_object()) {
    EXPECT_TRUE(path.starts_with("/")) << path;
    for (const auto& [method, operation] : item.as_object()) {
      operations++;
      ids.insert(std::string(operation.at("operationId").as_string()));
      EXPECT_FALSE(operation.at("responses").as_object().empty());
      EXPECT_EQ(std::string_view(operation.at("summary").as_string()).find('{'), std::string_view::npos);
      // Each parameter of the path is declared, once and as required.
      size_t declared = 0;
      if (const auto* parameters = operation.as_object().if_contains("parameters")) {
        for (const auto& each : parameters->as_array())
          declared += each.at("in").as_string() == "path" && each.at("required").as_bool();
      }
      EXPECT_EQ(declared, std::string_view(path).find("{name}") == std::string_view::npos ? 0u : 1u) << path;
      EXPECT_EQ(std::string_view(path).find("{collection}"), std::string_view::npos);
    }
  }
  EXPECT_EQ(ids.size(), operations);
}

TEST(Openapi, TheTableOfRoutesIsTheDocument) {
  const auto whole = document();
  const auto& paths = whole.at("paths").as_object();
  EXPECT_TRUE(paths.at("/api/v1/phones/{name}").as_object().contains("patch"));
  EXPECT_FALSE(paths.at("/api/v1/parameters").as_object().contains("post"));
  EXPECT_FALSE(paths.contains("/api/v1/users/{name}/reset"));
  EXPECT_TRUE(paths.contains("/api/v1/sip-profiles/{name}/reset"));
  for (const auto& [path, item] : paths) {
    std::string target(path);
    if (const size_t at = target.find("{name}"); at != std::string::npos) target.replace(at, 6, "x");
    http::Request request;
    request.target = target;
    for (const auto& [method, operation] : item.as_object()) {
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(c - 32);
      EXPECT_NE(match(upper, request).route, nullptr) << upper << " " << target;
    }
  }
}

TEST(Openapi, ThePageEscapesWhatItShows) {
  json::object schemas{
      {"EndUser", json::object{{"properties", json::object{{"<script>", json::object{{"type", "a&b"}}}}}}}};
  const auto page = docs_page(openapi(schemas, "1"));
  EXPECT_EQ(page.find("<script>"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(page.find("a&amp;b"), std::string::npos);
  EXPECT_NE(page.find("/api/v1/users/{name}"), std::string::npos);
}

template <typename T>
void expect_facts() {
  const auto& facts = config::facts_of<T>();
  const auto* collection = find_collection(facts.collection);
  ASSERT_NE(collection, nullptr) << facts.collection;
  EXPECT_EQ(collection->noun, facts.noun);
  EXPECT_EQ(collection->schema, facts.name);
  EXPECT_EQ(collection->label, facts.label);
  EXPECT_EQ(collection->key, facts.key);
}

TEST(Collections, AgreeWithTheEntities) {
  expect_facts<config::EndUser>();
  expect_facts<config::Phone>();
  expect_facts<config::Line>();
  expect_facts<config::Partition>();
  expect_facts<config::CallingSearchSpace>();
  expect_facts<config::PresenceGroup>();
  expect_facts<config::PhoneSecurityProfile>();
  expect_facts<config::SipProfile>();
  expect_facts<config::Region>();
  expect_facts<config::Location>();
  expect_facts<config::DevicePool>();
  expect_facts<config::LineGroup>();
  expect_facts<config::HuntList>();
  expect_facts<config::HuntPilot>();
  expect_facts<config::CallPickupGroup>();
  expect_facts<config::CallPark>();
  expect_facts<config::DirectedCallPark>();
  expect_facts<config::FeatureCode>();
  expect_facts<config::CallerFilter>();
}

}  // namespace
}  // namespace carillon::admin
