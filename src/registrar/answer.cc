// What a REGISTER is answered: the phone's own bindings, or why not.

#include <cstdio>

#include "base/text.h"
#include "registrar/registrar_impl.h"
#include "registrar/words.h"

namespace carillon::registrar {
namespace {

constexpr std::string_view kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};  // the epoch's first day first
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr int64_t kDay = 86400;

struct Civil {
  int64_t year;
  unsigned month, day;  // from 1
};

// Days since 1970-01-01 to a date: years begin in March, so that the leap day is a year's last.
Civil civil_of(int64_t days) {
  days += 719468;
  const int64_t era = days / 146097;
  const int64_t of_era = days % 146097;
  const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const int64_t month = (5 * of_year + 2) / 153;
  const auto day = static_cast<unsigned>(of_year - (153 * month + 2) / 5 + 1);
  const auto calendar_month = static_cast<unsigned>(month < 10 ? month + 3 : month - 9);
  return {year + era * 400 + (calendar_month <= 2 ? 1 : 0), calendar_month, day};
}

}  // namespace

std::string_view DateLine::at(Instant now) {
  const int64_t second = std::max<int64_t>(now.us, 0) / 1000000;
  if (second != second_) {
    second_ = second;
    const Civil c = civil_of(second / kDay);
    const auto of_day = static_cast<int>(second % kDay);
    const int n = std::snprintf(line_, sizeof line_, "Date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n",
                                kDays[second / kDay % 7].data(), c.day, kMonths[c.month - 1].data(),
                                static_cast<int>(c.year % 10000), of_day / 3600, of_day / 60 % 60, of_day % 60);
    size_ = std::min(static_cast<size_t>(n), sizeof line_ - 1);
  }
  return {line_, size_};
}

Outcome Registrar::Impl::answer(const Turn& t, bool wait) {
  headers.clear();
  size_t count = 0;
  int64_t left = 0;
  for (const Binding* b : index.of_line(t.identity.line->id)) {
    if (b->phone != t.identity.phone->id || b->expires <= t.now) continue;
    count++;
    left = (b->expires - t.now).seconds();
    headers.append("Contact: <").append(b->contact).append(">");
    if (!b->contact_params.empty()) headers.append(";").append(b->contact_params);
    headers += ";expires=";
    append_number(headers, static_cast<uint64_t>(left));
    headers += "\r\n";
  }
  if (count == 1) {
    headers += "Expires: ";
    append_number(headers, static_cast<uint64_t>(left));
    headers += "\r\n";
  }
  if (!ask.path.empty()) headers.append("Path: ").append(ask.path).append("\r\n");
  if (ask.outbound) headers += "Require: outbound\r\n";
  if (ask.outbound && sip::is_stream(t.flow.transport)) headers += "Flow-Timer: 120\r\n";
  headers += date.at(t.now);
  Outcome o;
  o.headers = headers;
  o.wait = wait;
  return o;
}

// To strangers nothing but the status is said of a 403: it could be any of its reasons (decisions.md).
Outcome Registrar::Impl::refuse(const Turn& t, const Problem& problem) {
  if (problem.reason != RefusalReason::interval_too_brief) headers.assign(problem.headers);
  const bool trusted = t.snapshot.parameters().is_trusted(t.flow.remote);
  if (trusted) append_warning(headers, problem.reason, problem.phrase);
  Outcome o;
  o.status = problem.status;
  o.reason = problem.phrase;
  o.headers = headers;
  o.refusal = problem.reason;
  o.refused = true;
  return o;
}

}  // namespace carillon::registrar
