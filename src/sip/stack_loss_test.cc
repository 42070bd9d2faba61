// Two stacks with a bad network between them, in virtual time.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <queue>

#include "sip/stack_fixture.h"

namespace carillon::sip {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kCalls = 4000;
#else
constexpr uint64_t kCalls = 100'000;
#endif

enum class Outcome : uint8_t { none, answered, refused, timed_out };

struct Datagram {
  Instant at;
  uint64_t order;
  bool to_server;
  std::string bytes;
  bool operator<(const Datagram& o) const { return at != o.at ? o.at < at : o.order < order; }
};

// A caller and a callee. The callee rings, then answers or refuses after a while; some calls are given up by the
// caller.
class World {
 public:
  World(uint64_t seed, double loss)
      : random_(seed),
        loss_(loss),
        caller_(plain_options(), random_),
        callee_(plain_options(), random_),
        outcomes_(kCalls) {}

  void run() {
    Instant next_call = now_;
    uint64_t calls = 0;
    while (calls < kCalls || !wire_.empty() || !answers_.empty() ||
           caller_.transactions() + callee_.transactions() > 0) {
      Instant next = std::min(caller_.next_deadline(), callee_.next_deadline());
      if (calls < kCalls) next = std::min(next, next_call);
      if (!wire_.empty()) next = std::min(next, wire_.top().at);
      if (!answers_.empty()) next = std::min(next, answers_.begin()->first);
      now_ = std::max(now_, next);
      if (calls < kCalls && next_call <= now_) call(calls++), next_call = next_call + milliseconds(10);
      deliver();
      answer();
      turn(caller_, true, [&] { caller_.fire(now_, out_); });
      turn(callee_, false, [&] { callee_.fire(now_, out_); });
      ASSERT_LT(++turns_, 40 * kCalls);
    }
  }

  uint64_t count(Outcome o) const { return static_cast<uint64_t>(std::count(outcomes_.begin(), outcomes_.end(), o)); }
  const Stack& caller() const { return caller_; }
  const Stack& callee() const { return callee_; }
  uint64_t finals = 0, served = 0, repeated_2xx = 0, doubled = 0;

 private:
  void call(uint64_t number) {
    const std::string n = std::to_string(number);
    const std::string lines = "Max-Forwards: 70\r\nFrom: <sip:a@192.0.2.1>;tag=" + n +
                              "\r\nTo: <sip:b@198.51.100.7>\r\n" + "Call-ID: " + n + "\r\nCSeq: 1 INVITE\r\n";
    turn(caller_, true, [&] {
      caller_.request(now_,
                      {.method = "INVITE",
                       .request_uri = "sip:b@198.51.100.7",
                       .headers = lines,
                       .target = {.flow = udp_flow()},
                       .user = number},
                      out_);
    });
  }

  void deliver() {
    while (!wire_.empty() && wire_.top().at <= now_) {
      const Datagram d = wire_.top();
      wire_.pop();
      bytes_ = d.bytes;
      ASSERT_EQ(message_.parse(bytes_, Framing::datagram).kind, ParseFault::Kind::none);
      Stack& stack = d.to_server ? callee_ : caller_;
      const Flow from = d.to_server ? udp_flow("192.0.2.1:5060") : udp_flow();
      turn(stack, !d.to_server, [&] { stack.receive(now_, from, message_, out_); });
    }
  }

  template <typename F>
  void turn(Stack& stack, bool from_caller, F&& f) {
    out_.clear();
    f();
    for (size_t i = 0; i < out_.events.size(); i++) {
      const Event e = out_.events[i];
      if (from_caller) {
        caller_hears(e);
      } else {
        callee_hears(stack, e);
      }
    }
    for (const Transmit& t : out_.transmit) send(t, from_caller);
  }

