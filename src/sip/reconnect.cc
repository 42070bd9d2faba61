#include "sip/reconnect.h"

#include <optional>

#include "base/text.h"
#include "sip/message/name_addr.h"

namespace carillon::sip {

namespace {

std::optional<Uri> uri_in(View next_hop) {
  if (next_hop.find('<') == View::npos) return Uri::parse(next_hop);
  const auto named = NameAddr::parse(next_hop);
  return named ? std::optional(named->uri) : std::nullopt;
}

// Who registered over TLS is never asked over less, whatever its Contact says.
bool fits(const Uri& uri, Transport transport) {
  const View named = uri.param("transport").value_or(View());
  if (transport == Transport::tls) return named.empty() || iequals(named, "tls") || iequals(named, "tcp");
  return uri.scheme == Uri::Scheme::sip && (named.empty() || iequals(named, "tcp"));
}

}  // namespace

uint16_t reconnect_port(View next_hop, const Flow& flow) {
  if (!is_stream(flow.transport)) return 0;
  const auto uri = uri_in(next_hop);
  if (!uri || !uri->is_sip() || uri->param("ob") || !fits(*uri, flow.transport)) return 0;
  const auto host = Address::parse_ip(uri->param("maddr").value_or(uri->host), 0);
  if (!host || host->ip != flow.remote.ip) return 0;
  if (uri->port != 0) return uri->port;
  return flow.transport == Transport::tls ? 5061 : 5060;
}

bool follow_answer(Flow& flow, const Event& e) {
  if (e.kind != EventKind::response || !is_stream(e.flow.transport) || e.flow.same_way(flow)) return false;
  if (e.flow.transport != flow.transport || !e.flow.remote.same_ip(flow.remote)) return false;
  flow = e.flow;
  return true;
}

}  // namespace carillon::sip
