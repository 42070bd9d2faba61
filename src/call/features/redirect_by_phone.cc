// A phone sends the call elsewhere: 300, 301, 302, 305, 380 with a Contact (RFC 3261 §8.1.3.4). Only to numbers of
// ours, within the reach of its line; of what it says about itself only the reason of its Diversion counts.

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "base/text.h"
#include "call/cause.h"
#include "call/diversion.h"
#include "call/finish.h"
#include "call/identity.h"
#include "call/other_contacts.h"
#include "call/route.h"
#include "sip/message/contact.h"
#include "sip/message/diversion.h"
#include "sip/message/values.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

struct Place {
  std::string number;  // "" when it is none of ours
  uint16_t q = 1000;
};

std::vector<Place> places_of(Turn& t, const Leg& leg, const sip::Message& m) {
  std::vector<Place> places;
  sip::for_each_value(m, sip::HeaderId::contact, [&](View value) {
    const auto contact = sip::ContactValue::parse(value);
    if (!contact || contact->star) return true;
    const sip::Uri& uri = contact->address.uri;
    Place place{{}, contact->q.value_or(1000)};
    if (uri.scheme == sip::Uri::Scheme::tel || is_our_host(t, leg, uri.host)) place.number = number_of(uri);
    places.push_back(std::move(place));
    return places.size() < OtherContacts::kMost;
  });
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.q > b.q; });
  return places;
}

Why reason_of(const sip::Message& m) {
  const auto diversion = sip::Diversion::parse(m.value(sip::HeaderId::diversion));
  const Why why = diversion ? why_of(diversion->reason) : Why::unknown;
  return why == Why::unknown ? Why::deflection : why;
}

// Hosts that a phone names are none of the caller's business.
std::string warning_of(const std::vector<Place>& places) {
  std::string text, words = "The phone redirects the call without saying where to";
  if (!places.empty()) {
    const std::string& number = places.front().number;
    words = number.empty()
                ? "The phone redirects the call to a place that is none of ours"
                : "The phone redirects the call to " + printable(number, 40) + ", which is not within its reach";
  }
  sip::Writer(text).begin(sip::HeaderId::warning).text("399 carillon ").quoted(words).end();
  return text;
}

// For other_contacts; what an earlier phone has named comes to nothing.
void remember(Call& call, std::span<const Place> places, const Reach& reach, Why why, size_t depth) {
  const size_t tried = call.other_contacts == nullptr ? 0 : call.other_contacts->tried;
  call.other_contacts.reset();
  if (places.empty()) return;
  call.other_contacts = std::make_unique<OtherContacts>();
  *call.other_contacts = {.reach = reach, .why = why, .depth = depth, .tried = tried};
  for (const Place& place : places) {
    if (!place.number.empty()) call.other_contacts->numbers.push_back(place.number);
  }
}

bool anybody_rings(Turn& t) {
  bool rings = false;
  t.each_leg([&](const Leg& l) { rings |= l.rings(); });
  return rings;
}

Verdict on_leg(Turn& t, Leg& leg, const LegEvent& e) {
  if (e.kind != LegEvent::Kind::failed || e.message == nullptr || e.status / 100 != 3) return Verdict::pass;
  // A member of a hunt does not decide where the hunt goes.
  if (t.call.stage != Stage::ringing || leg.line != t.call.called_line) return Verdict::pass;
  note_called(t, leg);
  leg.progress = Progress::ended;
  if (t.call.early == leg.self) t.call.early = {};
  const std::vector<Place> places = places_of(t, leg, *e.message);
  const Reach reach = reach_of(t.context.snapshot->line(leg.line), t.phone(leg));
  const Why why = reason_of(*e.message);
  const size_t depth = t.call.redirected.size();
  for (size_t i = 0; i < places.size(); i++) {
    if (places[i].number.empty()) continue;
    // Before the call goes on: that may end it, or come back here.
    remember(t.call, {places.begin() + static_cast<ptrdiff_t>(i) + 1, places.end()}, reach, why, depth);
    if (route_call(t, {.number = places[i].number, .reach = reach, .why = why, .status = e.status}) == Routed::yes)
      return Verdict::taken;
  }
  // On a shared line the others go on ringing.
  if (!anybody_rings(t)) exhausted(t, {480, cause_of_status(e.status), Lack::failed, true}, warning_of(places));
  return Verdict::taken;
}

}  // namespace

extern const Feature redirect_by_phone;
const Feature redirect_by_phone{.name = "redirect_by_phone", .on_leg = on_leg};

}  // namespace carillon::call
