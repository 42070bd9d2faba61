// What messages of phones say of their senders: believed where the administrator trusts the phone, obeyed where it asks
// for less to be shown.

#include <algorithm>

#include "base/text.h"
#include "call/identity.h"
#include "sip/message/privacy.h"
#include "sip/message/remote_party_id.h"

namespace carillon::call {

namespace {

constexpr size_t kMostBytes = 128;  // of a number or name that a trusted phone asserts: not believed above

Hides hides_of_word(View privacy) {
  if (iequals(privacy, "full")) return Hides::both;
  if (iequals(privacy, "name")) return Hides::name;
  return iequals(privacy, "uri") ? Hides::number : Hides::nothing;
}

// All its values count: a phone may write one as calling and one as called party, and which is which is not looked at
// (system.md 2.8).
Hides asked_by_rpid(const sip::Message& m) {
  Hides asked = Hides::nothing;
  sip::for_each_value(m, sip::HeaderId::remote_party_id, [&asked](View value) {
    if (const auto rpid = sip::RemotePartyId::parse(value)) asked = asked | hides_of_word(rpid->privacy);
    return asked != Hides::both;
  });
  return asked;
}

// Fit to be shown and dialled, and no longer than what administrators may configure.
bool is_fit(View number) { return !number.empty() && number.size() <= kMostBytes && is_clean_utf8(number); }

bool take_address(const sip::NameAddr& address, Party& party) {
  std::string number = number_of(address.uri);
  if (!is_fit(number) || sip::is_anonymous(address.uri)) return false;
  party.number = std::move(number);
  party.name = sip::decoded_display(address);
  if (party.name.size() > kMostBytes || !is_clean_utf8(party.name)) party.name.clear();
  return true;
}

// RFC 3325 §9.1: a sip or sips URI, a tel URI, or both; RFC 5876 §4.5: what is more, or of another scheme, is passed
// over.
bool asserted(const sip::Message& m, Party& party) {
  bool found = false;
  sip::for_each_value(m, sip::HeaderId::p_asserted_identity, [&](View value) {
    if (const auto address = sip::NameAddr::parse(value)) found = take_address(*address, party);
    return !found;
  });
  if (found) return true;
  sip::for_each_value(m, sip::HeaderId::remote_party_id, [&](View value) {
    if (const auto rpid = sip::RemotePartyId::parse(value)) found = take_address(rpid->address, party);
    return !found;
  });
  return found;
}

// Looks for the phone only where there is something to believe.
bool is_trusted(const Turn& t, const Leg& leg, const sip::Message& m) {
  if (m.find(sip::HeaderId::p_asserted_identity) == nullptr && m.find(sip::HeaderId::remote_party_id) == nullptr)
    return false;
  const config::PhoneView* phone = t.phone(leg);
  return phone != nullptr && phone->trusted;
}

bool is_shown_alike(const Party& a, const Party& b) {
  return a.hides == b.hides && a.number == b.number && a.name == b.name;
}

}  // namespace

Hides asked_privacy(const sip::Message& m) {
  if (const sip::Header* h = m.find(sip::HeaderId::privacy)) {
    const auto privacy = sip::Privacy::parse(h->value);
    if (!privacy || privacy->hides_identity()) return Hides::both;  // what cannot be read asks for something
    if (privacy->none) return Hides::nothing;
  }
  if (m.is_request() && sip::is_anonymous(m.from().uri)) return Hides::both;
  return asked_by_rpid(m);
}

bool demands_session_privacy(const sip::Message& invite) {
  const sip::Header* h = invite.find(sip::HeaderId::privacy);
  if (h == nullptr) return false;
  const auto privacy = sip::Privacy::parse(h->value);
  return privacy && privacy->session && privacy->critical;
}

void identify_caller(Turn& t, const sip::Message& invite, const registrar::Identity& who) {
  Party& calling = t.call.calling;
  Leg& caller = *t.caller();
  if (who.line != nullptr) calling.number = who.line->number;
  if (who.appearance != nullptr) calling.name = who.appearance->display;
  if (calling.name.empty() && who.line != nullptr) calling.name = who.line->alerting_name;
  caller.asks = asked_privacy(invite);
  calling.hides = hides_of(who.line, Side::calling, caller.asks);
  if (who.phone != nullptr && who.phone->trusted) asserted(invite, calling);
}

bool speaks_for_outsider(const Turn& t, const sip::Message& invite, const registrar::Identity& who) {
  if (who.phone == nullptr || !who.phone->trusted) return false;
  if (sip::is_anonymous(invite.from().uri)) return true;
  return std::ranges::none_of(who.phone->lines, [&t](const config::AppearanceView& a) {
    const config::LineView* line = t.context.snapshot->line(a.line);
    return line != nullptr && line->number == t.call.calling.number;
  });
}

bool hear_identity(Turn& t, Leg& leg, const sip::Message& m) {
  const bool calls = t.is_caller(leg);
  Party& party = calls ? t.call.calling : t.call.called;
  // In a request inside a dialog From is not the party's to choose, and ours where our INVITE made it.
  const Hides asked_before = leg.asks;
  if (m.find(sip::HeaderId::privacy) != nullptr || m.find(sip::HeaderId::remote_party_id) != nullptr)
    leg.asks = asked_privacy(m);
  Party now;
  const bool believed = is_trusted(t, leg, m) && asserted(m, now);
  if (!believed && leg.established() && leg.asks == asked_before) return false;
  now.hides = hides_of(t.context.snapshot->line(leg.line), calls ? Side::calling : Side::connected, leg.asks);
  if (!believed) {
    const bool other = now.hides != party.hides;
    party.hides = now.hides;
    return other;
  }
  if (is_shown_alike(now, party)) return false;
  party = std::move(now);
  return true;
}

}  // namespace carillon::call
