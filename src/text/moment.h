#pragma once
// Moments as people write them. Pure.

#include <optional>
#include <string_view>

#include "base/time.h"

namespace carillon {

// A moment: a date ("2026-11-22", its beginning), a date and time ("2026-11-22T13:05", with seconds and fractions as
// one likes, "Z", "+01:00" or nothing behind, which means UTC), whole seconds since 1970 ("1795000000"), or an age
// ("90s", "15m", "2h", "7d", "4w": so long before `now`). Nothing for anything else, for a date that is not in the
// calendar, and for years before 1970 or after 9999.
std::optional<Instant> parse_moment(std::string_view text, Instant now);

}  // namespace carillon
