// Every arrow of the four tables, driven through a Stack; the last test holds that none is left out.

#include <gtest/gtest.h>

#include <set>

#include "sip/stack_fixture.h"
#include "sip/transaction/machines.h"

namespace carillon::sip {
namespace {

struct Arrow {
  const char* name;  // with the RFC that draws it
  Machine machine;
  std::vector<Trigger> before;  // leads to the state where the arrow starts
  State state;
  Trigger trigger;
  const char* sends;  // what the last packet of the turn starts with; "" for nothing sent
  int event;          // the EventKind heard, -1 for none
  bool lives;         // the transaction is still there afterwards
  bool stream = false;
};

constexpr int kQuiet = -1;
constexpr int kind(EventKind k) { return static_cast<int>(k); }
constexpr auto kResponse = kind(EventKind::response), kTimeout = kind(EventKind::timeout);
constexpr auto kUnreachable = kind(EventKind::unreachable), kAck = kind(EventKind::ack);
constexpr auto kCancelled = kind(EventKind::cancelled), kNoAck = kind(EventKind::no_ack),
               kNoPrack = kind(EventKind::no_prack);

using enum Trigger;

constexpr auto ic = Machine::invite_client, nc = Machine::client, is = Machine::invite_server, ns = Machine::server;

const std::vector<Arrow> kArrows{
    {"RFC3261_17_1_1_2_TimerAResends", ic, {}, State::calling, timer_a, "INVITE", kQuiet, true},
    {"RFC3261_17_1_1_2_TimerBTimesOut", ic, {}, State::calling, timer_b, "INVITE", kTimeout, false},
    {"RFC3261_17_1_1_2_TransportError", ic, {}, State::calling, transport_error, "", kUnreachable, false},
    {"RFC3261_9_1_NoCancelBeforeProvisional", ic, {}, State::calling, cancel, "", kQuiet, true},
    {"RFC3261_17_1_1_2_Provisional", ic, {}, State::calling, provisional, "", kResponse, true},
    {"RFC6026_8_4_SuccessInCalling", ic, {}, State::calling, success, "", kResponse, true},
    {"RFC3261_17_1_1_2_FailureInCalling", ic, {}, State::calling, failure, "ACK", kResponse, true},
    {"RFC3261_17_1_1_2_ProvisionalAgain", ic, {provisional}, State::proceeding, provisional, "", kResponse, true},
    {"RFC6026_8_4_SuccessInProceeding", ic, {provisional}, State::proceeding, success, "", kResponse, true},
    {"RFC3261_17_1_1_2_FailureInProceeding", ic, {provisional}, State::proceeding, failure, "ACK", kResponse, true},
    {"RFC3261_9_1_CancelInProceeding", ic, {provisional}, State::proceeding, cancel, "CANCEL", kQuiet, true},
    {"RFC3261_9_1_GuardAfterCancel",
     ic,
     {provisional, cancel},
     State::proceeding,
     timer_cancel,
     "CANCEL",
     kTimeout,
     false},
    {"RFC3261_17_1_1_2_ConnectionLost",
     ic,
     {provisional},
     State::proceeding,
     transport_error,
     "",
     kUnreachable,
     false,
     true},
    {"RFC3261_17_1_1_2_FailureAgainAcksAgain", ic, {failure}, State::completed, failure, "ACK", kQuiet, true},
    {"RFC3261_17_1_1_2_ErrorInCompleted", ic, {failure}, State::completed, transport_error, "", kQuiet, false},
    {"RFC3261_17_1_1_2_TimerD", ic, {failure}, State::completed, timer_d, "", kQuiet, false},
    {"RFC6026_7_2_EverySuccessIsPassedUp", ic, {success}, State::accepted, success, "", kResponse, true},
    {"RFC6026_8_4_TimerM", ic, {success}, State::accepted, timer_m, "", kQuiet, false},
    {"RFC3261_17_1_2_2_TimerEResends", nc, {}, State::trying, timer_e, "OPTIONS", kQuiet, true},
    {"RFC3261_17_1_2_2_TimerFTimesOut", nc, {}, State::trying, timer_f, "OPTIONS", kTimeout, false},
    {"RFC3261_17_1_2_2_TransportError", nc, {}, State::trying, transport_error, "", kUnreachable, false},
    {"RFC3261_17_1_2_2_Provisional", nc, {}, State::trying, provisional, "", kResponse, true},
    {"RFC3261_17_1_2_2_Success", nc, {}, State::trying, success, "", kResponse, true},
    {"RFC3261_17_1_2_2_Failure", nc, {}, State::trying, failure, "", kResponse, true},
    {"RFC3261_17_1_2_2_TimerEInProceeding", nc, {provisional}, State::proceeding, timer_e, "OPTIONS", kQuiet, true},
    {"RFC3261_17_1_2_2_TimerFInProceeding", nc, {provisional}, State::proceeding, timer_f, "OPTIONS", kTimeout, false},
    {"RFC3261_17_1_2_2_ErrorInProceeding",
     nc,
     {provisional},
     State::proceeding,
     transport_error,
     "",
     kUnreachable,
     false,
     true},
    {"RFC3261_17_1_2_2_ProvisionalAgain", nc, {provisional}, State::proceeding, provisional, "", kResponse, true},
    {"RFC3261_17_1_2_2_SuccessInProceeding", nc, {provisional}, State::proceeding, success, "", kResponse, true},
    {"RFC3261_17_1_2_2_FailureInProceeding", nc, {provisional}, State::proceeding, failure, "", kResponse, true},
    {"RFC3261_17_1_2_2_TimerK", nc, {success}, State::completed, timer_k, "", kQuiet, false},
    {"RFC3261_17_2_1_RequestAgain", is, {send_provisional}, State::proceeding, request, "SIP/2.0 180", kQuiet, true},
    {"RFC3261_17_2_1_Provisional", is, {}, State::proceeding, send_provisional, "SIP/2.0 180", kQuiet, true},
    {"RFC6026_8_5_Success", is, {}, State::proceeding, send_success, "SIP/2.0 200", kQuiet, true},
    {"RFC3261_17_2_1_Failure", is, {}, State::proceeding, send_failure, "SIP/2.0 486", kQuiet, true},
    {"RFC3261_9_2_Cancel", is, {}, State::proceeding, cancel, "SIP/2.0 200", kCancelled, true},
    {"RFC3262_3_ProvisionalResent", is, {timer_1xx}, State::proceeding, timer_1xx, "SIP/2.0 183", kQuiet, true},
    {"RFC3262_3_NoPrack", is, {timer_1xx}, State::proceeding, timer_prack, "SIP/2.0 183", kNoPrack, true},
    {"RFC3261_17_2_1_RequestInCompleted", is, {send_failure}, State::completed, request, "SIP/2.0 486", kQuiet, true},
    {"RFC3261_17_2_1_TimerG", is, {send_failure}, State::completed, timer_g, "SIP/2.0 486", kQuiet, true},
    {"RFC3261_17_2_1_Ack", is, {send_failure}, State::completed, ack, "", kQuiet, true},
    {"RFC3261_17_2_1_TimerH", is, {send_failure}, State::completed, timer_h, "SIP/2.0 486", kQuiet, false},
    {"RFC3261_17_2_1_TimerI", is, {send_failure, ack}, State::confirmed, timer_i, "", kQuiet, false},
    {"RFC6026_7_1_AckIsPassedUp", is, {send_success}, State::accepted, ack, "", kAck, true},
    {"RFC3261_13_3_1_4_SuccessResent", is, {send_success}, State::accepted, timer_2xx, "SIP/2.0 200", kQuiet, true},
    {"RFC3261_13_3_1_4_NoAck", is, {send_success}, State::accepted, timer_l, "SIP/2.0 200", kNoAck, false},
    {"RFC3261_17_2_2_Provisional", ns, {}, State::trying, send_provisional, "SIP/2.0 180", kQuiet, true},
    {"RFC3261_17_2_2_Success", ns, {}, State::trying, send_success, "SIP/2.0 200", kQuiet, true},
    {"RFC3261_17_2_2_Failure", ns, {}, State::trying, send_failure, "SIP/2.0 486", kQuiet, true},
    {"RFC4320_4_2_NobodyWaits", ns, {}, State::trying, timer_patience, "", kQuiet, false},
    {"RFC3261_17_2_2_RequestInProceeding",
     ns,
     {send_provisional},
     State::proceeding,
     request,
     "SIP/2.0 180",
     kQuiet,
     true},
    {"RFC3261_17_2_2_ProvisionalAgain",
     ns,
     {send_provisional},
     State::proceeding,
     send_provisional,
     "SIP/2.0 180",
     kQuiet,
     true},
    {"RFC3261_17_2_2_SuccessInProceeding",
     ns,
     {send_provisional},
     State::proceeding,
     send_success,
     "SIP/2.0 200",
     kQuiet,
     true},
    {"RFC3261_17_2_2_FailureInProceeding",
     ns,
     {send_provisional},
     State::proceeding,
     send_failure,
     "SIP/2.0 486",
     kQuiet,
     true},
    {"RFC4320_4_2_NobodyWaitsInProceeding",
     ns,
     {send_provisional},
     State::proceeding,
     timer_patience,
     "",
     kQuiet,
     false},
    {"RFC3261_17_2_2_RequestInCompleted", ns, {send_success}, State::completed, request, "SIP/2.0 200", kQuiet, true},
    {"RFC3261_17_2_2_TimerJ", ns, {send_success}, State::completed, timer_j, "", kQuiet, false},
};

const std::vector<Arrow>& arrows() { return kArrows; }

// Makes each trigger happen in the way of the world.
class Driver {
 public:
  explicit Driver(const Arrow& arrow) : arrow_(arrow), flow_(arrow.stream ? tcp_flow(9) : udp_flow()) {
    const bool invite = arrow.machine == Machine::invite_client || arrow.machine == Machine::invite_server;
    request_.method = invite ? "INVITE" : "OPTIONS";
    if (arrow.machine == Machine::invite_client || arrow.machine == Machine::client) {
      txn_ = f.request(request_.method, flow_);
      sent_ = f.sent();
    } else {
      txn_ = f.accepted(request_, flow_);
    }
  }

