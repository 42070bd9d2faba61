#pragma once
// A UDP socket of the load generator: datagrams in batches, an outgoing queue that is flushed once a turn.

#include <netinet/in.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace load {

class Socket {
 public:
  // Binds ip:port; ends the program with a message when it cannot.
  Socket(const std::string& ip, int port);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }
  // An empty buffer that will be sent to `to` at the next flush.
  std::string& compose(const sockaddr_in& to);
  void flush();
  // Calls f for each datagram that waits, at most one batch.
  void receive(const std::function<void(std::string_view, const sockaddr_in&)>& f);

 private:
  struct Outgoing {
    std::string bytes;
    sockaddr_in to;
  };
  int fd_;
  std::vector<Outgoing> queue_;
  size_t queued_ = 0;
  std::vector<char> buffers_;
};

sockaddr_in address_of(const std::string& ip, int port);

}  // namespace load
