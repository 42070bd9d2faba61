// fuzz-links: carillon_text
// Times as people and programs write them: what is read is in range, and the same when it is printed and read again.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "text/json.h"
#include "text/moment.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using carillon::Instant;
  constexpr Instant kNow{1'795'352'706'789'000};
  const auto at = carillon::parse_moment({reinterpret_cast<const char*>(data), size}, kNow);
  if (!at) return 0;
  CHECK(at->us >= 0);
  const Instant whole{at->us / 1000 * 1000};  // milliseconds are printed
  if (whole.us == 0) return 0;                // "never" elsewhere
  const auto back = carillon::parse_moment(carillon::json::time_text(whole), kNow);
  CHECK(back.has_value() && *back == whole);
  return 0;
}
