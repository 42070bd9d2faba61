#pragma once
// Plain sockets: opening, connecting, waiting. The only clock and system calls of http/ are behind this and channel.h.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"

namespace carillon::http {

// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  Fd& operator=(Fd&& o) noexcept {
    std::swap(fd_, o.fd_);
    return *this;
  }
  ~Fd();
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

// A moment on the monotonic clock; only differences count.
Instant monotonic_now();
// The time of day as HTTP writes it (RFC 9110 §5.6.7): Sun, 06 Nov 1994 08:49:37 GMT.
std::string http_date();

// Non-blocking listening sockets. The fault names the address or path and says why.
Result<Fd> listen_tcp(const Address& at);
// Mode 0600. A socket file that a dead process left is replaced; one that answers is a fault.
Result<Fd> listen_unix(const std::string& path);
Address local_address(const Fd& fd);

// Connected, non-blocking. `host` is a name or an address; several addresses are tried in turn.
Result<Fd> connect_tcp(const std::string& host, uint16_t port, Duration time);
Result<Fd> connect_unix(const std::string& path);
// The next connection of a listening socket, non-blocking; not valid when there is none now.
Fd accept_from(const Fd& listener, Address* remote);

enum class Ready { yes, timeout, stopped };
// Waits until `fd` can be read (or written); `stop_fd` (-1: none) becoming readable ends the wait. A `fd` of -1 waits
// for the stop alone.
Ready wait_for(int fd, bool write, int stop_fd, Instant deadline);
// The indexes of those that can be read, none after `time`; nothing when `stop_fd` became readable.
std::optional<std::vector<size_t>> wait_any(const std::vector<int>& fds, int stop_fd, Duration time);

}  // namespace carillon::http
