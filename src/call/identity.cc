#include "call/identity.h"

#include <algorithm>

#include "base/text.h"
#include "sip/message/privacy.h"
#include "sip/message/writer.h"

namespace carillon::call {

namespace {

constexpr View kAnonymousName = "Anonymous";
constexpr View kAnonymousUri = "<sip:anonymous@anonymous.invalid>";  // RFC 3323 §4.1.1.3

void append_name(std::string& out, View name) {
  if (name.empty()) return;
  sip::append_quoted(out, name);
  out.push_back(' ');
}

void append_address(std::string& out, View name, View number, View host, Hides hides) {
  append_name(out, hides_name(hides) ? kAnonymousName : name);
  if (hides_number(hides)) {
    out.append(kAnonymousUri);
  } else {
    out.append("<sip:");
    sip::append_user(out, number);
    out.append("@").append(host).append(">");
  }
}

// The leg's other party, as the world outside sees it.
Party from_outside(const Turn& t, const Leg& leg, const Party& party) {
  const bool calls = t.is_caller(leg);
  const Leg* other = t.core.legs.find(calls ? t.call.callee : t.call.caller);
  const config::EntityId line = calls ? t.call.called_line : other != nullptr ? other->line : 0;
  const config::EntityId phone = other != nullptr ? other->phone : 0;
  Party shown = party;
  shown.number = external_number(*t.context.snapshot, party.number, line, phone);
  return shown;
}

}  // namespace

void withhold_identity(Turn& t) {
  Leg* caller = t.caller();
  if (caller == nullptr) return;
  caller->asks = Hides::both;
  t.call.calling.hides = hides_of(t.context.snapshot->line(caller->line), Side::calling, caller->asks);
}

Hides hides_of(const config::LineView* line, Side side, Hides asked) {
  if (line == nullptr) return asked;
  const bool calls = side == Side::calling;
  const auto hides = [](config::Presentation p, bool asks) {
    return p == config::Presentation::restricted || (p == config::Presentation::by_default && asks);
  };
  const config::PresentationsView& p = line->presentations;
  const bool name = hides(calls ? p.calling_name : p.connected_name, hides_name(asked));
  const bool number = hides(calls ? p.calling_line : p.connected_line, hides_number(asked));
  return (name ? Hides::name : Hides::nothing) | (number ? Hides::number : Hides::nothing);
}

Audience audience_of(const Turn& t, const Leg& leg) {
  const config::PhoneView* phone = t.phone(leg);
  Audience a;
  a.host = domain_of(t, leg);
  a.outside = leg.phone == 0 || t.core.options.phones_are_outside;
  if (phone == nullptr) return a;
  if (phone->sip) a.rpid = phone->sip->send_rpid, a.pai = phone->sip->send_pai;
  a.sees_hidden = phone->trusted;
  a.ignores = phone->ignores_presentation && !t.call.from_outside;
  return a;
}

std::string_view privacy_word(Hides hides) {
  constexpr View kWords[] = {"off", "name", "uri", "full"};
  return kWords[static_cast<size_t>(hides)];
}

Hides append_marked(std::string& out, const Audience& audience, const Party& party) {
  const Hides hides = audience.ignores ? Hides::nothing : party.hides;
  append_address(out, party.name, party.number, audience.host, audience.sees_hidden ? Hides::nothing : hides);
  return hides;
}

void append_from(std::string& out, const Audience& audience, const Party& party) {
  append_address(out, party.name, party.number, audience.host, audience.ignores ? Hides::nothing : party.hides);
}

void append_identity(std::string& out, const Audience& audience, const Party& party, std::string_view role) {
  const Hides hides = audience.ignores ? Hides::nothing : party.hides;
  if (audience.rpid) {
    out.append("Remote-Party-ID: ");
    append_marked(out, audience, party);
    out.append(";party=").append(role).append(";id-type=subscriber;privacy=").append(privacy_word(hides));
    out.append(";screen=yes\r\n");
  }
  // RFC 3325 §7: with "Privacy: id" it goes to those that we trust only. A withheld name alone is left out: there is no
  // word of Privacy for it.
  if (audience.pai && (audience.sees_hidden || !hides_number(hides))) {
    out.append("P-Asserted-Identity: ");
    append_address(out, hides == Hides::name ? View() : View(party.name), party.number, audience.host, Hides::nothing);
    out.append("\r\n");
  }
  if (hides_number(hides)) out.append("Privacy: id\r\n");
}

void append_other_party(std::string& out, const Turn& t, const Leg& leg, std::string_view role) {
  const Audience audience = audience_of(t, leg);
  const Party& party = t.is_caller(leg) ? t.call.called : t.call.calling;
  if (audience.outside) return append_identity(out, audience, from_outside(t, leg, party), role);
  append_identity(out, audience, party, role);
}

void append_caller(std::string& out, std::string& contact_user, const Turn& t, const Leg& leg) {
  const Audience audience = audience_of(t, leg);
  const Party& party = t.call.calling;
  const bool hidden = hides_number(party.hides) && !audience.ignores;
  if (audience.outside) {
    const Party shown = from_outside(t, leg, party);
    contact_user = hidden ? "anonymous" : shown.number;
    return append_from(out, audience, shown);
  }
  contact_user = hidden ? "anonymous" : party.number;
  append_from(out, audience, party);
}

std::string masked_number(std::string_view mask, std::string_view number) {
  if (mask.empty()) return std::string(number);
  std::string out;
  size_t left = number.size();
  for (size_t i = mask.size(); i-- > 0;) {
    if (mask[i] != 'X') {
      out.push_back(mask[i]);
    } else if (left > 0) {
      out.push_back(number[--left]);
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::string external_number(const config::Snapshot& snapshot, std::string_view number, config::EntityId line,
                            config::EntityId phone) {
  const auto mask_on = [&](config::EntityId id) {
    const config::PhoneView* p = snapshot.phone(id);
    const config::AppearanceView* a = p == nullptr ? nullptr : p->appearance(line);
    return a == nullptr ? View() : View(a->external_mask);
  };
  View mask = mask_on(phone);
  if (const config::LineView* view = snapshot.line(line); view != nullptr) {
    for (size_t i = 0; mask.empty() && i < view->phones.size(); i++) mask = mask_on(view->phones[i]);
  }
  return masked_number(mask, number);
}

std::string number_of(const sip::Uri& uri) {
  if (uri.is_sip()) return uri.has_user ? sip::decoded_user(uri) : std::string();
  if (uri.scheme != sip::Uri::Scheme::tel) return {};
  std::string number(uri.host.substr(0, uri.host.find(';')));
  std::erase_if(number, [](char c) { return c == '-' || c == '.' || c == '(' || c == ')'; });
  return number;
}

bool is_our_host(Turn& t, const Leg& leg, std::string_view host) {
  t.core.our_hosts.forget();  // the snapshot may name other domains than before
  return t.core.our_hosts.is_ours(host, leg.flow, t.context.snapshot->parameters());
}

std::string_view domain_of(const Turn& t, const Leg& leg) {
  const auto& domains = t.context.snapshot->parameters().domains;
  return domains.empty() ? std::string_view(leg.host) : std::string_view(domains.front());
}

void append_name_addr(std::string& out, std::string_view name, std::string_view number, std::string_view host) {
  append_address(out, name, number, host, Hides::nothing);
}

void append_contact(std::string& out, const Leg& leg) {
  out.append("Contact: <sip:");
  sip::append_user(out, leg.user);
  out.append("@").append(leg.host);
  if (leg.flow.transport == sip::Transport::tcp) out.append(";transport=tcp");
  if (leg.flow.transport == sip::Transport::tls) out.append(";transport=tls");
  out.append(">\r\n");
}

}  // namespace carillon::call
