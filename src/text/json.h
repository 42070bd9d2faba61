#pragma once
// The one door to the JSON library (Boost.JSON).

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace carillon::json {

using boost::json::array;
using boost::json::object;
using boost::json::value;

// Bounded depth (32); duplicate keys: the last one counts. The fault says where.
Result<value> parse(std::string_view text);
// In valid UTF-8 whatever is in the texts: a broken byte becomes U+FFFD.
std::string print(const value& v);
// Indented by two spaces, for a person.
std::string print_pretty(const value& v);
// ISO 8601 in UTC with milliseconds: 2026-11-22T13:05:06.789Z. "" for the zero instant.
std::string time_text(Instant t);

}  // namespace carillon::json
