#include "config/value_text.h"

#include <algorithm>

namespace carillon::config {

std::string set_value(std::string& to, View text, const Rules& rules) {
  std::string wrong = check_text(text, rules);
  if (wrong.empty()) to = text;
  return wrong;
}

std::string set_value(bool& to, View text, const Rules&) {
  for (const View yes : {"on", "true", "yes", "1"}) {
    if (iequals(text, yes)) return to = true, "";
  }
  for (const View no : {"off", "false", "no", "0"}) {
    if (iequals(text, no)) return to = false, "";
  }
  return "must be on or off";
}

std::string check_number(int64_t value, const Rules& rules) {
  if (rules.min == 0 && rules.max == 0) return "";
  if (value >= rules.min && value <= rules.max) return "";
  return "must be a whole number from " + std::to_string(rules.min) + " to " + std::to_string(rules.max);
}

std::string set_value(int64_t& to, View text, const Rules& rules) {
  const bool negative = rules.min < 0 && text.starts_with('-');
  auto number = to_number<int64_t>(negative ? text.substr(1) : text);
  if (number && negative) number = -*number;
  if (!number) return "must be a whole number from " + std::to_string(rules.min) + " to " + std::to_string(rules.max);
  std::string wrong = check_number(*number, rules);
  if (wrong.empty()) to = *number;
  return wrong;
}

std::string set_value(Secret& to, View text, const Rules& rules) {
  std::string wrong = check_text(text, rules);
  if (!wrong.empty()) return wrong;
  to.plain = text;
  to.changed = true;
  return "";
}

std::string add_word(std::vector<std::string>& to, View text, const Rules& rules) {
  if (rules.values.empty()) {
    const bool had = std::find(to.begin(), to.end(), text) != to.end();
    std::string wrong = text.empty() ? "holds an empty text" : check_text(text, rules);
    if (wrong.empty() && !had) to.emplace_back(text);
    return wrong;
  }
  for (const View allowed : rules.values) {
    if (!iequals(allowed, text)) continue;
    for (const std::string& have : to) {
      if (have == allowed) return "";
    }
    to.emplace_back(allowed);
    return "";
  }
  return "\"" + printable(text, 40) + "\" is not one of: " + join(rules.values);
}

std::string set_value(std::vector<std::string>& to, View text, const Rules& rules) {
  std::vector<std::string> list;
  for (const std::string& item : split_list(text)) {
    std::string wrong = add_word(list, item, rules);
    if (!wrong.empty()) return wrong;
  }
  to = std::move(list);
  return "";
}

}  // namespace carillon::config