  void happen(Trigger t) {
    f.out.clear();
    switch (t) {
      case provisional:
        return f.answer(sent_, 180, flow_);
      case success:
        return f.answer(sent_, 200, flow_);
      case failure:
        return f.answer(sent_, 486, flow_);
      case send_provisional:
        return f.respond(txn_, {.status = 180});
      case send_success:
        return f.respond(txn_, {.status = 200});
      case send_failure:
        return f.respond(txn_, {.status = 486});
      case request:
        return f.receive(request_, flow_);
      case ack:
        return sibling("ACK");
      case cancel:
        return cancel_it();
      case transport_error:
        return fail();
      default:
        return timer(t);
    }
  }
  bool lives() {
    const size_t before = f.stack.transactions();
    return before > 0;
  }

  StackFixture f;

 private:
  void cancel_it() {
    if (arrow_.machine == Machine::invite_server) return sibling("CANCEL");
    f.stack.cancel(f.now, txn_, {}, f.out);
  }
  void sibling(const char* method) {
    RequestText other = request_;
    other.method = method, other.to_tag = "x";
    f.receive(other, flow_);
  }
  void fail() {
    if (flow_.connection != 0) return f.stack.lost(f.now, flow_.connection, f.out);
    f.stack.unsent(f.now, flow_, f.out);
  }
  void timer(Trigger t) {
    if (t == timer_1xx && !reliable_sent_) {
      reliable_sent_ = true;
      return f.respond(txn_, {.status = 183}, 1);
    }
    const bool repeats = t == timer_a || t == timer_e || t == timer_g || t == timer_2xx || t == timer_1xx;
    if (t == timer_e && arrow_.state == State::proceeding) f.pass(milliseconds(490));
    const bool t4 = t == timer_i || t == timer_k;
    f.pass(repeats ? milliseconds(510) : t4 ? milliseconds(5010) : milliseconds(32020));
  }

