#pragma once
// One transaction of any of the four machines, kept small: at 60,000 registrations a second two million of them wait
// for Timer J.

#include <cstdint>
#include <memory>

#include "base/slab.h"
#include "base/time.h"
#include "sip/out.h"
#include "sip/transaction/machines.h"

namespace carillon::sip {

struct Pursuit;  // a client transaction whose target is being located (stack_locate.cc)

// A deadline that may be moved without touching the wheel: only an earlier one has to be armed.
struct Deadline {
  Instant due = kNever;
  Instant armed = kNever;  // when the wheel's token for it comes; kNever: none is under way
};

struct Transaction {
  Transaction();
  ~Transaction();
  Flow flow;               // where we send
  uint64_t key = 0;        // server: hash of branch, sent-by and method; client: the random part of our branch
  uint64_t merge_key = 0;  // server: hash of From tag, Call-ID and CSeq, 0 when not watched
  uint64_t user = 0;       // client: what comes with its events; server: unused
  Packet packet;           // what is sent again: the request, the ACK, or the last response
  Packet reliable;         // INVITE server: the provisional that waits for its PRACK
  Packet echo;             // server before its final response: struct Echo and its text
  std::unique_ptr<Pursuit> pursuit;
  Deadline repeat, end;
  uint32_t interval_us = 0;                                   // of the next repetition
  uint32_t way_next = UINT32_MAX, way_previous = UINT32_MAX;  // others on the same connection or to the same address
  uint32_t text_at = 0;                                       // where the top Via stands in `packet`
  uint16_t branch_at = 0, branch_size = 0, host_at = 0, host_size = 0;  // server: within the top Via
  uint16_t reconnect_port = 0;  // where to connect when the connection is gone; 0 (client): nowhere
  Machine machine = Machine::client;
  State state = State::trying;
  Method method = Method::other;
  bool acked = false;        // INVITE server: the 2xx was acknowledged
  bool cancelled = false;    // INVITE server: a CANCEL came; client: a CANCEL is wanted or sent
  bool cancel_sent = false;  // INVITE client
  bool linked = false;       // is in the list of its way
  bool internal = false;     // a CANCEL of ours: its events go nowhere

  bool is_client() const { return machine == Machine::invite_client || machine == Machine::client; }
  bool reliable_transport() const { return is_stream(flow.transport); }
};

}  // namespace carillon::sip
