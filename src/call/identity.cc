#include "call/identity.h"

#include "base/text.h"
#include "sip/message/writer.h"

namespace carillon::call {

bool wants_privacy(const sip::Message& invite) {
  View rest = invite.value(sip::HeaderId::privacy);
  while (!rest.empty()) {
    const size_t end = rest.find_first_of(";,");
    const View value = trim(rest.substr(0, end));
    if (iequals(value, "id") || iequals(value, "user") || iequals(value, "header")) return true;
    rest.remove_prefix(end == View::npos ? rest.size() : end + 1);
  }
  return false;
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
  if (!name.empty()) {
    sip::append_quoted(out, name);
    out.push_back(' ');
  }
  out.append("<sip:").append(sip::escape_user(number)).append("@").append(host).append(">");
}

void append_contact(std::string& out, const Leg& leg) {
  out.append("Contact: <sip:").append(sip::escape_user(leg.user)).append("@").append(leg.host);
  if (leg.flow.transport == sip::Transport::tcp) out.append(";transport=tcp");
  if (leg.flow.transport == sip::Transport::tls) out.append(";transport=tls");
  out.append(">\r\n");
}

void append_identity(std::string& out, const Turn& t, const Leg& leg, const Party& party, std::string_view role) {
  const config::SipProfileView& profile = t.profile(leg);
  const std::string_view host = domain_of(t, leg);
  if (profile.send_rpid) {
    out.append("Remote-Party-ID: ");
    append_name_addr(out, party.name, party.number, host);
    out.append(";party=").append(role).append(";id-type=subscriber;privacy=off;screen=yes\r\n");
  }
  if (profile.send_pai) {
    out.append("P-Asserted-Identity: ");
    append_name_addr(out, party.name, party.number, host);
    out.append("\r\n");
  }
}

void append_other_party(std::string& out, const Turn& t, const Leg& leg) {
  if (t.is_caller(leg)) return append_identity(out, t, leg, t.call.called, "calling");
  if (!t.call.anonymous) return append_identity(out, t, leg, t.call.calling, "calling");
  out.append("Privacy: id\r\n");
}

}  // namespace carillon::call
