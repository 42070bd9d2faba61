#include "text/moment.h"

#include "base/text.h"

namespace carillon {

namespace {

constexpr int64_t kEnd = 253'402'300'800'000'000;  // the beginning of the year 10000

// Takes from the front.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  int digits(size_t count) {
    int value = 0;
    for (size_t i = 0; i < count; i++) {
      if (i >= rest.size() || rest[i] < '0' || rest[i] > '9') return ok = false, 0;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    return value;
  }
  bool takes(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  void must(char c) { ok = takes(c) && ok; }
};

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

int64_t days_since_epoch(int year, int month, int day) {
  int64_t days = day - 1;
  for (int m = 1; m < month; m++) days += days_in(year, m);
  const int64_t before = year - 1;
  return days + before * 365 + before / 4 - before / 100 + before / 400 - 719'162;  // days until 1970
}

// Microseconds of ".789" (as many digits as there are).
int64_t fraction(Scanner& in) {
  int64_t value = 0, unit = 100'000;
  if (!in.takes('.')) return 0;
  if (in.rest.empty() || in.rest.front() < '0' || in.rest.front() > '9') in.ok = false;
  while (!in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9') {
    value += (in.rest.front() - '0') * unit;
    unit /= 10;
    in.rest.remove_prefix(1);
  }
  return value;
}

int64_t zone_minutes(Scanner& in) {
  if (in.rest.empty() || in.takes('Z') || in.takes('z')) return 0;
  const bool east = in.takes('+');
  if (!east) in.must('-');
  const int hours = in.digits(2);
  in.takes(':');
  const int minutes = in.digits(2);
  if (hours > 23 || minutes > 59) in.ok = false;
  return (east ? 1 : -1) * (hours * 60 + minutes);
}

std::optional<Instant> parse_date(std::string_view text) {
  Scanner in{text};
  const int year = in.digits(4);
  in.must('-');
  const int month = in.digits(2);
  in.must('-');
  const int day = in.digits(2);
  if (!in.ok || year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return {};
  Instant at{days_since_epoch(year, month, day) * 86'400'000'000};
  if (in.rest.empty()) return at;
  if (!in.takes('T') && !in.takes('t')) in.must(' ');
  const int hours = in.digits(2);
  in.must(':');
  const int mins = in.digits(2);
  int secs = 0;
  if (in.takes(':')) {
    secs = in.digits(2);
    at.us += fraction(in);
  }
  const int64_t zone = zone_minutes(in);
  if (!in.ok || !in.rest.empty() || hours > 23 || mins > 59 || secs > 59) return {};
  at = at + seconds(hours * 3600 + mins * 60 + secs - zone * 60);
  return at.us < 0 || at.us >= kEnd ? std::nullopt : std::optional<Instant>(at);
}

std::optional<Instant> parse_age(std::string_view text, Instant now) {
  int64_t unit = 0;
  switch (text.back()) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = 86'400;
      break;
    case 'w':
      unit = 7 * 86'400;
      break;
    default:
      return {};
  }
  const auto count = to_number<uint32_t>(text.substr(0, text.size() - 1));
  if (!count) return {};
  const int64_t age = static_cast<int64_t>(*count) * unit;
  return age > now.us / 1'000'000 ? Instant{} : now - seconds(age);
}

}  // namespace

std::optional<Instant> parse_moment(std::string_view text, Instant now) {
  if (text.empty()) return {};
  if (text.size() >= 8 && text.find('-') == 4) return parse_date(text);
  if (const auto whole = to_number<uint64_t>(text); whole && *whole < static_cast<uint64_t>(kEnd / 1'000'000))
    return Instant{static_cast<int64_t>(*whole) * 1'000'000};
  return parse_age(text, now);
}

}  // namespace carillon
