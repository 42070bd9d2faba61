#pragma once
// Entities to JSON and back, by their descriptions. References are names; a secret is never there, only `…Set`.

#include <string>

#include "config/describe.h"
#include "config/value_text.h"
#include "text/json.h"

namespace carillon::config {

template <typename T>
json::object to_json(const T& entity);
template <typename T>
void from_json(T& into, const json::object& fields, Problems& problems);

namespace detail {

inline boost::json::string_view key(View v) { return {v.data(), v.size()}; }

template <typename V>
json::value value_to_json(const V& value) {
  if constexpr (std::is_same_v<V, bool> || std::is_same_v<V, int64_t>) {
    return value;
  } else if constexpr (std::is_same_v<V, std::string>) {
    return json::value(key(value));
  } else if constexpr (EnumValue<V>) {
    return json::value(key(word(value)));
  } else if constexpr (RefValue<V>) {
    return value.name.empty() ? json::value(nullptr) : json::value(key(value.name));
  } else {
    json::array list;
    list.reserve(value.size());
    for (const auto& item : value) {
      if constexpr (PartList<V>) {
        list.push_back(to_json(item));
      } else {
        list.push_back(value_to_json(item));
      }
    }
    return list;
  }
}

// The kind of value that a field takes, for messages.
template <typename V>
std::string wanted(const Rules& rules) {
  if constexpr (std::is_same_v<V, bool>) return "must be true or false";
  if constexpr (std::is_same_v<V, int64_t>) return check_number(rules.min - 1, rules);
  if constexpr (EnumValue<V>) return "must be one of: " + join(words<V>);
  if constexpr (detail::IsList<V>::value) return "must be a list";
  return "must be a text";
}

// null clears what can be empty.
template <typename V>
std::string clear(V& to, const Rules& rules) {
  if constexpr (std::is_same_v<V, Secret>) {
    to.plain.clear();
    to.changed = true;
  } else if constexpr (std::is_same_v<V, std::string> || RefValue<V> || detail::IsList<V>::value) {
    to = {};
  } else {
    return wanted<V>(rules);
  }
  return "";
}

// One item of a list of parts: an object, or a text that names it.
template <PartList V>
std::string part_from_json(V& to, const V& before, const json::value& item, Problems& problems, View name) {
  using Part = typename V::value_type;
  if (item.is_string()) return add_part(to, before, {item.get_string().data(), item.get_string().size()});
  if (!item.is_object()) return "must be a list of texts or objects";
  const View key_name = std::get<0>(schema<Part>.fields).name;
  const json::value* given = item.get_object().if_contains(key(key_name));
  if (given == nullptr || !given->is_string()) return "each needs \"" + std::string(key_name) + "\"";
  std::string wrong = add_named_part(to, before, {given->get_string().data(), given->get_string().size()});
  if (!wrong.empty()) return wrong;
  Problems inner;
  from_json(to.back(), item.get_object(), inner);
  for (const Problem& p : inner) {
    problems.push_back({std::string(name) + "[" + std::to_string(to.size() - 1) + "]." + p.field, p.text});
  }
  return "";
}

template <typename V>
std::string list_from_json(V& to, const json::array& list, const Rules& rules, Problems& problems, View name) {
  if (list.size() > 1000) return "holds too many items";
  V items;
  for (const json::value& item : list) {
    std::string wrong;
    if constexpr (PartList<V>) {
      wrong = part_from_json(items, to, item, problems, name);
    } else if (!item.is_string()) {
      wrong = "must be a list of texts";
    } else if constexpr (WordList<V>) {
      wrong = add_word(items, {item.get_string().data(), item.get_string().size()}, rules);
    } else {
      items.emplace_back();
      wrong = set_value(items.back(), {item.get_string().data(), item.get_string().size()}, rules);
    }
    if (!wrong.empty()) return wrong;
  }
  to = std::move(items);
  return "";
}

// A text is taken for any kind of value that can be written as one, so that a command line needs no types.
template <typename V>
std::string value_from_json(V& to, const json::value& v, const Rules& rules, Problems& problems, View name) {
  if (v.is_null()) return clear(to, rules);
  if (v.is_string()) return set_value(to, {v.get_string().data(), v.get_string().size()}, rules);
  if constexpr (std::is_same_v<V, bool>) {
    if (v.is_bool()) return to = v.get_bool(), "";
  } else if constexpr (std::is_same_v<V, int64_t>) {
    if (v.is_int64()) {
      std::string wrong = check_number(v.get_int64(), rules);
      if (wrong.empty()) to = v.get_int64();
      return wrong;
    }
  } else if constexpr (detail::IsList<V>::value) {
    if (v.is_array()) return list_from_json(to, v.get_array(), rules, problems, name);
  }
  return wanted<V>(rules);
}

}  // namespace detail

// Fields that we show and that may come back unchanged: they are not errors, and change nothing.
template <typename T>
bool shown_only(View name) {
  bool found = Entity<T> && name == "revision";
  each_field<T>([&](const auto& f) {
    using V = typename std::decay_t<decltype(f)>::Value;
    if constexpr (std::is_same_v<V, Secret>) {
      if (name.size() == f.name.size() + 3 && name.starts_with(f.name) && name.ends_with("Set")) found = true;
    }
  });
  return found;
}

template <typename T>
json::object to_json(const T& entity) {
  json::object o;
  each_field<T>([&](const auto& f) {
    using V = typename std::decay_t<decltype(f)>::Value;
    if constexpr (std::is_same_v<V, Secret>) {
      o[std::string(f.name) + "Set"] = f.of(entity).set();
    } else {
      o[detail::key(f.name)] = detail::value_to_json(f.of(entity));
    }
  });
  if constexpr (Entity<T>) o["revision"] = entity.revision;
  return o;
}

// Changes the fields that are given; what is wrong with any of them goes to `problems`.
template <typename T>
void from_json(T& into, const json::object& fields, Problems& problems) {
  for (const auto& given : fields) {
    const View name(given.key().data(), given.key().size());
    bool known = false;
    each_field<T>([&](const auto& f) {
      if (f.name != name) return;
      known = true;
      std::string wrong = detail::value_from_json(f.of(into), given.value(), f.rules, problems, f.name);
      if (!wrong.empty()) problems.push_back({std::string(name), std::move(wrong)});
    });
    if (known || shown_only<T>(name)) continue;
    problems.push_back({printable(name, 60), "there is no such field of " + std::string(facts_of<T>().label)});
  }
}

// Sets one field by its text, as from a CSV cell. False when T has no such field.
template <typename T>
bool set_text(T& into, View name, View text, Problems& problems) {
  bool known = false;
  each_field<T>([&](const auto& f) {
    if (f.name != name) return;
    known = true;
    std::string wrong = set_value(f.of(into), text, f.rules);
    if (!wrong.empty()) problems.push_back({std::string(name), std::move(wrong)});
  });
  return known;
}

template <typename T>
bool has_field(View name) {
  bool known = false;
  each_field<T>([&](const auto& f) { known = known || f.name == name; });
  return known;
}

// Required fields that are empty.
template <typename T>
void check_required(const T& entity, Problems& problems) {
  each_field<T>([&](const auto& f) {
    using V = typename std::decay_t<decltype(f)>::Value;
    bool empty = false;
    if constexpr (RefValue<V>) {
      empty = f.of(entity).none();
    } else if constexpr (std::is_same_v<V, std::string> || detail::IsList<V>::value) {
      empty = f.of(entity).empty();
    }
    if (f.rules.required && empty) problems.push_back({std::string(f.name), "is required"});
    if constexpr (PartList<V>) {
      for (const auto& part : f.of(entity)) check_required(part, problems);
    }
  });
}

}  // namespace carillon::config
