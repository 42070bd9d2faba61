#include "db/repository.h"

#include <chrono>

#include "base/text.h"
#include "config/built_in.h"

namespace carillon::db {

namespace {

constexpr int64_t kAuditRows = 10'000;  // last changes kept

int64_t wall_clock_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

void add_referrers(Connection& connection, const std::string& sql, const std::string& noun, EntityId id, size_t limit,
                   std::vector<std::string>& to) {
  if (to.size() >= limit) return;
  Statement s = connection.prepare(sql + " LIMIT ?");
  s.bind(1, id).bind(2, static_cast<int64_t>(limit - to.size()));
  while (s.step()) to.push_back(noun + " " + std::string(s.text(0)));
}

// Rows of T that refer to row `id` of `table`, by its own columns and by those of its children.
template <typename T>
void referrers_in(Connection& connection, View table, EntityId id, size_t limit, std::vector<std::string>& to) {
  const config::Facts& facts = config::facts_of<T>();
  const std::string own = identifier(facts.name);
  const std::string key = identifier(facts.key);
  const std::string noun(facts.label);
  each_column<T>([&](const auto& f) {
    using V = typename std::decay_t<decltype(f)>::Value;
    if constexpr (config::RefValue<V>) {
      if (config::facts_of<typename config::detail::IsRef<V>::Target>().name != table) return;
      add_referrers(connection, "SELECT " + key + " FROM " + own + " WHERE " + identifier(f.name) + " = ?", noun, id,
                    limit, to);
    }
  });
  each_child<T>([&](const auto& f) {
    using V = typename std::decay_t<decltype(f)>::Value;
    const auto join = [&](View column) {
      add_referrers(connection,
                    "SELECT o." + key + " FROM " + child_table<T>(f) + " c JOIN " + own +
                        " o ON o.id = c.owner WHERE c." + identifier(column) + " = ?",
                    noun, id, limit, to);
    };
    if constexpr (config::PartList<V>) {
      each_column<typename V::value_type>([&](const auto& inner) {
        using W = typename std::decay_t<decltype(inner)>::Value;
        if constexpr (config::RefValue<W>) {
          if (config::facts_of<typename config::detail::IsRef<W>::Target>().name == table) join(inner.name);
        }
      });
    } else if (config::facts_of<typename config::detail::IsRef<typename V::value_type>::Target>().name == table) {
      join("target");
    }
  });
}

template <typename T>
Result<void> ensure_rows(config::Table<T>& table) {
  for (T& row : config::built_in<T>()) {
    if (table.get(row.id)) continue;
    if (const auto done = table.insert(row); !done) return done;
  }
  return {};
}

std::string text_or_null(const json::value& v) { return v.is_null() ? "" : json::print(v); }

json::value value_or_null(std::string_view text) {
  auto v = json::parse(text);
  return v ? std::move(v).value() : json::value(nullptr);
}

}  // namespace

SqliteRepository::SqliteRepository(std::unique_ptr<Connection> connection, std::unique_ptr<config::Vault> vault)
    : connection_(std::move(connection)),
      vault_(std::move(vault)),
      users_(*connection_),
      phones_(*connection_),
      lines_(*connection_),
      partitions_(*connection_),
      spaces_(*connection_),
      presence_groups_(*connection_),
      security_(*connection_),
      sip_(*connection_),
      regions_(*connection_),
      locations_(*connection_),
      pools_(*connection_),
      line_groups_(*connection_),
      hunt_lists_(*connection_),
      hunt_pilots_(*connection_),
      pickup_groups_(*connection_),
      parks_(*connection_),
      directed_parks_(*connection_),
      codes_(*connection_),
      filters_(*connection_) {}

void SqliteRepository::note(const Result<void>& done) {
  if (!done && failed_) failed_ = done;
}

Result<void> SqliteRepository::begin() {
  failed_ = {};
  return connection_->run("BEGIN IMMEDIATE");
}

Result<void> SqliteRepository::commit() {
  if (!failed_) return failed_;
  return connection_->run("COMMIT");
}

void SqliteRepository::rollback() {
  if (connection_->in_transaction()) static_cast<void>(connection_->run("ROLLBACK"));
}

void SqliteRepository::savepoint() { note(connection_->prepare("SAVEPOINT row").run()); }
void SqliteRepository::release() { note(connection_->prepare("RELEASE row").run()); }

void SqliteRepository::rollback_to_savepoint() {
  note(connection_->prepare("ROLLBACK TO row").run());
  release();
}

uint64_t SqliteRepository::revision() {
  Statement s = connection_->prepare("SELECT value FROM meta WHERE name = 'revision'");
  return s.step() ? static_cast<uint64_t>(s.integer(0)) : 0;
}

void SqliteRepository::set_revision(uint64_t revision) {
  Statement s = connection_->prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('revision', ?)");
  note(s.bind(1, static_cast<int64_t>(revision)).run());
}

void SqliteRepository::audit(const config::AuditEntry& entry) {
  const std::string before = text_or_null(entry.before);
  const std::string after = text_or_null(entry.after);
  {
    Statement s = connection_->prepare(
        "INSERT INTO audit (revision, time, what, collection, name, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)");
    s.bind(1, static_cast<int64_t>(entry.revision)).bind(2, wall_clock_us()).bind(3, View(entry.what));
    s.bind(4, View(entry.collection)).bind(5, View(entry.name)).bind(6, View(before)).bind(7, View(after));
    note(s.run());
  }
  Statement s = connection_->prepare("DELETE FROM audit WHERE id <= ?");
  note(s.bind(1, connection_->last_id() - kAuditRows).run());
}

std::vector<config::AuditEntry> SqliteRepository::audit_trail(size_t limit) {
  Statement s = connection_->prepare(
      "SELECT revision, what, collection, name, before, after, time FROM audit ORDER BY id DESC LIMIT ?");
  s.bind(1, static_cast<int64_t>(limit));
  std::vector<config::AuditEntry> entries;
  while (s.step()) {
    entries.push_back({static_cast<uint64_t>(s.integer(0)), std::string(s.text(1)), std::string(s.text(2)),
                       std::string(s.text(3)), value_or_null(s.text(4)), value_or_null(s.text(5)),
                       Instant{s.integer(6)}});
  }
  return entries;
}

config::ParameterValues SqliteRepository::parameter_values() {
  Statement s = connection_->prepare("SELECT name, value FROM parameter WHERE value IS NOT NULL");
  config::ParameterValues values;
  while (s.step()) values.emplace(s.text(0), s.text(1));
  return values;
}

std::map<std::string, uint64_t, std::less<>> SqliteRepository::parameter_revisions() {
  Statement s = connection_->prepare("SELECT name, revision FROM parameter");
  std::map<std::string, uint64_t, std::less<>> revisions;
  while (s.step()) revisions.emplace(s.text(0), static_cast<uint64_t>(s.integer(1)));
  return revisions;
}

void SqliteRepository::set_parameter(View name, const std::optional<std::string>& value, uint64_t revision) {
  Statement s = connection_->prepare("INSERT OR REPLACE INTO parameter (name, value, revision) VALUES (?, ?, ?)");
  s.bind(1, name).bind(3, static_cast<int64_t>(revision));
  value ? s.bind(2, View(*value)) : s.bind_null(2);
  note(s.run());
}

std::vector<std::string> SqliteRepository::referrers(View table, EntityId id, size_t limit) {
  std::vector<std::string> names;
  referrers_in<config::Phone>(*connection_, table, id, limit, names);
  referrers_in<config::Line>(*connection_, table, id, limit, names);
  referrers_in<config::CallingSearchSpace>(*connection_, table, id, limit, names);
  referrers_in<config::DevicePool>(*connection_, table, id, limit, names);
  referrers_in<config::Region>(*connection_, table, id, limit, names);
  referrers_in<config::Location>(*connection_, table, id, limit, names);
  referrers_in<config::PresenceGroup>(*connection_, table, id, limit, names);
  referrers_in<config::EndUser>(*connection_, table, id, limit, names);
  referrers_in<config::LineGroup>(*connection_, table, id, limit, names);
  referrers_in<config::HuntList>(*connection_, table, id, limit, names);
  referrers_in<config::HuntPilot>(*connection_, table, id, limit, names);
  referrers_in<config::CallPickupGroup>(*connection_, table, id, limit, names);
  referrers_in<config::CallPark>(*connection_, table, id, limit, names);
  referrers_in<config::DirectedCallPark>(*connection_, table, id, limit, names);
  referrers_in<config::CallerFilter>(*connection_, table, id, limit, names);
  return names;
}

Result<void> SqliteRepository::ensure_built_in() {
  auto done = begin();
  if (done) done = ensure_rows(partitions_);
  if (done) done = ensure_rows(presence_groups_);
  if (done) done = ensure_rows(security_);
  if (done) done = ensure_rows(sip_);
  if (done) done = ensure_rows(regions_);
  if (done) done = ensure_rows(locations_);
  if (done) done = ensure_rows(pools_);
  if (done) done = ensure_rows(codes_);
  if (done) return commit();
  rollback();
  return done;
}

}  // namespace carillon::db
