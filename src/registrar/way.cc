#include "registrar/way.h"

#include "sip/message/message.h"
#include "sip/message/values.h"
#include "sip/reconnect.h"

namespace carillon::registrar {

uint16_t reconnect_port(const Binding& b) {
  if (b.reg_id != 0) return 0;
  sip::View hop = b.contact;
  sip::Values path(b.path);
  path.next(hop);
  return sip::reconnect_port(hop, b.flow);
}

bool has_way(const Binding& b) { return b.reachable || !sip::is_stream(b.flow.transport) || reconnect_port(b) != 0; }

std::optional<sip::Flow> way_to(const Binding& b) {
  if (b.reachable || !sip::is_stream(b.flow.transport)) return b.flow;
  const uint16_t port = reconnect_port(b);
  if (port == 0) return {};
  sip::Flow flow = b.flow;
  flow.connection = 0;
  flow.remote.port = port;
  return flow;
}

}  // namespace carillon::registrar
