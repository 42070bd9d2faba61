#pragma once
// UDP in batches: recvmmsg into buffers that are made once, sendmmsg from the packets themselves. One owner each: a
// shard.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "net/fd.h"
#include "net/sockaddr.h"
#include "sip/flow.h"
#include "sip/out.h"

struct mmsghdr;

namespace carillon::net {

struct UdpOptions {
  Address bind;                // port 0: the kernel chooses
  bool share = false;          // SO_REUSEPORT: several shards on one address
  int buffer_bytes = 4 << 20;  // receive and send buffers: bursts of thousands of datagrams must fit
};

// Non-blocking; answers leave from the address that the request came to, also when bound to the any-address
// (IP_PKTINFO, IPV6_RECVPKTINFO). IPv6 sockets take IPv6 only.
class UdpSocket {
 public:
  // `listener` goes into the flows.
  static Result<UdpSocket> open(const UdpOptions& options, uint16_t listener);
  int fd() const { return fd_.get(); }
  const Address& bound() const { return bound_; }
  uint16_t listener() const { return listener_; }
  bool names_local() const { return any_; }  // each datagram says which address it came to

 private:
  Fd fd_;
  Address bound_;
  uint16_t listener_ = 0;
  bool any_ = false;
};

struct Datagram {
  sip::Flow flow;
  std::span<char> bytes;  // may be changed; valid until the next receive()
};

// Buffers for one batch: 64 datagrams of any size, 4 MiB of address space of which only what is used becomes memory.
class UdpReceiver {
 public:
  static constexpr size_t kBatch = 64;
  UdpReceiver();
  ~UdpReceiver();
  UdpReceiver(const UdpReceiver&) = delete;
  UdpReceiver& operator=(const UdpReceiver&) = delete;
  // What is there, at most a batch. Empty: nothing.
  std::span<const Datagram> receive(const UdpSocket& socket);
  bool last_was_error() const { return error_; }  // ask the error queue

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  bool error_ = false;
};

// Destinations that could not be reached: ICMP errors, no route, too large.
using UnsentFn = std::function<void(const sip::Flow&)>;

// Sends packets in batches over one socket; what the kernel does not take waits in a bounded queue until the socket is
// writable again. Datagrams beyond the bound are lost, as the network may lose them, and counted.
class UdpSender {
 public:
  static constexpr size_t kBatch = 64;
  static constexpr size_t kQueue = 4096;
  UdpSender();
  ~UdpSender();
  UdpSender(const UdpSender&) = delete;
  UdpSender& operator=(const UdpSender&) = delete;

  // Gathers; `transmit` must stay where it is until flush().
  void add(const UdpSocket& socket, const sip::Transmit& transmit, const UnsentFn& unsent);
  void flush(const UdpSocket& socket, const UnsentFn& unsent);
  // The socket is writable: what waited goes first.
  void resume(const UdpSocket& socket, const UnsentFn& unsent);
  bool waiting() const { return !queue_.empty(); }
  uint64_t dropped() const { return dropped_; }

 private:
  struct Impl;
  size_t send(const UdpSocket& socket, size_t from, const UnsentFn& unsent);
  std::unique_ptr<Impl> impl_;
  std::vector<const sip::Transmit*> batch_;
  std::deque<sip::Transmit> queue_;
  uint64_t dropped_ = 0;
};

// Reads the error queue of a socket (IP_RECVERR): calls `unsent` for each destination that refused.
void drain_errors(const UdpSocket& socket, const UnsentFn& unsent);

}  // namespace carillon::net
