#include "text/json.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"

namespace carillon::json {

namespace {

void newline(std::string& to, int depth) {
  to += '\n';
  to.append(static_cast<size_t>(depth) * 2, ' ');
}

void pretty(std::string& to, const value& v, int depth);

void pretty_array(std::string& to, const array& list, int depth) {
  if (list.empty()) {
    to += "[]";
    return;
  }
  to += '[';
  bool first = true;
  for (const value& item : list) {
    if (!first) to += ',';
    first = false;
    newline(to, depth + 1);
    pretty(to, item, depth + 1);
  }
  newline(to, depth);
  to += ']';
}

void pretty_object(std::string& to, const object& fields, int depth) {
  if (fields.empty()) {
    to += "{}";
    return;
  }
  to += '{';
  bool first = true;
  for (const auto& field : fields) {
    if (!first) to += ',';
    first = false;
    newline(to, depth + 1);
    to += boost::json::serialize(field.key());
    to += ": ";
    pretty(to, field.value(), depth + 1);
  }
  newline(to, depth);
  to += '}';
}

void pretty(std::string& to, const value& v, int depth) {
  if (v.is_array()) return pretty_array(to, v.get_array(), depth);
  if (v.is_object()) return pretty_object(to, v.get_object(), depth);
  to += boost::json::serialize(v);
}

}  // namespace

Result<value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 32;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code error;
  const size_t used = parser.write_some(text.data(), text.size(), error);
  if (!error && used < text.size() && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    error = boost::json::make_error_code(boost::json::error::extra_data);
  }
  if (!error) parser.finish(error);
  if (error) {
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(used), '\n') + 1;
    return Fault{
        FaultKind::invalid,
        "not JSON: " + error.message() + " at line " + std::to_string(line) + " (byte " + std::to_string(used) + ")",
        ""};
  }
  return parser.release();
}

// What phones send and what is imported need not be UTF-8. JSON is (RFC 8259 §8.1), or all of it is unreadable.
std::string print(const value& v) { return valid_utf8(boost::json::serialize(v)); }

std::string print_pretty(const value& v) {
  std::string to;
  pretty(to, v, 0);
  return valid_utf8(std::move(to));
}

std::string time_text(Instant t) {
  if (t == Instant{}) return "";
  int64_t milliseconds = t.us / 1000;
  if (t.us % 1000 < 0) milliseconds--;
  int64_t day = milliseconds / 86'400'000;
  int64_t rest = milliseconds % 86'400'000;
  if (rest < 0) rest += 86'400'000, day--;
  // Days since the epoch to a civil date (proleptic Gregorian), counted from 1 March of year 0 in eras of 400 years.
  const int64_t z = day + 719'468;
  const int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const int64_t day_of_era = z - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", static_cast<int>(year),
                static_cast<int>(month), static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1),
                static_cast<int>(rest / 3'600'000), static_cast<int>(rest / 60'000 % 60),
                static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000));
  return text;
}

}  // namespace carillon::json
