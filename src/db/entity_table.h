#pragma once
// The rows of one entity in SQLite: config::Table by fold.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/repository.h"
#include "db/schema.h"
#include "db/sql_fold.h"

namespace carillon::db {

template <typename T>
class EntityTable : public config::Table<T> {
 public:
  explicit EntityTable(Connection& connection) : connection_(connection) {}

  std::optional<T> get(EntityId id) override {
    static const std::string kSql = kSelect + " WHERE id = ?";
    Statement s = connection_.prepare(kSql);
    s.bind(1, id);
    if (!s.step()) return {};
    T row = read(s);
    each_child<T>([&](const auto& f) { read_children(f, row); });
    return row;
  }

  std::vector<EntityId> find(View key) override {
    static const std::string kSql = "SELECT id FROM " + kTable + " WHERE " + kKey + " = ? ORDER BY id LIMIT 1000";
    Statement s = connection_.prepare(kSql);
    s.bind(1, key);
    std::vector<EntityId> ids;
    while (s.step()) ids.push_back(s.integer(0));
    return ids;
  }

  std::vector<EntityId> where(View field, View value) override {
    std::vector<EntityId> ids;
    if (!has_column<T>(field)) return ids;
    Statement s = connection_.prepare("SELECT id FROM " + kTable + " WHERE " + identifier(field) + " = ? ORDER BY id");
    s.bind(1, value);
    while (s.step()) ids.push_back(s.integer(0));
    return ids;
  }

  std::string key_of(EntityId id) override {
    static const std::string kSql = "SELECT " + kKey + " FROM " + kTable + " WHERE id = ?";
    Statement s = connection_.prepare(kSql);
    s.bind(1, id);
    return s.step() ? std::string(s.text(0)) : "";
  }

  EntityId referring(View field, EntityId target) override {
    if (!has_column<T>(field)) return 0;
    Statement s = connection_.prepare("SELECT id FROM " + kTable + " WHERE " + identifier(field) + " = ? LIMIT 1");
    s.bind(1, target);
    return s.step() ? s.integer(0) : 0;
  }

  void each(bool by_key, View after, const std::function<bool(T&&)>& f) override {
    const std::string order =
        by_key ? " WHERE " + kKey + " > ? ORDER BY " + kKey + ", id" : std::string(" ORDER BY id");
    Children children(*this, !by_key);
    Statement s = connection_.prepare(kSelect + order);
    if (by_key) s.bind(1, after);
    while (s.step()) {
      T row = read(s);
      children.fill(row);
      if (!f(std::move(row))) return;
    }
  }

  Result<void> insert(T& row) override {
    {
      static const std::string kSql = "INSERT INTO " + kTable + " (id, revision" + column_list<T>() + ") VALUES (?, ?" +
                                      placeholders(column_count<T>()) + ")";
      Statement s = connection_.prepare(kSql);
      row.id == 0 ? s.bind_null(1) : s.bind(1, row.id);
      s.bind(2, row.revision);
      bind_columns(s, 3, row, scratch_);
      if (const auto done = s.run(); !done) return done;
    }
    if (row.id == 0) row.id = connection_.last_id();
    return write_children(row);
  }

  Result<void> update(const T& row) override {
    {
      static const std::string kSql = update_text();
      Statement s = connection_.prepare(kSql);
      const int at = bind_columns(s, 2, row, scratch_);
      s.bind(1, row.revision);
      s.bind(at, row.id);
      if (const auto done = s.run(); !done) return done;
    }
    Result<void> done;
    each_child<T>([&](const auto& f) {
      Statement s = connection_.prepare("DELETE FROM " + child_table<T>(f) + " WHERE owner = ?");
      s.bind(1, row.id);
      if (done) done = s.run();
    });
    return done ? write_children(row) : done;
  }

  // Children go with their owner (ON DELETE CASCADE).
  Result<void> remove(EntityId id) override {
    Statement s = connection_.prepare("DELETE FROM " + kTable + " WHERE id = ?");
    s.bind(1, id);
    return s.run();
  }

  size_t count() override {
    Statement s = connection_.prepare("SELECT count(*) FROM " + kTable);
    return s.step() ? static_cast<size_t>(s.integer(0)) : 0;
  }

 private:
  // Reads children beside their owners: one by one, or, when owners come by id, from one ordered scan of each child
  // table.
  class Children {
   public:
    Children(EntityTable& table, bool ordered) : table_(table), ordered_(ordered) {
      if (!ordered) return;
      each_child<T>([&](const auto& f) {
        scans_.push_back(
            std::make_unique<Statement>(table_.connection_.prepare(child_select<T>(f) + " ORDER BY owner, position")));
        more_.push_back(scans_.back()->step());
      });
    }
    void fill(T& row) {
      size_t n = 0;
      each_child<T>([&](const auto& f) {
        if (!ordered_) return table_.read_children(f, row);
        Statement& scan = *scans_[n];
        while (more_[n] && scan.integer(0) <= row.id) {
          if (scan.integer(0) == row.id) read_child(scan, f.of(row));
          more_[n] = scan.step();
        }
        n++;
      });
    }

   private:
    EntityTable& table_;
    bool ordered_;
    std::vector<std::unique_ptr<Statement>> scans_;
    std::vector<bool> more_;
  };

  static std::string update_text() {
    std::string text = "UPDATE " + kTable + " SET revision = ?";
    each_column<T>([&](const auto& f) { text += ", " + identifier(f.name) + " = ?"; });
    return text + " WHERE id = ?";
  }

  T read(const Statement& s) {
    T row;
    row.id = s.integer(0);
    row.revision = s.integer(1);
    read_columns(s, 2, row);
    return row;
  }

  template <typename V>
  static void read_child(const Statement& s, V& list) {
    list.emplace_back();
    if constexpr (config::PartList<V>) {
      read_columns(s, 1, list.back());
    } else {
      list.back().id = s.integer(1);
    }
  }

  template <typename F>
  void read_children(const F& f, T& row) {
    static const std::string kSql = child_select<T>(f) + " WHERE owner = ? ORDER BY position";
    Statement s = connection_.prepare(kSql);
    s.bind(1, row.id);
    while (s.step()) read_child(s, f.of(row));
  }

  Result<void> write_children(const T& row) {
    Result<void> done;
    each_child<T>([&](const auto& f) {
      int64_t position = 0;
      for (const auto& item : f.of(row)) {
        if (!done) return;
        static const std::string kSql = child_insert<T>(f);  // one for each type of f
        Statement s = connection_.prepare(kSql);
        s.bind(1, row.id).bind(2, ++position);
        if constexpr (config::PartList<std::decay_t<decltype(f.of(row))>>) {
          bind_columns(s, 3, item, scratch_);
        } else {
          s.bind(3, item.id);
        }
        done = s.run();
      }
    });
    return done;
  }

  inline static const std::string kTable = identifier(config::facts_of<T>().name);
  inline static const std::string kKey = identifier(config::facts_of<T>().key);
  inline static const std::string kSelect = "SELECT id, revision" + column_list<T>() + " FROM " + kTable;
  Connection& connection_;
  std::vector<std::string> scratch_;
};

}  // namespace carillon::db
