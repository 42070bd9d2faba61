// fuzz-links: carillon_call
// What a message says of its sender, a line each: From, Remote-Party-ID, P-Asserted-Identity, Privacy, Diversion.
// Whoever is believed is written as one address of the same number and name; of whoever is withheld nothing is written
// at all.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "call/diversion.h"
#include "call/identity.h"
#include "call/redirection.h"
#include "sip/message/diversion.h"
#include "sip/message/privacy.h"
#include "sip/message/remote_party_id.h"

namespace {

namespace call = carillon::call;
namespace sip = carillon::sip;
using sip::View;

constexpr size_t kMostBytes = 128;

View line_of(View& text) {
  const size_t end = text.find('\n');
  const View line = text.substr(0, end);
  text.remove_prefix(end == View::npos ? text.size() : end + 1);
  return line;
}

bool is_shown(const call::Party& p) {
  const bool number = !p.number.empty() && p.number.size() <= kMostBytes && carillon::is_clean_utf8(p.number);
  return number && p.name.size() <= kMostBytes && carillon::is_clean_utf8(p.name);
}

void written(const call::Party& party) {
  const call::Audience audience{.host = "pbx.example"};
  std::string from;
  call::append_from(from, audience, party);
  const auto back = sip::NameAddr::parse(from);
  CHECK(back.has_value());
  if (party.hides == call::Hides::nothing) {
    CHECK(call::number_of(back->uri) == party.number);
    CHECK(sip::decoded_display(*back) == party.name);
  }
  std::string lines, others;
  call::append_identity(lines, audience, party, "calling");
  call::append_identity(others, audience, {"1", "x", party.hides}, "calling");
  if (party.hides == call::Hides::both) CHECK(lines == others);
}

void address(const sip::NameAddr& a) {
  call::Party party{call::number_of(a.uri), sip::decoded_display(a), call::Hides::nothing};
  if (!is_shown(party) || sip::is_anonymous(a.uri)) return;
  for (const call::Hides h : {call::Hides::nothing, call::Hides::name, call::Hides::number, call::Hides::both}) {
    party.hides = h;
    written(party);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  View text(reinterpret_cast<const char*>(data), size);
  std::string message =
      "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\n";
  message.append("CSeq: 1 INVITE\r\nFrom: ").append(line_of(text)).append("\r\n");
  for (const View name : {"Remote-Party-ID: ", "P-Asserted-Identity: ", "Privacy: ", "Diversion: "}) {
    const View value = line_of(text);
    if (!value.empty()) message.append(name).append(value).append("\r\n");
  }
  message += "Contact: <sip:a@h>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
  static sip::Message m;
  if (m.parse({message.data(), message.size()}, sip::Framing::datagram).kind != sip::ParseFault::Kind::none) return 0;
  const call::Hides asked = call::asked_privacy(m);
  const auto privacy = sip::Privacy::parse(m.value(sip::HeaderId::privacy));
  if (m.find(sip::HeaderId::privacy) != nullptr && privacy && privacy->none && !privacy->hides_identity())
    CHECK(asked == call::Hides::nothing);
  call::demands_session_privacy(m);
  address(m.from());
  sip::for_each_value(m, sip::HeaderId::p_asserted_identity, [](View value) {
    if (const auto a = sip::NameAddr::parse(value)) address(*a);
    return true;
  });
  sip::for_each_value(m, sip::HeaderId::remote_party_id, [](View value) {
    if (const auto rpid = sip::RemotePartyId::parse(value)) address(rpid->address);
    return true;
  });
  sip::for_each_value(m, sip::HeaderId::diversion, [](View value) {
    const auto diversion = sip::Diversion::parse(value);
    if (diversion) address(diversion->address), call::why_of(diversion->reason);
    return true;
  });
  return 0;
}
