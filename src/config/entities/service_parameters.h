#pragma once
// Service Parameters: settings of the whole server that take effect at once. Fixed names; the store keeps only values
// that differ from the defaults.

#include <map>
#include <string>

#include "base/result.h"
#include "config/describe.h"

namespace carillon::config {

enum class ParameterType : uint8_t { text, integer, boolean, networks, domains };

struct Parameter {
  View name;
  ParameterType type;
  View default_value;
  View help;
  int64_t min = 0, max = 0;  // of an integer
  bool optional = false;     // an integer that may be empty
};

std::span<const Parameter> parameters();
const Parameter* find_parameter(View name);
// "text", "integer", "boolean" or "list".
View type_word(ParameterType type);
// The value as it will be kept (domains in lower case, lists without blanks), or what is wrong with it.
Result<std::string> normal_value(const Parameter& parameter, View value);
// Rules that join two parameters; "" when all is well. `values` holds those that differ from their defaults.
std::string check_parameters(const std::map<std::string, std::string, std::less<>>& values);
// Ready for use. REQUIRES: normal values.
ParametersView parameters_view(const std::map<std::string, std::string, std::less<>>& values);
// The value in force.
View value_of(const std::map<std::string, std::string, std::less<>>& values, View name);

}  // namespace carillon::config
