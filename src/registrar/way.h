#pragma once
// By which way a binding is reached: the flow that it was made by; when its connection is gone, a new one to its
// Contact or Path (RFC 3261 §18.1.1), unless only the flow itself leads to it (RFC 5626 §5.3, NAT).

#include <cstdint>
#include <optional>

#include "registrar/binding.h"

namespace carillon::registrar {

// Where to connect when the connection is gone; 0: nowhere.
uint16_t reconnect_port(const Binding& b);
// Can it be tried at all?
bool has_way(const Binding& b);
// What to send to it on; nothing when there is no way. A flow without connection is one that has to be opened.
std::optional<sip::Flow> way_to(const Binding& b);

}  // namespace carillon::registrar
