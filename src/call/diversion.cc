#include "call/diversion.h"

#include "base/text.h"
#include "call/identity.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

struct Row {
  Why why;
  std::string_view word;  // RFC 5806 §4
  int cause;              // RFC 4458 §2; 0: none fits
};
constexpr Row kRows[] = {
    {Why::unconditional, "unconditional", 302},
    {Why::user_busy, "user-busy", 486},
    {Why::no_answer, "no-answer", 408},
    {Why::unavailable, "unavailable", 404},
    {Why::deflection, "deflection", 480},
    {Why::do_not_disturb, "do-not-disturb", 486},
    {Why::time_of_day, "time-of-day", 302},
    {Why::follow_me, "follow-me", 302},
    {Why::away, "away", 302},
    {Why::out_of_service, "out-of-service", 404},
    {Why::not_retrieved, "no-answer", 408},
    {Why::unknown, "unknown", 404},
};

const Row& row_of(Why w) {
  for (const Row& r : kRows) {
    if (r.why == w) return r;
  }
  return kRows[std::size(kRows) - 1];
}

// The last of a chain first, the number dialled second; those between are only counted (system.md 2.7).
void append_diversion(std::string& out, const Redirection& r, size_t counter, std::string_view host) {
  out.append("Diversion: ");
  append_name_addr(out, r.from.name, r.from.number, host);
  out.append(";reason=").append(to_string(r.why)).append(";privacy=off;screen=yes;counter=");
  append_number(out, counter);
  out.append("\r\n");
}

void append_entry(std::string& out, std::string_view number, std::string_view host, Why came_by, int left_by) {
  out.append("<sip:").append(sip::escape_user(number)).append("@").append(host);
  if (came_by != Why::dialled) {
    out.append(";cause=");
    append_number(out, static_cast<uint64_t>(cause_of(came_by)));
  }
  if (left_by != 0) {
    out.append("?Reason=SIP%3Bcause%3D");
    append_number(out, static_cast<uint64_t>(left_by));
  }
  out.append(">");
}

// RFC 7044 §10.3: each target under the one before it ("mp": another user), the phone's contact under its number
// ("rc").
void append_history(std::string& out, const Call& call, const Leg& leg, std::string_view host) {
  std::string index = "1", parent;
  Why came_by = Why::dialled;
  out.append("History-Info: ");
  for (const Redirection& r : call.redirected) {
    append_entry(out, r.from.number, host, came_by, r.status);
    out.append(";index=").append(index);
    if (!parent.empty()) out.append(";mp=").append(parent);
    out.append(", ");
    parent = index;
    index += ".1";
    came_by = r.why;
  }
  append_entry(out, call.called.number, host, came_by, 0);
  out.append(";index=").append(index).append(";mp=").append(parent);
  out.append(", <").append(leg.dialog.target).append(">;index=").append(index).append(".1;rc=").append(index);
  out.append("\r\n");
}

}  // namespace

std::string_view to_string(Why w) { return row_of(w).word; }

int cause_of(Why w) { return row_of(w).cause; }

Why why_of(std::string_view reason) {
  for (const Row& r : kRows) {
    if (iequals(r.word, reason)) return r.why;
  }
  return Why::unknown;
}

void append_redirections(std::string& out, const Turn& t, const Leg& leg) {
  const auto& all = t.call.redirected;
  if (all.empty()) return;
  const config::SipProfileView& profile = t.profile(leg);
  const std::string_view host = domain_of(t, leg);
  if (profile.send_diversion) {
    append_diversion(out, all.back(), 1, host);
    if (all.size() > 1) append_diversion(out, all.front(), all.size() - 1, host);
  }
  if (profile.send_history_info) append_history(out, t.call, leg, host);
}

}  // namespace carillon::call
