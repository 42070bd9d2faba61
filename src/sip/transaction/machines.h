#pragma once
// The four transaction machines: RFC 3261 §17, figures 5 to 8, with the Accepted state of RFC 6026. A line is an
// arrow; where there is no line, nothing happens.

#include "sip/transaction/machine.h"

namespace carillon::sip {

namespace machines {

using enum State;
using enum Trigger;
using enum Action;

// RFC 3261 §17.1.1.2, RFC 6026 §8.4.
constexpr Row kInviteClient[] = {
    {calling, timer_a, resend, calling},
    {calling, timer_b, time_out, terminated},
    {calling, transport_error, fail, terminated},
    {calling, cancel, wait_to_cancel, calling},
    {calling, provisional, pass_up, proceeding},
    {calling, success, pass_up, accepted},
    {calling, failure, pass_up_and_ack, completed},
    {proceeding, provisional, pass_up, proceeding},
    {proceeding, success, pass_up, accepted},
    {proceeding, failure, pass_up_and_ack, completed},
    {proceeding, cancel, send_cancel, proceeding},
    {proceeding, timer_cancel, time_out, terminated},
    {proceeding, transport_error, fail, terminated},
    {completed, failure, resend, completed},  // the ACK once more
    {completed, transport_error, nothing, terminated},
    {completed, timer_d, nothing, terminated},
    {accepted, success, pass_up, accepted},  // forked or repeated, each to the user
    {accepted, timer_m, nothing, terminated},
};
constexpr Clock kInviteClientClocks[] = {
    {calling, timer_a, Span::t1_unreliable, timer_b, Span::t1x64},
    {proceeding, Trigger::none, Span::off, timer_cancel, Span::off},  // armed by send_cancel
    {completed, Trigger::none, Span::off, timer_d, Span::d_unreliable},
    {accepted, Trigger::none, Span::off, timer_m, Span::t1x64},
};

// RFC 3261 §17.1.2.2.
constexpr Row kClient[] = {
    {trying, timer_e, resend, trying},
    {trying, timer_f, time_out, terminated},
    {trying, transport_error, fail, terminated},
    {trying, provisional, pass_up, proceeding},
    {trying, success, pass_up, completed},
    {trying, failure, pass_up, completed},
    {proceeding, timer_e, resend, proceeding},
    {proceeding, timer_f, time_out, terminated},
    {proceeding, transport_error, fail, terminated},
    {proceeding, provisional, pass_up, proceeding},
    {proceeding, success, pass_up, completed},
    {proceeding, failure, pass_up, completed},
    {completed, timer_k, nothing, terminated},
};
constexpr Clock kClientClocks[] = {
    {trying, timer_e, Span::t1_unreliable, timer_f, Span::t1x64},
    {proceeding, timer_e, Span::keep, timer_f, Span::keep},
    {completed, Trigger::none, Span::off, timer_k, Span::t4_unreliable},
};

// RFC 3261 §17.2.1, RFC 6026 §8.5. What RFC 3261 §13.3.1.4 and RFC 3262 §3 ask of the user (repeating 2xx and
// reliable provisionals) is done here.
constexpr Row kInviteServer[] = {
    {proceeding, request, resend, proceeding},
    {proceeding, send_provisional, send, proceeding},
    {proceeding, send_success, send, accepted},
    {proceeding, send_failure, send, completed},
    {proceeding, cancel, report_cancel, proceeding},
    {proceeding, timer_1xx, resend_1xx, proceeding},
    {proceeding, timer_prack, report_prack, proceeding},
    {completed, request, resend, completed},
    {completed, timer_g, resend, completed},
    {completed, ack, nothing, confirmed},
    {completed, timer_h, nothing, terminated},
    {confirmed, timer_i, nothing, terminated},
    {accepted, ack, pass_up, accepted},
    {accepted, timer_2xx, resend, accepted},
    {accepted, timer_l, report_ack, terminated},
};
constexpr Clock kInviteServerClocks[] = {
    {proceeding, timer_1xx, Span::off, timer_prack, Span::off},  // armed by a reliable provisional
    {completed, timer_g, Span::t1_unreliable, timer_h, Span::t1x64},
    {confirmed, Trigger::none, Span::off, timer_i, Span::t4_unreliable},
    {accepted, timer_2xx, Span::t1, timer_l, Span::t1x64},
};

// RFC 3261 §17.2.2, RFC 4320.
constexpr Row kServer[] = {
    {trying, send_provisional, send, proceeding},      {trying, send_success, send, completed},
    {trying, send_failure, send, completed},           {trying, timer_patience, nothing, terminated},
    {proceeding, request, resend, proceeding},         {proceeding, send_provisional, send, proceeding},
    {proceeding, send_success, send, completed},       {proceeding, send_failure, send, completed},
    {proceeding, timer_patience, nothing, terminated}, {completed, request, resend, completed},
    {completed, timer_j, nothing, terminated},
};
constexpr Clock kServerClocks[] = {
    {trying, Trigger::none, Span::off, timer_patience, Span::t1x64},
    {proceeding, Trigger::none, Span::off, timer_patience, Span::keep},
    {completed, Trigger::none, Span::off, timer_j, Span::t1x64_unreliable},
};

}  // namespace machines

constexpr State first_state(Machine m) {
  return m == Machine::invite_client ? State::calling : m == Machine::invite_server ? State::proceeding : State::trying;
}
constexpr std::span<const Row> rows_of(Machine m) {
  switch (m) {
    case Machine::invite_client:
      return machines::kInviteClient;
    case Machine::client:
      return machines::kClient;
    case Machine::invite_server:
      return machines::kInviteServer;
    case Machine::server:
      return machines::kServer;
  }
  return {};
}
constexpr std::span<const Clock> clocks_of(Machine m) {
  switch (m) {
    case Machine::invite_client:
      return machines::kInviteClientClocks;
    case Machine::client:
      return machines::kClientClocks;
    case Machine::invite_server:
      return machines::kInviteServerClocks;
    case Machine::server:
      return machines::kServerClocks;
  }
  return {};
}

struct Step {
  Action action = Action::nothing;
  State next = State::terminated;
};

namespace machines {

struct Lookup {
  Step steps[kMachines][kStates][kTriggers];
  Clock clocks[kMachines][kStates];
};
constexpr Lookup make_lookup() {
  Lookup t{};
  for (size_t m = 0; m < kMachines; m++) {
    for (size_t s = 0; s < kStates; s++) {
      for (Step& step : t.steps[m][s]) step = {Action::nothing, static_cast<State>(s)};
      t.clocks[m][s] = {static_cast<State>(s), Trigger::none, Span::off, Trigger::none, Span::off};
    }
    for (const Row& r : rows_of(static_cast<Machine>(m))) {
      t.steps[m][static_cast<size_t>(r.state)][static_cast<size_t>(r.trigger)] = {r.action, r.next};
    }
    for (const Clock& c : clocks_of(static_cast<Machine>(m))) t.clocks[m][static_cast<size_t>(c.state)] = c;
  }
  return t;
}
inline constexpr Lookup kLookup = make_lookup();

constexpr bool sound(Machine m) {
  return deterministic(rows_of(m)) && final_is_final(rows_of(m)) && all_reachable(rows_of(m), first_state(m)) &&
         clocks_answered(rows_of(m), clocks_of(m));
}

}  // namespace machines

// What to do and where to go. Without an arrow: nothing, and stay.
constexpr Step step(Machine m, State s, Trigger t) {
  return machines::kLookup.steps[static_cast<size_t>(m)][static_cast<size_t>(s)][static_cast<size_t>(t)];
}
constexpr const Clock& clock_of(Machine m, State s) {
  return machines::kLookup.clocks[static_cast<size_t>(m)][static_cast<size_t>(s)];
}

static_assert(machines::sound(Machine::invite_client) && machines::sound(Machine::client));
static_assert(machines::sound(Machine::invite_server) && machines::sound(Machine::server));
// RFC 3261 §17.1.1.2: no resending after a provisional response.
static_assert(step(Machine::invite_client, State::proceeding, Trigger::timer_a).action == Action::nothing);
// RFC 6026 §7.1: an INVITE repeated after a 2xx is absorbed.
static_assert(step(Machine::invite_server, State::accepted, Trigger::request).action == Action::nothing);
// RFC 3261 §17.2.2: nothing is sent for a repeated request before the user has answered.
static_assert(step(Machine::server, State::trying, Trigger::request).action == Action::nothing);

}  // namespace carillon::sip
