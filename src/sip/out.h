#pragma once
// What the SIP core wants done, and what it has to say upward. Given by the caller, cleared each turn.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/slab.h"
#include "sip/flow.h"
#include "sip/message/message.h"
#include "sip/packet.h"

namespace carillon::sip {

struct Transaction;
using TxnId = Id<Transaction>;

struct Transmit {
  Flow flow;
  Packet packet;
};

// A question for the DNS; the answer comes back through Stack::located().
struct Lookup {
  enum class Kind : uint8_t { address, srv, naptr };
  uint64_t query = 0;
  Kind kind = Kind::address;
  std::string name;
};

enum class EventKind : uint8_t {
  request,      // a new request, no transaction yet: the user calls accept() and later respond(), or reply() at once.
                // CANCEL and ACK to our non-2xx never come up; retransmissions neither.
  ack,          // an ACK for a 2xx; `txn` is the INVITE server transaction when it still lives, else invalid
  cancelled,    // a CANCEL has matched the INVITE server transaction `txn` and was answered 200: respond 487 to `txn`
  response,     // for the client transaction `txn`; 2xx to INVITE may come more than once (forks, repeats)
  timeout,      // client transaction `txn`: timer B or F; treat as a 408 (RFC 3261 §8.1.3.1)
  unreachable,  // client transaction `txn`: transport failed or nothing was located; treat as a 503
  no_ack,    // INVITE server transaction `txn`: no ACK for our 2xx within 64*T1: end the dialog (RFC 3261 §13.3.1.4)
  no_prack,  // INVITE server transaction `txn`: a reliable provisional was not acknowledged within 64*T1 (RFC 3262 §3)
};

// `message` and `flow` are those given to receive() and live until the next call of the Stack.
struct Event {
  EventKind kind;
  TxnId txn;
  uint64_t user = 0;  // client transactions: what the user gave with the request
  const Message* message = nullptr;
  Flow flow;
};

struct Out {
  std::vector<Transmit> transmit;
  std::vector<Event> events;
  std::vector<Lookup> lookups;
  void clear() { transmit.clear(), events.clear(), lookups.clear(); }
};

}  // namespace carillon::sip
