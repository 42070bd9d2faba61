#pragma once
// Entities as SQL, by their descriptions: tables, columns, and values bound and read. Identifiers come from
// descriptions only. A list of words is one column; a list of references or parts is a table of its own,
// `Entity_field`.

#include <string>

#include "config/describe.h"
#include "config/value_text.h"
#include "db/sqlite.h"

namespace carillon::db {

using config::EntityId;
using config::View;

template <typename V>
concept ChildTable = config::RefList<V> || config::PartList<V>;

inline std::string identifier(View name) { return "\"" + std::string(name) + "\""; }

template <typename V>
std::string column_type(const V& initial) {
  if constexpr (config::RefValue<V>) {
    using Target = typename config::detail::IsRef<V>::Target;
    return "INTEGER DEFAULT NULL REFERENCES " + identifier(config::facts_of<Target>().name) + "(id)";
  } else if constexpr (std::is_same_v<V, config::Secret>) {
    return "BLOB DEFAULT NULL";
  } else if constexpr (std::is_same_v<V, bool>) {
    return std::string("INTEGER NOT NULL DEFAULT ") + (initial ? "1" : "0");
  } else if constexpr (std::is_integral_v<V>) {
    return "INTEGER NOT NULL DEFAULT " + std::to_string(initial);
  } else {
    return "TEXT NOT NULL DEFAULT '" + config::text_of(initial) + "'";  // a constant of ours, without quotes
  }
}

// Calls f(field) for the fields that are columns of T's own table.
template <typename T, typename F>
void each_column(F&& f) {
  config::each_field<T>([&](const auto& one) {
    if constexpr (!ChildTable<typename std::decay_t<decltype(one)>::Value>) f(one);
  });
}

template <typename T, typename F>
void each_child(F&& f) {
  config::each_field<T>([&](const auto& one) {
    if constexpr (ChildTable<typename std::decay_t<decltype(one)>::Value>) f(one);
  });
}

// ", "a", "b"" for the columns of T.
template <typename T>
std::string column_list() {
  std::string all;
  each_column<T>([&](const auto& f) { all += ", " + identifier(f.name); });
  return all;
}

template <typename T>
int column_count() {
  int n = 0;
  each_column<T>([&](const auto&) { n++; });
  return n;
}

template <typename T>
bool has_column(View name) {
  bool found = false;
  each_column<T>([&](const auto& f) { found = found || f.name == name; });
  return found;
}

inline std::string placeholders(int count) {
  std::string all;
  for (int i = 0; i < count; i++) all += ", ?";
  return all;
}

// `scratch` keeps texts that must live until the statement has run.
template <typename V>
void bind_value(Statement& s, int at, const V& value, std::string& scratch) {
  if constexpr (config::RefValue<V>) {
    value.id == 0 ? s.bind_null(at) : s.bind(at, value.id);
  } else if constexpr (std::is_same_v<V, config::Secret>) {
    s.bind_blob(at, value.sealed);
  } else if constexpr (std::is_integral_v<V>) {
    s.bind(at, static_cast<int64_t>(value));
  } else if constexpr (std::is_same_v<V, std::string>) {
    s.bind(at, View(value));
  } else if constexpr (config::EnumValue<V>) {
    s.bind(at, config::word(value));
  } else {
    scratch = config::text_of(value);
    s.bind(at, View(scratch));
  }
}

template <typename V>
void read_value(const Statement& s, int column, V& value, const config::Rules& rules) {
  if constexpr (config::RefValue<V>) {
    value.id = s.integer(column);
  } else if constexpr (std::is_same_v<V, config::Secret>) {
    value.sealed = s.text(column);
  } else if constexpr (std::is_same_v<V, bool>) {
    value = s.integer(column) != 0;
  } else if constexpr (std::is_integral_v<V>) {
    value = s.integer(column);
  } else if constexpr (std::is_same_v<V, std::string>) {
    value = s.text(column);
  } else {
    // A word that this version does not know leaves the default.
    static_cast<void>(config::set_value(value, s.text(column), rules));
  }
}

// Binds the columns of `row` from `at` on; gives the next free place.
template <typename T>
int bind_columns(Statement& s, int at, const T& row, std::vector<std::string>& scratch) {
  scratch.resize(static_cast<size_t>(column_count<T>()));
  size_t n = 0;
  each_column<T>([&](const auto& f) { bind_value(s, at++, f.of(row), scratch[n++]); });
  return at;
}

template <typename T>
int read_columns(const Statement& s, int column, T& row) {
  each_column<T>([&](const auto& f) { read_value(s, column++, f.of(row), f.rules); });
  return column;
}

}  // namespace carillon::db
