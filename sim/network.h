#pragma once
// The network between phones and server: datagrams that may be lost, doubled, late or out of order; streams that arrive
// in order but in any pieces and may be reset; boxes that rewrite addresses.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "trace.h"
#include "world.h"

namespace carillon::sim {

using StreamId = uint64_t;

// Who is bound to an address. The network keeps pointers: an endpoint outlives its bindings.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  virtual void datagram(const Address& from, const Address& to, View bytes) = 0;
  // A stream was opened towards us.
  virtual void accepted(StreamId, const Address& from, const Address& to, bool tls) { (void)from, (void)to, (void)tls; }
  virtual void data(StreamId, View bytes) { (void)bytes; }
  virtual void closed(StreamId) {}
};

// How packets travel one way between two hosts.
struct Link {
  Duration delay_min = milliseconds(5), delay_max = milliseconds(5);
  double loss = 0, duplicate = 0;
  double late = 0;  // chance of an extra delay up to `late_by`: reordering
  Duration late_by = milliseconds(200);
};

class Network {
 public:
  Network(World& world, Trace& trace) : world_(world), trace_(trace) {}

  void bind(const Address& at, Endpoint* endpoint) { endpoints_[at] = endpoint; }
  void unbind(const Address& at) { endpoints_.erase(at); }

  Link& link() { return link_; }                                     // all pairs but those with their own
  void set_link(const Address& from, const Address& to, Link link);  // one way; ports do not matter
  void clear_links() { links_.clear(); }
  // Asked for every datagram with its ordinal (1, 2, …): true loses it.
  std::function<bool(uint64_t ordinal, View bytes)> drop;
  uint64_t datagrams() const { return ordinal_; }

  void send(const Address& from, const Address& to, View bytes);

  // Streams. `connect` reports to `from` by data() and closed(); the id is 0 when nobody listens there.
  StreamId connect(const Address& from, const Address& to, bool tls, Endpoint* opener);
  void write(StreamId id, Endpoint* writer, View bytes);
  void close(StreamId id);  // both ends learn of it; what is on its way is lost
  bool open(StreamId id) const { return streams_.count(id) != 0; }
  size_t open_streams() const { return streams_.size(); }

  // A box that shows all addresses of `inside` as `outside`, with ports of its own.
  void add_nat(const Address& inside, const Address& outside);
  // The box of `inside` forgets its mappings: the next packet out gets a new port.
  void rebind(const Address& inside);

 private:
  struct Nat {
    Address inside, outside;
    uint16_t next_port = 20000;
    std::map<uint16_t, Address> in_of;   // outer port → inner address
    std::map<Address, uint16_t> out_of;  // inner address → outer port
  };
  struct Stream {
    Endpoint* ends[2];
    Address from, to;
    bool tls = false;
    Instant last[2];  // when the last bytes towards each end arrive
  };
  const Link& link_between(const Address& from, const Address& to) const;
  Address translate_out(const Address& from, const Address& to);
  bool translate_in(Address& to) const;
  void deliver(const Address& from, Address to, View bytes);

  World& world_;
  Trace& trace_;
  Link link_;
  std::map<std::pair<std::array<uint8_t, 16>, std::array<uint8_t, 16>>, Link> links_;
  struct AddressHash {
    size_t operator()(const Address& a) const { return a.hash(); }
  };
  std::unordered_map<Address, Endpoint*, AddressHash> endpoints_;
  std::unordered_map<StreamId, Stream> streams_;
  std::vector<Nat> nats_;
  StreamId next_stream_ = 1;
  uint64_t ordinal_ = 0;
};

}  // namespace carillon::sim
