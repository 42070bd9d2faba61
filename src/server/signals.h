#pragma once
// Signals as something to wait for, and the note to the service manager (sd_notify by hand: one datagram).

#include <string_view>

#include "base/time.h"
#include "net/fd.h"

namespace carillon::server {

enum class Wish { none, reload, stop };

// Blocks SIGTERM, SIGINT and SIGHUP for this thread and those it starts, and ignores SIGPIPE. Make it before any
// thread.
class Signals {
 public:
  Signals();
  // What has been asked for, after at most `patience`.
  Wish wait(Duration patience);

 private:
  net::Fd fd_;
};

// "READY=1", "STOPPING=1"; nothing happens without $NOTIFY_SOCKET.
void notify_manager(std::string_view state);

}  // namespace carillon::server
