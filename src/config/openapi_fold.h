#pragma once
// OpenAPI 3.1 schema objects, and what the command line and forms need to know of a field, from the descriptions.

#include <string>

#include "config/json_fold.h"

namespace carillon::config {

namespace detail {

template <typename V>
json::object type_schema(const Rules& rules);

template <typename V>
json::object list_schema(const Rules& rules) {
  json::object o;
  o["type"] = "array";
  if constexpr (WordList<V>) {
    json::object item;
    item["type"] = "string";
    json::array allowed;
    for (const View w : rules.values) allowed.push_back(json::value(key(w)));
    if (!allowed.empty()) item["enum"] = std::move(allowed);
    if (const View pattern = charset_pattern(rules.charset); rules.values.empty() && !pattern.empty())
      item["pattern"] = key(pattern);
    o["items"] = std::move(item);
  } else if constexpr (RefList<V>) {
    o["items"] = type_schema<typename V::value_type>(rules);
  } else {
    json::object by_name, by_object;
    by_name["type"] = "string";
    by_object["$ref"] = "#/components/schemas/" + std::string(facts_of<typename V::value_type>().name);
    json::object item;
    item["anyOf"] = json::array{std::move(by_object), std::move(by_name)};
    o["items"] = std::move(item);
  }
  return o;
}

template <typename V>
json::object type_schema(const Rules& rules) {
  json::object o;
  if constexpr (std::is_same_v<V, bool>) {
    o["type"] = "boolean";
  } else if constexpr (std::is_same_v<V, int64_t>) {
    o["type"] = "integer";
    if (rules.max != 0) o["minimum"] = rules.min, o["maximum"] = rules.max;
  } else if constexpr (EnumValue<V>) {
    o["type"] = "string";
    json::array allowed;
    for (const View w : words<V>) allowed.push_back(json::value(key(w)));
    o["enum"] = std::move(allowed);
  } else if constexpr (RefValue<V>) {
    o["type"] = json::array{"string", "null"};
  } else if constexpr (IsList<V>::value) {
    return list_schema<V>(rules);
  } else {
    o["type"] = "string";
    o["maxLength"] = rules.max_length;
    const View pattern = charset_pattern(rules.charset);
    if (!pattern.empty()) o["pattern"] = key(pattern);
  }
  return o;
}

// "--digest-credentials" for digestCredentials, without the hyphens in front.
inline std::string kebab(View name) {
  std::string flag;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z' && !flag.empty() && flag.back() != '-') flag += '-';
    flag += ascii_lower(c);
  }
  return flag;
}

template <typename V>
View type_word() {
  if constexpr (std::is_same_v<V, bool>) return "boolean";
  if constexpr (std::is_same_v<V, int64_t>) return "integer";
  if constexpr (EnumValue<V>) return "enum";
  if constexpr (RefValue<V>) return "reference";
  if constexpr (std::is_same_v<V, Secret>) return "secret";
  if constexpr (IsList<V>::value) return "list";
  return "text";
}

// What a reference or a list of them points to, "" for other fields.
template <typename V>
View target_collection() {
  if constexpr (RefValue<V>) {
    return facts_of<typename IsRef<V>::Target>().collection;
  } else if constexpr (RefList<V>) {
    return target_collection<typename V::value_type>();
  } else {
    return "";
  }
}

template <typename V>
json::array allowed_words(const Rules& rules) {
  json::array allowed;
  if constexpr (EnumValue<V>) {
    for (const View w : words<V>) allowed.push_back(json::value(key(w)));
  } else {
    for (const View w : rules.values) allowed.push_back(json::value(key(w)));
  }
  return allowed;
}

}  // namespace detail

// The schema object of T.
template <typename T>
json::object openapi_schema() {
  const T initial{};
  json::object properties;
  json::array required;
  each_field<T>([&](const auto& f) {
    using V = typename std::decay_t<decltype(f)>::Value;
    json::object p = detail::type_schema<V>(f.rules);
    p["description"] = detail::key(f.help);
    if constexpr (std::is_same_v<V, Secret>) {
      p["writeOnly"] = true;
      json::object set;
      set["type"] = "boolean";
      set["readOnly"] = true;
      set["description"] = "Whether " + std::string(f.name) + " is set";
      properties[std::string(f.name) + "Set"] = std::move(set);
    } else if constexpr (!RefValue<V> && !PartList<V>) {
      p["default"] = detail::value_to_json(f.of(initial));
    }
    // A phone's name is required of the row and made up when left out; a list has its default.
    if (f.rules.required && std::is_same_v<V, std::string> && facts_of<T>().name != "Phone") {
      required.push_back(json::value(detail::key(f.name)));
    }
    properties[detail::key(f.name)] = std::move(p);
  });
  if constexpr (Entity<T>) {
    json::object revision;
    revision["type"] = "integer";
    revision["readOnly"] = true;
    revision["description"] = "Revision of the configuration in which it last changed";
    properties["revision"] = std::move(revision);
  }
  json::object o;
  o["type"] = "object";
  o["title"] = detail::key(facts_of<T>().label);
  o["additionalProperties"] = false;
  o["properties"] = std::move(properties);
  if (!required.empty()) o["required"] = std::move(required);
  return o;
}

// The facts of a collection and its fields, for the command line's help and for forms.
template <typename T>
json::object collection_facts() {
  const Facts& facts = facts_of<T>();
  json::object o;
  o["path"] = detail::key(facts.collection);
  o["noun"] = detail::key(facts.noun);
  o["schema"] = detail::key(facts.name);
  o["label"] = detail::key(facts.label);
  o["key"] = detail::key(facts.key);
  json::array fields;
  each_field<T>([&](const auto& f) {
    using V = typename std::decay_t<decltype(f)>::Value;
    json::object field;
    field["name"] = detail::key(f.name);
    field["flag"] = detail::kebab(f.name);
    field["type"] = detail::key(detail::type_word<V>());
    field["help"] = detail::key(f.help);
    field["required"] = f.rules.required && std::is_same_v<V, std::string> && facts_of<T>().name != "Phone";
    field["values"] = detail::allowed_words<V>(f.rules);
    field["target"] = detail::key(detail::target_collection<V>());
    fields.push_back(std::move(field));
  });
  o["fields"] = std::move(fields);
  return o;
}

}  // namespace carillon::config
