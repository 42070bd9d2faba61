#pragma once
// The vocabulary of the four transaction machines, and the checks that a table of arrows has to pass.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace carillon::sip {

enum class Machine : uint8_t { invite_client, client, invite_server, server };
constexpr size_t kMachines = 4;

enum class State : uint8_t { calling, trying, proceeding, completed, confirmed, accepted, terminated };
constexpr size_t kStates = 7;

// What happens to a transaction. Letters are those of RFC 3261 §17 and RFC 6026 §8; the others are ours:
enum class Trigger : uint8_t {
  provisional,
  success,
  failure,  // a response came in: 1xx, 2xx, the rest
  send_provisional,
  send_success,
  send_failure,  // the user answers
  request,
  ack,
  cancel,  // a retransmission, an ACK, a CANCEL (client: the user wants to cancel)
  transport_error,
  timer_a,
  timer_b,
  timer_d,
  timer_e,
  timer_f,
  timer_g,
  timer_h,
  timer_i,
  timer_j,
  timer_k,
  timer_l,
  timer_m,
  timer_2xx,       // repeats a 2xx until its ACK (RFC 3261 §13.3.1.4)
  timer_1xx,       // repeats a reliable provisional until its PRACK (RFC 3262 §3)
  timer_prack,     // 64*T1 without PRACK
  timer_cancel,    // 64*T1 after a CANCEL without a final response (RFC 3261 §9.1)
  timer_patience,  // the user has not answered a non-INVITE within 64*T1: nobody waits any more (RFC 4320 §4.2)
  none,
};
constexpr size_t kTriggers = static_cast<size_t>(Trigger::none);

enum class Action : uint8_t {
  nothing,
  resend,           // the last message once more
  resend_1xx,       // the reliable provisional once more
  pass_up,          // to the user
  pass_up_and_ack,  // and acknowledge (RFC 3261 §17.1.1.3)
  time_out,         // tell the user
  fail,             // tell the user
  send,             // the user's response
  send_cancel,
  wait_to_cancel,  // no CANCEL before a provisional (RFC 3261 §9.1)
  report_cancel,   // tell the user of the server transaction
  report_prack,    // no PRACK: tell the user
  report_ack,      // no ACK for the 2xx: tell the user, unless it came
};

struct Row {
  State state;
  Trigger trigger;
  Action action;
  State next;
};

// How long a timer runs from entering a state; "unreliable" ones are off or zero over TCP and TLS.
enum class Span : uint8_t { keep, off, t1, t1_unreliable, t4_unreliable, d_unreliable, t1x64, t1x64_unreliable };

// The two clocks of a state: one that repeats with growing intervals and one that ends it.
struct Clock {
  State state;
  Trigger repeat;
  Span repeat_after;
  Trigger end;
  Span end_after;
};

constexpr std::string_view name_of(Machine m) {
  constexpr std::array<std::string_view, kMachines> names{"invite_client", "client", "invite_server", "server"};
  return names[static_cast<size_t>(m)];
}
constexpr std::string_view name_of(State s) {
  constexpr std::array<std::string_view, kStates> names{"calling",   "trying",   "proceeding", "completed",
                                                        "confirmed", "accepted", "terminated"};
  return names[static_cast<size_t>(s)];
}
constexpr std::string_view name_of(Trigger t) {
  constexpr std::array<std::string_view, kTriggers + 1> names{
      "1xx",     "2xx",       "3xx-6xx",         "send 1xx",    "send 2xx",     "send 3xx-6xx",   "request again",
      "ACK",     "CANCEL",    "transport error", "timer A",     "timer B",      "timer D",        "timer E",
      "timer F", "timer G",   "timer H",         "timer I",     "timer J",      "timer K",        "timer L",
      "timer M", "timer 2xx", "timer 1xx",       "timer PRACK", "timer CANCEL", "timer patience", ""};
  return names[static_cast<size_t>(t)];
}
constexpr std::string_view name_of(Action a) {
  constexpr std::array<std::string_view, 13> names{"",
                                                   "resend",
                                                   "resend 1xx",
                                                   "pass up",
                                                   "pass up, send ACK",
                                                   "report timeout",
                                                   "report failure",
                                                   "send",
                                                   "send CANCEL",
                                                   "wait to cancel",
                                                   "report CANCEL",
                                                   "report missing PRACK",
                                                   "report missing ACK"};
  return names[static_cast<size_t>(a)];
}

// At most one arrow for a state and trigger.
constexpr bool deterministic(std::span<const Row> rows) {
  for (size_t i = 0; i < rows.size(); i++) {
    for (size_t j = i + 1; j < rows.size(); j++) {
      if (rows[i].state == rows[j].state && rows[i].trigger == rows[j].trigger) return false;
    }
  }
  return true;
}

// Nothing leads out of `terminated`, and every other state that is entered can reach it.
constexpr bool final_is_final(std::span<const Row> rows) {
  bool ends[kStates]{};
  ends[static_cast<size_t>(State::terminated)] = true;
  for (size_t round = 0; round < kStates; round++) {
    for (const Row& r : rows) {
      if (r.state == State::terminated) return false;
      if (ends[static_cast<size_t>(r.next)]) ends[static_cast<size_t>(r.state)] = true;
    }
  }
  for (const Row& r : rows) {
    if (!ends[static_cast<size_t>(r.next)]) return false;
  }
  return true;
}

// Every state that the table speaks of can be reached from `first`.
constexpr bool all_reachable(std::span<const Row> rows, State first) {
  bool seen[kStates]{};
  seen[static_cast<size_t>(first)] = true;
  for (size_t round = 0; round < kStates; round++) {
    for (const Row& r : rows) {
      if (seen[static_cast<size_t>(r.state)]) seen[static_cast<size_t>(r.next)] = true;
    }
  }
  for (const Row& r : rows) {
    if (!seen[static_cast<size_t>(r.state)]) return false;
  }
  return true;
}

// Each clock belongs to a state of the table, and an arrow answers it.
constexpr bool clocks_answered(std::span<const Row> rows, std::span<const Clock> clocks) {
  for (const Clock& c : clocks) {
    for (const Trigger t : {c.repeat, c.end}) {
      bool found = t == Trigger::none;
      for (const Row& r : rows) found = found || (r.state == c.state && r.trigger == t);
      if (!found) return false;
    }
  }
  return true;
}

}  // namespace carillon::sip
