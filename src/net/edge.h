#pragma once
// TCP and TLS connections, framing, and DNS, in one thread of its own, so that handshakes and slow peers never stand in
// a call's way. Whole messages go up with their Flow; what is to be sent comes down by mailbox.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "net/dns.h"
#include "sip/flow.h"
#include "sip/locate/answer.h"
#include "sip/out.h"

namespace carillon::net {

struct EdgeLimits {
  size_t connections = limits::kConnections;
  size_t per_source = limits::kConnectionsPerSource;
  Duration stranger = limits::kStrangerSilence;  // from the first byte of TCP to something valid, handshake included
  Duration idle = limits::kIdleConnection;
  Duration connect = seconds(5);    // outgoing: until TCP, and TLS, stand
  Duration linger = seconds(1);     // after our last byte, for the peer to read it
  size_t write_queue = 512 * 1024;  // bytes that wait for a slow reader; of a stranger limits::kStrangerBytes
};

struct EdgeOptions {
  std::string certificate_file, key_file;  // needed for TLS listeners
  std::string ca_file;                     // authorities for connections that we open; "": the system's
  EdgeLimits limits;
  DnsOptions dns;
  // Ids of connections count from here. Restored bindings hold those of an earlier process: give one that was never
  // reached (microseconds since the epoch), so that nobody new is taken for somebody old.
  sip::ConnectionId first_connection = 1;
};

// Called on the edge's thread; must not block.
class EdgeEvents {
 public:
  virtual ~EdgeEvents() = default;
  // One message of a stream, or the headers of one that cannot be framed (it is answered if that can be, then closed).
  virtual void message(const sip::Flow& flow, std::string&& bytes) = 0;
  // A connection that had a message, or that we opened, is gone.
  virtual void lost(sip::ConnectionId connection) = 0;
  // What was to be sent on a flow without connection, or on one that is gone, could not be.
  virtual void unsent(const sip::Flow& flow) = 0;
  virtual void located(uint16_t shard, uint64_t query, sip::DnsAnswer&& answer) = 0;
};

struct EdgeCounters {
  uint64_t accepted = 0, opened = 0, refused = 0;  // refused: over a limit
  uint64_t strangers_closed = 0, idle_closed = 0, overflowed = 0, handshake_failures = 0;
  size_t connections = 0, strangers = 0;
};

class Edge {
 public:
  Edge(EdgeOptions options, EdgeEvents& events);
  // Stops the thread; open connections are closed.
  ~Edge();
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  // Before start(). `listener` goes into the flows. Gives what was bound.
  Result<Address> listen(sip::Transport transport, const Address& at, uint16_t listener);
  Result<void> start();
  void stop();

  // Any thread; false when the mailbox is full.
  bool send(const sip::Flow& flow, std::string_view bytes);
  void proven(sip::ConnectionId connection);
  // After what was given to send() before.
  void close(sip::ConnectionId connection);
  bool lookup(uint16_t shard, const sip::Lookup& lookup);
  // Reads certificate and key again, for new connections; on a fault the old ones stay.
  Result<void> reload_certificate();
  EdgeCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::net