  const Arrow& arrow_;
  Flow flow_;
  RequestText request_;
  TxnId txn_;
  std::string sent_;
  bool reliable_sent_ = false;
};

class Machines : public testing::TestWithParam<Arrow> {};

TEST_P(Machines, Arrow) {
  const Arrow& arrow = GetParam();
  State state = first_state(arrow.machine);
  for (const Trigger t : arrow.before) state = step(arrow.machine, state, t).next;
  ASSERT_EQ(state, arrow.state);
  Driver driver(arrow);
  for (const Trigger t : arrow.before) driver.happen(t);
  driver.happen(arrow.trigger);
  const Out& out = driver.f.out;
  const std::string last = out.transmit.empty() ? "" : std::string(out.transmit.back().packet.view());
  EXPECT_EQ(last.substr(0, std::string(arrow.sends).size()), arrow.sends);
  if (*arrow.sends == 0) {
    EXPECT_EQ(last, "");
  }
  int event = kQuiet;
  if (!out.events.empty()) event = kind(out.events.back().kind);
  EXPECT_EQ(event, arrow.event);
  EXPECT_LE(out.events.size(), 1u);
  EXPECT_EQ(driver.lives(), arrow.lives);
  driver.f.pass(seconds(100));  // RFC 3261 §17: whatever happened, an end comes
  const bool waits = arrow.machine == Machine::invite_server || arrow.machine == Machine::invite_client;
  if (!waits) {
    EXPECT_EQ(driver.f.stack.transactions(), 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Machines, testing::ValuesIn(arrows()), [](const auto& info) {
  return std::string(name_of(info.param.machine)) + "_" + info.param.name;
});

TEST(MachinesTable, EveryArrowHasATest) {
  std::set<std::tuple<Machine, State, Trigger>> tested;
  for (const Arrow& a : arrows()) EXPECT_TRUE(tested.emplace(a.machine, a.state, a.trigger).second) << a.name;
  for (size_t m = 0; m < kMachines; m++) {
    const auto machine = static_cast<Machine>(m);
    for (const Row& r : rows_of(machine)) {
      EXPECT_TRUE(tested.contains({machine, r.state, r.trigger}))
          << name_of(machine) << " " << name_of(r.state) << " " << name_of(r.trigger);
    }
  }
}

TEST(MachinesTable, ChecksFindFaults) {
  constexpr Row twice[] = {{State::trying, timer_e, Action::resend, State::trying},
                           {State::trying, timer_e, Action::nothing, State::terminated}};
  constexpr Row dead_end[] = {{State::trying, timer_e, Action::resend, State::proceeding}};
  constexpr Row island[] = {{State::trying, timer_f, Action::time_out, State::terminated},
                            {State::confirmed, timer_i, Action::nothing, State::terminated}};
  EXPECT_FALSE(deterministic(twice));
  EXPECT_FALSE(final_is_final(dead_end));
  EXPECT_FALSE(all_reachable(island, State::trying));
}

}  // namespace
}  // namespace carillon::sip
