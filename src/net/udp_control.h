#pragma once
// The control messages that say which local address a datagram came to or leaves from.

#include <sys/socket.h>

#include "base/address.h"

namespace carillon::net {

// Room for one packet-information message and one extended error.
constexpr size_t kControlBytes = 256;

// The local address named in `header`'s control messages, with `port`; `fallback` when there is none.
Address local_of(const msghdr& header, const Address& fallback);

// Makes the message leave from `local`. `header.msg_control` has kControlBytes.
void set_local(msghdr& header, const Address& local);

}  // namespace carillon::net
