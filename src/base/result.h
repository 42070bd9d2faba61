#pragma once
// Value or error, with std::expected's names so that it can become it.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace carillon {

// What kind of failure, in the terms of whoever asked.
enum class FaultKind : uint8_t {
  invalid,      // the input is wrong; `text` says what to do
  not_found,    // the named thing does not exist
  conflict,     // it exists already, or changed meanwhile
  denied,       // not allowed
  unavailable,  // a store or peer cannot be reached now
  internal,     // ours
};

struct Fault {
  FaultKind kind = FaultKind::internal;
  std::string text;   // a sentence for a person
  std::string field;  // the field or place it concerns, empty when none
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Fault fault) : state_(std::in_place_index<1>, std::move(fault)) {}  // NOLINT: implicit on purpose
  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  // REQUIRES: has_value().
  T& value() & {
    CHECK(has_value());
    return std::get<0>(state_);
  }
  const T& value() const& {
    CHECK(has_value());
    return std::get<0>(state_);
  }
  T&& value() && {
    CHECK(has_value());
    return std::get<0>(std::move(state_));
  }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  // REQUIRES: !has_value().
  const Fault& error() const {
    CHECK(!has_value());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Fault> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Fault fault) : fault_(std::move(fault)), bad_(true) {}  // NOLINT: implicit on purpose
  bool has_value() const { return !bad_; }
  explicit operator bool() const { return !bad_; }
  const Fault& error() const {
    CHECK(bad_);
    return fault_;
  }

 private:
  Fault fault_;
  bool bad_ = false;
};

}  // namespace carillon
