// SIP-date: the fixed form of RFC 1123 in GMT and no other (RFC 3261 §20.17).
#include <array>

#include "sip/message/elements.h"

namespace carillon::sip::element {
namespace {

template <size_t N>
bool one_of(View text, const std::array<View, N>& names) {
  for (const View name : names) {
    if (iequals(text, name)) return true;
  }
  return false;
}

constexpr std::array<View, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<View, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool in_range(View digits, unsigned low, unsigned high) {
  const auto n = to_number<unsigned>(digits);
  return n && *n >= low && *n <= high;
}

}  // namespace

// "Sat, 13 Nov 2010 23:29:00 GMT"
bool date(Cursor& c) {
  constexpr size_t kLength = 29;
  const View s = c.rest();
  if (s.size() < kLength) return false;
  for (const size_t at : {4, 7, 11, 16, 25}) {
    if (s[at] != ' ') return false;
  }
  if (s[3] != ',' || s[19] != ':' || s[22] != ':' || !iequals(s.substr(26, 3), "GMT")) return false;
  if (!one_of(s.substr(0, 3), kDays) || !one_of(s.substr(8, 3), kMonths)) return false;
  if (!in_range(s.substr(5, 2), 1, 31) || !chars::is_number(s.substr(12, 4))) return false;
  c.p += kLength;
  return in_range(s.substr(17, 2), 0, 23) && in_range(s.substr(20, 2), 0, 59) &&
         in_range(s.substr(23, 2), 0, 60);
}

}  // namespace carillon::sip::element
