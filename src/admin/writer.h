#pragma once
// Saves one row with all that goes with it: names resolved, lines made, rules asked, secrets sealed, licences counted,
// and the publisher told. Used by single changes and by imports; runs inside the caller's transaction.

#include <string>

#include "config/json_fold.h"
#include "config/names.h"
#include "config/publisher.h"
#include "config/rules.h"

namespace carillon::admin {

enum class Saved : uint8_t { unchanged, updated, added };

// Phones by product.
struct LicenceCounts {
  int64_t basic = 0;
  int64_t advanced = 0;
  int64_t units() const { return basic * config::kBasicUnits + advanced * config::kAdvancedUnits; }
  void add(config::Product product, int64_t n) { (product == config::Product::basic ? basic : advanced) += n; }
};

class Writer {
 public:
  Writer(config::Repository& repository, config::Publisher& publisher, const Random& random)
      : repository_(repository), publisher_(publisher), random_(random) {}

  // Adds `row` (`before` null) or replaces `before` by it. On success `row` is as stored. Lines that a phone names and
  // that do not exist are made in the named partition, or the default one.
  template <typename T>
  Result<Saved> save(T& row, const T* before, uint64_t revision);
  template <typename T>
  Result<void> remove(const T& row);

  LicenceCounts& licences() { return licences_; }

 private:
  template <typename T>
  void make_parts(T&, uint64_t, config::Problems&) {}
  void make_parts(config::Phone& phone, uint64_t revision, config::Problems& problems);
  void make_line(config::Ref<config::Line>& line, uint64_t revision, config::Problems& problems);
  template <typename T>
  void check_licence(const T&, const T*, config::Problems&) {}
  void check_licence(const config::Phone& row, const config::Phone* before, config::Problems& problems);
  template <typename T>
  void seal(T&, const T*) {}
  void seal(config::EndUser& row, const config::EndUser* before);
  template <typename T>
  void account(const T&, const T*) {}
  void account(const config::Phone& row, const config::Phone* before);
  void account(const config::EndUser& row, const config::EndUser* before);

  config::Repository& repository_;
  config::Publisher& publisher_;
  Random random_;
  LicenceCounts licences_;
};

// Are all fields the same, references by id?
template <typename V>
bool same_value(const V& a, const V& b) {
  if constexpr (config::RefValue<V>) {
    return a.id == b.id;
  } else if constexpr (std::is_same_v<V, config::Secret>) {
    return a.sealed == b.sealed;
  } else if constexpr (config::RefList<V> || config::PartList<V>) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); i++) {
      if (!same_value(a[i], b[i])) return false;
    }
    return true;
  } else if constexpr (std::is_class_v<V> && !std::is_same_v<V, std::string> && !config::WordList<V>) {
    bool same = true;
    config::each_field<V>([&](const auto& f) { same = same && same_value(f.of(a), f.of(b)); });
    return same;
  } else {
    return a == b;
  }
}

template <typename T>
Result<Saved> Writer::save(T& row, const T* before, uint64_t revision) {
  config::Problems problems;
  config::RuleContext context{repository_, random_};
  config::make_up(row, before, context);
  make_parts(row, revision, problems);
  config::Names(repository_).resolve(row, problems);
  if (problems.empty()) config::apply_rules(row, before, context, problems);
  config::check_required(row, problems);
  if (problems.empty()) check_licence(row, before, problems);
  if (!problems.empty()) return config::fault_of(problems);
  seal(row, before);
  if (before != nullptr && same_value(row, *before)) return Saved::unchanged;
  row.revision = static_cast<int64_t>(revision);
  const auto done = before == nullptr ? repository_.of<T>().insert(row) : repository_.of<T>().update(row);
  if (!done) return done.error();
  account(row, before);
  publisher_.touch<T>(row.id);
  return before == nullptr ? Saved::added : Saved::updated;
}

template <typename T>
Result<void> Writer::remove(const T& row) {
  const auto done = repository_.of<T>().remove(row.id);
  if (!done) return done;
  publisher_.touch<T>(row.id);
  if constexpr (std::is_same_v<T, config::Phone>) licences_.add(row.product, -1);
  if constexpr (std::is_same_v<T, config::EndUser>) publisher_.touch_userid(row.userid);
  return done;
}

}  // namespace carillon::admin
