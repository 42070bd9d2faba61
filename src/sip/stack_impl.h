#pragma once
// The inside of Stack, spread over the stack_*.cc files. Only they include it.

#include <boost/unordered/unordered_flat_map.hpp>

#include <string>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "base/slab.h"
#include "base/timers.h"
#include "sip/locate/locator.h"
#include "sip/stack.h"
#include "sip/transaction/echo.h"
#include "sip/transaction/transaction.h"

namespace carillon::sip {

// Keys are hashes already.
struct KeyHash {
  using is_avalanching = void;
  size_t operator()(uint64_t key) const { return key; }
};
template <typename V>
using KeyMap = boost::unordered_flat_map<uint64_t, V, KeyHash>;

// A client transaction on its way through RFC 3263: the places left, and the request to be sent to each.
struct Pursuit {
  explicit Pursuit(const Uri& uri) : locator(uri) {}
  Locator locator;
  Packet request;               // with a Via that is replaced for each place
  uint64_t query = 0;           // the Lookup under way, 0: none
  std::optional<Hop> hop;       // where it was sent last
  std::optional<Hop> then_udp;  // a large request has been tried over TCP first (RFC 3261 §18.1.1)
};

// stack_receive.cc
uint64_t server_key(const Message& m, Method method);
uint64_t merge_key(const Message& m);
// Is the request one whose doubling would do harm, so that merges are watched for? A REGISTER is ordered by its CSeq,
// and an OPTIONS changes nothing.
bool watches_merges(const Message& m);

struct Stack::Impl {
  Impl(StackOptions o, Random& r);

  // stack_receive.cc: what comes from the wire.
  void receive(Instant now, const Flow& from, const Message& m, Out& out);
  void on_response(Instant now, const Flow& from, const Message& m, Out& out);
  void on_request(Instant now, const Flow& from, const Message& m, Out& out);
  bool holds(const Message& m);
  void on_ack(Instant now, const Flow& from, const Message& m, Out& out);
  void on_cancel(Instant now, const Flow& from, const Message& m, Out& out);
  Transaction* find_server(uint64_t key, const Message& m, TxnId& id);
  Transaction* find_client(const Message& m, TxnId& id);
  // stack_screen.cc: requests that are answered before anyone sees them (RFC 3261 §8.2). True when it was.
  bool screen(const Flow& from, const Message& m, Out& out);
  bool merged(const Message& m) const;
  void refuse(const Flow& from, const Message& m, const ParseFault& fault, Out& out);

  // stack_server.cc
  TxnId accept(Instant now, const Event& request, bool provisional, Out& out);
  void respond(Instant now, TxnId id, const ResponseParts& parts, uint32_t rseq, Out& out);
  void reply(const Flow& from, const Message& m, const ResponseParts& parts, Out& out, Trust trust = Trust::checked);
  TxnId same_request(TxnId taken, const Message& m);
  void settle();
  uint64_t key_of(const Message& m) const { return &m == keyed ? keyed_as : server_key(m, m.method()); }
  void acked(TxnId id);
  void pracked(TxnId id);
  void shrink(Transaction& t);
  void append_stack_tag(std::string& to, uint64_t key) const;

  // stack_client.cc
  TxnId request(Instant now, const RequestParts& parts, Out& out);
  void cancel(Instant now, TxnId id, View extra, Out& out);
  void send_cancel(Instant now, TxnId id, Transaction& t, Out& out);
  Packet make_ack(const Transaction& t, const Message& response);
  Transmit ack(const RequestParts& parts);
  void launch(Instant now, TxnId id, Transaction& t, Out& out);
  View via_host(const Flow& flow);
  void append_client_branch(std::string& to, TxnId id, uint64_t random) const;

  // stack_locate.cc: RFC 3263 and its fall-backs.
  bool pursue(Instant now, TxnId id, Transaction& t, const RequestParts& parts, Out& out);
  bool advance(Instant now, TxnId id, Transaction& t, Out& out);
  bool next_place(Instant now, TxnId id, Transaction& t, Out& out);
  void go(Instant now, TxnId id, Transaction& t, Hop hop, Out& out);
  void located(Instant now, uint64_t query, const DnsAnswer& answer, Out& out);
  Flow flow_to(const Hop& hop) const;
  void give_up_pursuit(Transaction& t);

  // stack_machine.cc: one step of a machine, its clocks, its end.
  void happen(Instant now, TxnId id, Transaction& t, Trigger trigger, const Message* m, const Flow& from, Out& out);
  void perform(Instant now, TxnId id, Transaction& t, Trigger trigger, Action action, const Message* m,
               const Flow& from, Out& out);
  void pass_up(TxnId id, const Transaction& t, const Message* m, const Flow& from, Out& out);
  void move(Instant now, TxnId id, Transaction& t, State next);
  bool start_clocks(Instant now, TxnId id, Transaction& t);
  void arm(Deadline& d, Instant at, TxnId id, bool repeat);
  void resend(Instant now, TxnId id, Transaction& t, Trigger trigger, const Packet& packet, Out& out);
  void fire(Instant now, Out& out);
  void fire_one(Instant at, Instant now, uint64_t token, Out& out);
  void erase(TxnId id, Transaction& t);
  // Transactions that share a connection, or for UDP a peer, are linked, to be told when it fails.
  void link(TxnId id, Transaction& t);
  void unlink(TxnId id, Transaction& t);
  void lost(Instant now, ConnectionId connection, Out& out);
  void unsent(Instant now, const Flow& flow, Out& out);
  void fail_way(Instant now, uint64_t way, bool connection_lost, Out& out);
  bool send_anew(TxnId id, Transaction& t, Out& out);

  StackOptions options;
  Random& random;
  uint64_t secret;
  std::vector<std::string> hosts;  // by listener; "" where it depends on the flow
  Slab<Transaction> table{limits::kTransactions};
  KeyMap<TxnId> servers;
  KeyMap<TxnId> merges;   // by From tag, Call-ID and CSeq: merged requests, and ACKs to 2xx
  KeyMap<TxnId> cancels;  // by the random part of the branch: CANCELs share it with their INVITE
  KeyMap<uint32_t> ways;  // first of each list
  std::unordered_map<uint64_t, std::string> waiting_cancels;  // extra headers of CANCELs that wait for a provisional
  std::unordered_map<uint64_t, TxnId> queries;
  uint64_t last_query = 0;
  LocateCache places;
  Timers<uint64_t> timers;
  Counters counts;
  std::string text, echo_text, host_text;  // reused buffers
  // The transaction whose echo still stands in echo_text only: most requests are answered in the turn they came in, and
  // then it need not be kept at all.
  TxnId fresh;
  // The request of this turn and its key.
  const Message* keyed = nullptr;
  uint64_t keyed_as = 0;
};

}  // namespace carillon::sip
