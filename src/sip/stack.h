#pragma once
// SIP without sockets or clocks: the whole of sip/ behind one class (RFC 3261 §§8, 17, 18; RFC 6026; RFC 3263; RFC
// 3581). Not thread-safe: one owner, its shard.
//
// A turn: receive() one message, then handle out.events before the next call, since they hold views of that message.
// What is to be sent gathers in out.transmit.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sip/flow.h"
#include "sip/out.h"

namespace carillon::sip {

// RFC 3261 §17.1.1.1 and appendix A.
struct TimerValues {
  Duration t1 = milliseconds(500);
  Duration t2 = seconds(4);
  Duration t4 = seconds(5);
};

struct DnsAnswer;  // sip/locate/answer.h

struct StackOptions {
  uint16_t shard = 0;   // minted into branches and tags
  uint16_t shards = 1;  // how many there are: our Call-IDs hash home
  TimerValues timers;
  std::vector<Listener> listeners;  // strings they view must outlive the stack
  std::string server_header;        // value of Server/User-Agent, "" for none
};

// A response as the user wants it: status line and what stands beyond Via, From, To, Call-ID and CSeq, which are taken
// from the request.
struct ResponseParts {
  int status = 200;
  View reason;   // "": the standard phrase
  View to_tag;   // for responses other than 100 when the request's To has none; "": the stack makes one
  View headers;  // whole lines, each ended by CRLF, without Content-Length
  View content_type;
  View body;
};

// Where a request goes: a flow that is known (a registered phone), or a URI to be located (RFC 3263).
struct Target {
  bool located = false;  // true: resolve `uri`; false: send on `flow`
  Flow flow;
  // Where to connect at the address of `flow` when its connection is found to be gone (RFC 3261 §18.1.1), see
  // sip/reconnect.h; 0: nowhere, the request fails.
  uint16_t reconnect_port = 0;
  View uri;  // the URI to resolve: topmost Route or the Request-URI (RFC 3261 §8.1.2)
};

struct RequestParts {
  View method;
  View request_uri;
  View headers;  // whole lines, CRLF each: Route, Max-Forwards, From, To, Call-ID, CSeq, Contact …; no Via, no
                 // Content-Length
  View content_type;
  View body;
  Target target;
  uint64_t user = 0;  // given back with every event of this transaction
};

class Stack {
 public:
  Stack(StackOptions options, Random& random);
  ~Stack();

  // From the wire. Retransmissions are absorbed; responses without transaction are dropped; CANCEL without transaction
  // is answered 481; what cannot be processed (417, 482 merged, 483 where a response is due …) is answered.
  void receive(Instant now, const Flow& from, const Message& message, Out& out);
  // Does this request belong to a server transaction that there is: a repetition, the ACK of a refusal, a CANCEL?
  bool holds(const Message& request) const;
  // A message that could not be read but can be answered: the stateless 4xx or 505.
  void refuse(const Flow& from, const Message& message, const ParseFault& fault, Out& out);
  // A connection is gone: its client transactions go over a new one (Target::reconnect_port), or fail with
  // `unreachable`.
  void lost(Instant now, ConnectionId connection, Out& out);
  // A flow without connection could not be sent to (connection refused, no route).
  void unsent(Instant now, const Flow& flow, Out& out);
  // The answer to a Lookup: addresses, or SRV/NAPTR records in text form, see sip/locate/answer.h.
  void located(Instant now, uint64_t query, const DnsAnswer& answer, Out& out);
  // All that is due.
  void fire(Instant now, Out& out);
  Instant next_deadline() const;

  // Makes the server transaction of the request that an Event brought; nothing when the table is full (answer 503).
  // With `provisional`, 100 Trying is sent at once (INVITE only).
  TxnId accept(Instant now, const Event& request, bool provisional, Out& out);
  // A final or provisional response. A 2xx to INVITE is resent until acked() or for 64*T1, over unreliable and reliable
  // transports alike (RFC 3261 §13.3.1.4). A provisional with `reliable_rseq` != 0 is resent until pracked() (RFC 3262
  // §3).
  void respond(Instant now, TxnId txn, const ResponseParts& response, Out& out, uint32_t reliable_rseq = 0);
  // Answers without keeping anything (RFC 3261 §8.2.7).
  void reply(const Event& request, const ResponseParts& response, Out& out);
  void acked(TxnId invite);
  void pracked(TxnId invite);

  // Sends a request; the id is invalid when the table is full. The result comes as events.
  TxnId request(Instant now, const RequestParts& request, Out& out);
  // CANCELs an INVITE client transaction: at once when a provisional has come, else when it comes (RFC 3261 §9.1).
  void cancel(Instant now, TxnId invite, View extra_headers, Out& out);
  // Whoever waited for this client transaction is gone: what still comes of it comes with this `user`.
  void disown(TxnId client, uint64_t user);
  // An ACK for a 2xx: outside any transaction; the same bytes are sent again by the user for a repeated 2xx.
  Transmit ack(const RequestParts& ack);
  // The flow that a client transaction uses or used last; all zero while it is being located.
  Flow flow_of(TxnId client) const;

  // Tags and Call-IDs of ours: they carry the shard, and tags also 48 bits of the user's choice (see route_key.h).
  std::string mint_tag(uint64_t owner_bits);
  std::string mint_call_id();

  struct Counters {
    uint64_t received_retransmissions = 0, sent_retransmissions = 0, stray_responses = 0, timeouts = 0, merged = 0,
             rejected_full = 0;
    uint64_t sent_responses[7] = {};  // by hundreds of the status, without retransmissions
  };
  const Counters& counters() const;
  size_t transactions() const;  // living ones, for audits

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Host and port that we show on a flow's listener, for Contact and Via: "192.0.2.1:5060", port left out when default.
std::string shown_host(const StackOptions& options, const Flow& flow);

}  // namespace carillon::sip
