#pragma once
// Which rows of a list are wanted: field = value exactly, or "q" anywhere in a row's texts and in the names of what it
// refers to.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "config/names.h"
#include "config/value_text.h"

namespace carillon::admin {

template <typename T>
class Filter {
 public:
  explicit Filter(config::Names& names) : names_(names) {}

  // A fault names a field that T does not have.
  Result<void> set(const std::vector<std::pair<std::string, std::string>>& filters) {
    for (const auto& [name, value] : filters) {
      if (name == "q") {
        words_.push_back(to_lower(value));
        needs_names_ = true;
        continue;
      }
      bool known = false;
      config::each_field<T>([&](const auto& f) {
        if (f.name == name) known = comparable(f, value);
      });
      if (!known) return Fault{FaultKind::invalid, "there is no such field to filter by", name};
      exact_.emplace_back(name, value);
    }
    return {};
  }

  bool matches(T& row) {
    if (exact_.empty() && words_.empty()) return true;
    if (needs_names_) names_.fill(row);
    for (const auto& [name, value] : exact_) {
      if (!has(row, name, value)) return false;
    }
    for (const std::string& word : words_) {
      if (!contains(row, word)) return false;
    }
    return true;
  }

 private:
  template <typename F>
  bool comparable(const F&, const std::string&) {
    using V = typename F::Value;
    if constexpr (config::RefValue<V> || config::RefList<V> || config::PartList<V>) needs_names_ = true;
    return !std::is_same_v<V, config::Secret>;
  }

  // A list has a value when one of its items is it.
  template <typename V>
  static bool equals(const V& field, const std::string& value) {
    if constexpr (std::is_same_v<V, bool>) {
      bool wanted = false;
      return config::set_value(wanted, value, {}).empty() && wanted == field;
    } else if constexpr (config::detail::IsList<V>::value) {
      for (const std::string& item : config::split_list(config::text_of(field))) {
        if (item == value) return true;
      }
      return value.empty() && field.empty();
    } else {
      return config::text_of(field) == value;
    }
  }

  static bool has(const T& row, const std::string& name, const std::string& value) {
    bool found = false;
    config::each_field<T>([&](const auto& f) {
      if (f.name == name) found = equals(f.of(row), value);
    });
    return found;
  }

  static bool contains(const T& row, const std::string& word) {
    bool found = false;
    config::each_field<T>([&](const auto& f) {
      using V = typename std::decay_t<decltype(f)>::Value;
      if constexpr (std::is_same_v<V, std::string> || config::RefValue<V> || config::RefList<V> ||
                    config::PartList<V>) {
        found = found || to_lower(config::text_of(f.of(row))).find(word) != std::string::npos;
      }
    });
    return found;
  }

  config::Names& names_;
  std::vector<std::pair<std::string, std::string>> exact_;
  std::vector<std::string> words_;
  bool needs_names_ = false;
};

}  // namespace carillon::admin
