#pragma once
// The flags of `add` and `update`: the API's field names in kebab case, from the entities' descriptions.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "text/json.h"

namespace carillon::admin {

struct FieldFlag {
  std::string name;   // digestCredentials
  std::string flag;   // digest-credentials
  std::string takes;  // on|off, N, TEXT, A,B, basic|advanced
  std::string help;
  bool list = false;
};

// Of the noun's entity, in the order of its description; empty for a noun without.
std::vector<FieldFlag> field_flags(std::string_view noun);
std::string kebab(std::string_view camel);

// The flags among the arguments of `NOUN add` and `NOUN update` that are not the command line's own.
struct SplitArguments {
  std::vector<std::string> own;                             // what is left for the grammar
  std::vector<std::pair<std::string, std::string>> fields;  // flag without dashes, value
};
// A fault is a usage error.
Result<SplitArguments> split_fields(const std::vector<std::string>& arguments);
// The fields as the API takes them. An unknown flag is a fault with the likeliest one; `read_secret` gives a line for
// "-".
Result<json::object> to_fields(std::string_view noun, const std::vector<std::pair<std::string, std::string>>& flags,
                               const std::function<std::string()>& read_secret);
// Flags that every command takes: with a value (`--data-dir`), and without.
bool is_own_with_value(std::string_view flag);
bool is_own_flag(std::string_view flag);
// The nearest of the candidates, "" when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace carillon::admin
