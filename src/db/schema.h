#pragma once
// Tables from descriptions: made when missing, and columns added when a description has grown. Other changes of shape
// are numbered steps in schema.cc.

#include <string>

#include "db/sql_fold.h"

namespace carillon::db {

template <typename T, typename F>
std::string child_table(const F& f) {
  return identifier(std::string(config::facts_of<T>().name) + "_" + std::string(f.name));
}

// The columns of a child row after owner and position.
template <typename F>
std::string child_columns() {
  using V = typename F::Value;
  if constexpr (config::PartList<V>) {
    return column_list<typename V::value_type>();
  } else {
    return ", target";
  }
}

template <typename T, typename F>
std::string child_select(const F& f) {
  return "SELECT owner" + child_columns<F>() + " FROM " + child_table<T>(f);
}

template <typename T, typename F>
std::string child_insert(const F& f) {
  using V = typename F::Value;
  int count = 1;
  if constexpr (config::PartList<V>) count = column_count<typename V::value_type>();
  return "INSERT INTO " + child_table<T>(f) + " (owner, position" + child_columns<F>() + ") VALUES (?, ?" +
         placeholders(count) + ")";
}

// Adds the column when the table lacks it.
Result<void> ensure_column(Connection& connection, const std::string& table, View column, const std::string& type);

template <typename Row>
Result<void> ensure_columns(Connection& connection, const std::string& table) {
  const Row initial{};
  Result<void> done;
  each_column<Row>([&](const auto& f) {
    if (done) done = ensure_column(connection, table, f.name, column_type(f.of(initial)));
  });
  return done;
}

template <typename T, typename F>
Result<void> ensure_child(Connection& connection, const F& f) {
  using V = typename F::Value;
  const std::string table = child_table<T>(f);
  const std::string owner = identifier(config::facts_of<T>().name);
  auto done =
      connection.run("CREATE TABLE IF NOT EXISTS " + table + " (owner INTEGER NOT NULL REFERENCES " + owner +
                     "(id) ON DELETE CASCADE, position INTEGER NOT NULL, PRIMARY KEY (owner, position)) WITHOUT ROWID");
  if (!done) return done;
  std::string target = "target";
  if constexpr (config::PartList<V>) {
    done = ensure_columns<typename V::value_type>(connection, table);
    target = identifier(config::facts_of<typename V::value_type>().key);
  } else {
    done = ensure_column(connection, table, "target", column_type(typename V::value_type{}));
  }
  if (!done) return done;
  // What a row refers to is looked up when it is to be removed; an owner refers to it once.
  return connection.run("CREATE UNIQUE INDEX IF NOT EXISTS " +
                        identifier(std::string(f.name) + " of " + owner.substr(1, owner.size() - 2)) + " ON " + table +
                        " (" + target + ", owner)");
}

template <typename T>
Result<void> ensure_table(Connection& connection) {
  const std::string table = identifier(config::facts_of<T>().name);
  auto done = connection.run("CREATE TABLE IF NOT EXISTS " + table +
                             " (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL DEFAULT 0)");
  if (done) done = ensure_columns<T>(connection, table);
  each_column<T>([&](const auto& f) {
    if (!done || !f.rules.unique) return;
    done = connection.run("CREATE UNIQUE INDEX IF NOT EXISTS " +
                          identifier("unique " + std::string(config::facts_of<T>().name) + " " + std::string(f.name)) +
                          " ON " + table + " (" + identifier(f.name) + ")");
  });
  each_child<T>([&](const auto& f) {
    if (done) done = ensure_child<T>(connection, f);
  });
  return done;
}

// All tables of the configuration, brought up to what this version describes; a fault when a newer version wrote them.
Result<void> ensure_schema(Connection& connection);

}  // namespace carillon::db
