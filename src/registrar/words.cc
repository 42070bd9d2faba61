#include "registrar/words.h"

#include "base/text.h"
#include "sip/auth/credentials.h"
#include "sip/flow.h"

namespace carillon::registrar {
namespace {

constexpr size_t kShown = 64;  // bytes shown of what a stranger wrote

std::string numbers_of(const config::PhoneView& phone, const config::Snapshot& snapshot) {
  std::string out;
  for (const auto& a : phone.lines) {
    const auto* line = snapshot.line(a.line);
    if (line == nullptr) continue;
    if (!out.empty()) out += ", ";
    out += line->number;
  }
  return out.empty() ? "no lines" : out;
}

std::string shown(std::string_view s) { return printable(s, kShown); }

std::string transports_of(const config::SecurityView& s) {
  std::string out;
  for (const auto& [allowed, name] : {std::pair{s.udp, "UDP"}, {s.tcp, "TCP"}, {s.tls, "TLS"}}) {
    if (!allowed) continue;
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

// Without the response: nobody needs to see that.
std::string given(std::string_view authorization, std::string_view realm) {
  const auto c = sip::auth::Credentials::parse(authorization);
  if (!c) return "not digest credentials, or incomplete";
  std::string out = "realm " + shown(c->realm) + " (ours: " + std::string(realm) + ")";
  out += ", algorithm " + (c->algorithm.empty() ? "MD5" : shown(c->algorithm));
  return out + ", qop " + (c->qop.empty() ? "none" : shown(c->qop));
}

}  // namespace

std::string refusals_detail(const sip::Message& request, const config::Snapshot& snapshot, RefusalReason reason,
                            std::string_view user, const config::PhoneView* phone) {
  switch (reason) {
    case RefusalReason::unknown_user:
    case RefusalReason::user_without_phone:
    case RefusalReason::wrong_hash:
    case RefusalReason::no_credentials:
      return "user " + shown(user);
    case RefusalReason::not_a_line:
      if (phone == nullptr) return {};
      return "phone " + phone->name + " has " + numbers_of(*phone, snapshot) + "; To has " +
             shown(sip::decoded_user(request.to().uri)) + ", From has " + shown(sip::decoded_user(request.from().uri));
    case RefusalReason::phone_disabled:
      return phone == nullptr ? "" : "phone " + phone->name;
    case RefusalReason::transport_not_allowed:
      if (phone == nullptr) return {};
      return "phone " + phone->name + ", profile " + phone->security->name + ", allowed " +
             transports_of(*phone->security);
    case RefusalReason::malformed_credentials:
      return given(request.value(sip::HeaderId::authorization), snapshot.parameters().realm);
    default:
      return {};
  }
}

void append_warning(std::string& to, RefusalReason reason, std::string_view detail) {
  to += "Warning: 399 carillon \"";
  const auto quoted = [&to](std::string_view s) {
    for (const char c : printable(s, 300)) {
      if (c == '"' || c == '\\') to += '\\';
      to += c;
    }
  };
  quoted(explanation_of(reason));
  if (!detail.empty()) to += ": ", quoted(detail);
  to += "\"\r\n";
}

}  // namespace carillon::registrar
