#pragma once
// How an entity is said once: a struct and, beside it, its description, a constexpr tuple of member pointers with
// names, help and rules. Tables, JSON, OpenAPI, CSV and the command line's help are folds over it (each in a short file
// of its own). A member that is not described fails the build.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/snapshot.h"

namespace carillon::config {

// A reference to another entity. People write names, tables keep ids. `name` is filled when read from or printed for a
// person; id 0 with a name is one yet to be resolved; both empty is none.
template <typename T>
struct Ref {
  EntityId id = 0;
  std::string name;
  bool none() const { return id == 0 && name.empty(); }
};

// A secret that no interface shows. `sealed` is what the store keeps; `plain` a new value on its way in.
struct Secret {
  std::string sealed;
  std::string plain;
  bool changed = false;  // `plain` replaces (or, when empty, clears) what is kept
  bool set() const { return changed ? !plain.empty() : !sealed.empty(); }
};

// What a text may consist of.
enum class Charset : uint8_t {
  text,     // printable UTF-8
  name,     // the same without , ; and blanks at the ends
  userid,   // letters, digits and . _ - + @ $ & = * ! ~ '
  number,   // directory number: digits, * and #, + in front
  device,   // letters, digits and . _ -
  mask,     // digits, + * # and X
  secret,   // printable UTF-8, any
  callers,  // numbers of callers: digits, * and #, + in front, X for any digit, ! at the end for whatever follows
};

struct Rules {
  bool required = false;
  bool unique = false;
  bool read_only = false;
  int64_t min = 0, max = 0;   // of a whole number; both 0: any
  uint16_t max_length = 128;  // of a text, in bytes
  Charset charset = Charset::text;
  std::span<const View> values = {};  // the words that a list may hold; none: any that the charset allows
};

template <typename M>
struct MemberOf;
template <typename O, typename V>
struct MemberOf<V O::*> {
  using Owner = O;
  using Value = V;
};

template <auto Member>
struct Field {
  using Owner = typename MemberOf<decltype(Member)>::Owner;
  using Value = typename MemberOf<decltype(Member)>::Value;
  View name;  // in JSON, CSV and the table
  View help;
  Rules rules;
  static Value& of(Owner& o) { return o.*Member; }
  static const Value& of(const Owner& o) { return o.*Member; }
};

template <auto Member>
constexpr Field<Member> field(View name, View help, Rules rules = {}) {
  return {name, help, rules};
}

struct Facts {
  View name;        // "EndUser"; also the table
  View label;       // "End User"
  View noun;        // "user": the command line's
  View collection;  // "users": the API's path
  View key;         // the field that names it to people
};

template <typename... Fields>
struct Description {
  Facts facts;
  std::tuple<Fields...> fields;
};

// Specialised beside each entity.
template <typename T>
inline constexpr auto schema = nullptr;

namespace detail {
struct Anything {
  template <typename U>
  constexpr operator U() const;  // NOLINT: never called
};
template <typename T, size_t... I>
constexpr bool made_of(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), Anything{})...}; };
}
template <typename T, size_t N = 48>
constexpr size_t member_count() {
  if constexpr (N == 0 || made_of<T>(std::make_index_sequence<N>{})) {
    return N;
  } else {
    return member_count<T, N - 1>();
  }
}
template <typename V>
struct IsRef : std::false_type {};
template <typename T>
struct IsRef<Ref<T>> : std::true_type {
  using Target = T;
};
template <typename V>
struct IsList : std::false_type {};
template <typename T>
struct IsList<std::vector<T>> : std::true_type {
  using Item = T;
};
}  // namespace detail

// An entity has a row, an id and a revision of its own; a part lives in its owner.
template <typename T>
concept Entity = requires(T t) {
  t.id, t.revision;
};

template <typename V>
concept RefValue = detail::IsRef<V>::value;
template <typename V>
concept EnumValue = std::is_enum_v<V>;
template <typename V>
concept WordList = std::is_same_v<V, std::vector<std::string>>;
template <typename V>
concept RefList = detail::IsList<V>::value && requires(V v) {
  requires RefValue<typename V::value_type>;
};
template <typename V>
concept PartList = detail::IsList<V>::value && !WordList<V> && !RefList<V>;

template <typename T, typename... Fields>
constexpr auto describe(Facts facts, Fields... fields) {
  constexpr size_t own = Entity<T> ? 2 : 0;  // id and revision are everyone's
  static_assert(detail::member_count<T>() == sizeof...(Fields) + own, "every member must be described");
  return Description<Fields...>{facts, std::tuple<Fields...>(fields...)};
}

// Calls f(field) for each field of T, in the order of the description.
template <typename T, typename F>
constexpr void each_field(F&& f) {
  std::apply([&](const auto&... one) { (f(one), ...); }, schema<T>.fields);
}

template <typename T>
constexpr const Facts& facts_of() {
  return schema<T>.facts;
}

// The words of an enum, in the order of its values. Specialised beside each.
template <typename E>
inline constexpr std::array<View, 0> words{};

template <typename E>
View word(E value) {
  return words<E>[static_cast<size_t>(value)];
}

// What is wrong with an input, field by field.
struct Problem {
  std::string field;
  std::string text;
  FaultKind kind = FaultKind::invalid;
};
using Problems = std::vector<Problem>;
// One fault for all of them: the first field, every text on a line of its own.
Fault fault_of(const Problems& problems);

// What is wrong with a text, "" when nothing is.
std::string check_text(View value, const Rules& rules);
// What a text may consist of, in words ("digits, * and #, with an optional + in front").
View charset_words(Charset charset);
// A regular expression for it (ECMA 262), "" when there is none.
View charset_pattern(Charset charset);
// "a, b, c"
std::string join(std::span<const View> words);
// Splits at commas and semicolons, trims, leaves out empty ones.
std::vector<std::string> split_list(View text);

}  // namespace carillon::config