  void caller_hears(const Event& e) {
    Outcome& o = outcomes_[e.user];
    if (e.kind == EventKind::timeout) {
      doubled += o != Outcome::none;
      o = Outcome::timed_out;
      return;
    }
    ASSERT_EQ(e.kind, EventKind::response);
    const int status = e.message->status();
    if (status < 200) {
      if (e.user % 7 == 0) caller_.cancel(now_, e.txn, {}, out_);
      return;
    }
    const bool success = status < 300;
    const Outcome heard = success ? Outcome::answered : Outcome::refused;
    if (success && o == Outcome::answered) {
      repeated_2xx++;
    } else {
      doubled += o != Outcome::none;
    }
    o = heard;
    if (!success) return;
    const std::string n = std::to_string(e.user);
    const std::string lines = "Max-Forwards: 70\r\nFrom: <sip:a@192.0.2.1>;tag=" + n +
                              "\r\nTo: <sip:b@198.51.100.7>;tag=" + std::string(e.message->to_tag()) +
                              "\r\nCall-ID: " + n + "\r\nCSeq: 1 ACK\r\n";
    out_.transmit.push_back(caller_.ack(
        {.method = "ACK", .request_uri = "sip:b@198.51.100.7", .headers = lines, .target = {.flow = udp_flow()}}));
  }

  void callee_hears(Stack& stack, const Event& e) {
    if (e.kind == EventKind::request) {
      served++;
      const TxnId txn = stack.accept(now_, e, true, out_);
      stack.respond(now_, txn, {.status = 180}, out_);
      answers_.emplace(now_ + milliseconds(random_.below(6000)), txn);
    } else if (e.kind == EventKind::ack) {
      stack.acked(e.txn);
    } else if (e.kind == EventKind::cancelled) {
      finals++;
      stack.respond(now_, e.txn, {.status = 487}, out_);
    }
  }

  void answer() {
    while (!answers_.empty() && answers_.begin()->first <= now_) {
      const TxnId txn = answers_.begin()->second;
      answers_.erase(answers_.begin());
      turn(callee_, false, [&] {
        callee_.respond(now_, txn, {.status = random_.chance(0.6) ? 200 : 486}, out_);
        finals += out_.transmit.size();  // nothing leaves when a CANCEL came first
      });
    }
  }

  void send(const Transmit& t, bool from_caller) {
    for (int copies = random_.chance(0.05) ? 2 : 1; copies > 0; copies--) {
      if (random_.chance(loss_)) continue;
      const Instant at = now_ + milliseconds(1 + random_.below(200));  // wide enough to overtake
      wire_.push({at, order_++, from_caller, std::string(t.packet.view())});
    }
  }

  Random random_;
  double loss_;
  Stack caller_, callee_;
  std::vector<Outcome> outcomes_;
  std::priority_queue<Datagram> wire_;
  std::multimap<Instant, TxnId> answers_;
  Instant now_{1'700'000'000'000'000};
  Out out_;
  std::string bytes_;
  Message message_;
  uint64_t order_ = 0, turns_ = 0;
};

TEST(StackLoss, ThirtyPercentLostDoubledAndReordered) {
  World world(42, 0.3);
  world.run();
  EXPECT_EQ(world.count(Outcome::none), 0u);
  EXPECT_EQ(world.doubled, 0u);           // one result for each call, never two
  EXPECT_EQ(world.finals, world.served);  // one final response for each server transaction
  EXPECT_LE(world.served, kCalls);        // a retransmission never becomes a second call
  EXPECT_GT(world.count(Outcome::answered), kCalls / 3);
  EXPECT_LT(world.count(Outcome::timed_out), kCalls / 100);
  EXPECT_GT(world.repeated_2xx, 0u);
  EXPECT_EQ(world.caller().transactions() + world.callee().transactions(), 0u);
  EXPECT_EQ(world.caller().next_deadline(), kNever);
  EXPECT_EQ(world.callee().next_deadline(), kNever);
}

TEST(StackLoss, SilenceEndsEverything) {
  World world(7, 1.0);
  world.run();
  EXPECT_EQ(world.count(Outcome::timed_out), kCalls);
  EXPECT_EQ(world.caller().transactions(), 0u);
}

}  // namespace
}  // namespace carillon::sip
