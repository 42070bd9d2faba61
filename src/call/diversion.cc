#include "call/diversion.h"

#include <span>
#include <vector>

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

// Whoever sent the call on, with the number that those know who are told.
Party seen_by(const Turn& t, const Audience& audience, const Redirection& r) {
  Party party = r.from;
  if (audience.outside) party.number = external_number(*t.context.snapshot, party.number, r.line, 0);
  return party;
}

// The last of a chain first, the number dialled second; those between are only counted (system.md 2.7).
void append_diversion(std::string& out, const Turn& t, const Redirection& r, size_t counter, const Audience& audience) {
  out.append("Diversion: ");
  const Hides hides = append_marked(out, audience, seen_by(t, audience, r));
  out.append(";reason=").append(to_string(r.why)).append(";privacy=").append(privacy_word(hides));
  out.append(";screen=yes;counter=");
  append_number(out, counter);
  out.append("\r\n");
}

// RFC 7044 §10.1.2: an entry that is to be private is anonymous for those who must not see it, and marked for others.
void append_entry(std::string& out, const Party& party, const Audience& audience, Why came_by, int left_by) {
  const bool hidden = hides_number(party.hides) && !audience.ignores;
  if (hidden && !audience.sees_hidden) {
    out.append("<sip:anonymous@anonymous.invalid");
  } else {
    out.append("<sip:").append(sip::escape_user(party.number)).append("@").append(audience.host);
  }
  if (came_by != Why::dialled) {
    out.append(";cause=");
    append_number(out, static_cast<uint64_t>(cause_of(came_by)));
  }
  if (left_by != 0) {
    out.append("?Reason=SIP%3Bcause%3D");
    append_number(out, static_cast<uint64_t>(left_by));
  }
  if (hidden && audience.sees_hidden) out.append(left_by != 0 ? "&" : "?").append("Privacy=history");
  out.append(">");
}

// RFC 7044 §10.3: each target under the one before it ("mp": another user), the phone's contact under its number
// ("rc").
void append_history(std::string& out, const Turn& t, const Leg& leg, const Audience& audience,
                    std::span<const Redirection> way, std::string_view last) {
  std::string index = "1", parent;
  Why came_by = Why::dialled;
  out.append("History-Info: ");
  for (const Redirection& r : way) {
    append_entry(out, seen_by(t, audience, r), audience, came_by, r.status);
    out.append(";index=").append(index);
    if (!parent.empty()) out.append(";mp=").append(parent);
    out.append(", ");
    parent = index;
    index += ".1";
    came_by = r.why;
  }
  // The phone that is called knows who it is.
  append_entry(out, {std::string(last), {}, Hides::nothing}, audience, came_by, 0);
  out.append(";index=").append(index).append(";mp=").append(parent);
  out.append(", <").append(leg.dialog.target).append(">;index=").append(index).append(".1;rc=").append(index);
  out.append("\r\n");
}

// `way`: who has passed the call on; `last`: to whom.
void append_way(std::string& out, const Turn& t, const Leg& leg, std::span<const Redirection> way,
                std::string_view last) {
  const config::SipProfileView& profile = t.profile(leg);
  const Audience audience = audience_of(t, leg);
  if (profile.send_diversion) {
    append_diversion(out, t, way.back(), 1, audience);
    if (way.size() > 1) append_diversion(out, t, way.front(), way.size() - 1, audience);
  }
  if (profile.send_history_info) append_history(out, t, leg, audience, way, last);
}

// For a member the pilot is one more who has passed the call on: the phone shows which number was meant.
void append_way_of_hunt(std::string& out, const Turn& t, const Leg& leg) {
  std::vector<Redirection> way = t.call.redirected;
  Redirection pilot;
  pilot.from = t.call.called;
  pilot.why = Why::unconditional;
  way.push_back(std::move(pilot));
  const config::LineView* member = t.context.snapshot->line(leg.line);
  append_way(out, t, leg, way, member != nullptr ? member->number : t.call.called.number);
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
  if (t.call.hunt != nullptr) return append_way_of_hunt(out, t, leg);
  if (!t.call.redirected.empty()) append_way(out, t, leg, t.call.redirected, t.call.called.number);
}

}  // namespace carillon::call
