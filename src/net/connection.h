#pragma once
// One connection of the edge: what is known about it, what waits to be sent. Owned by the edge's thread.

#include <string>
#include <string_view>

#include "base/time.h"
#include "net/tls.h"
#include "sip/flow.h"
#include "sip/stream/framer.h"

namespace carillon::net {

struct Connection {
  enum class State : uint8_t {
    connecting,   // TCP is not there yet
    handshaking,  // TLS is not there yet
    open,
    closing,    // no more reading; what waits is sent, then lingering
    lingering,  // all is sent and our side is shut; until the peer has done so too
  };

  explicit Connection(Fd fd) : stream(std::move(fd)) {}

  Stream stream;
  sip::Framer framer;
  sip::Flow flow;  // with the connection's id
  State state = State::open;
  bool outgoing = false;
  bool proven = false;
  bool known = false;  // a message of it went up, or we opened it: its end is told
  bool watching_write = false;
  Instant deadline;        // when it is closed if nothing happens
  Instant armed = kNever;  // the timer that will look
  std::string out;         // not yet taken by the kernel
  size_t out_at = 0;

  size_t waiting() const { return out.size() - out_at; }
  // Sends as much as goes. `closed`: the connection is gone.
  Io flush();
  // Takes bytes for sending; false when more than `limit` would wait.
  bool queue(std::string_view bytes, size_t limit);
};

}  // namespace carillon::net
