// Sequences of messages, answers, timers and failures against one Stack. Whatever the order: at most one final response
// for a server transaction, at most one result for a client transaction, and when everybody has fallen silent nothing
// is left. fuzz-links: carillon_sip

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "sip/stack_fixture.h"

namespace {

using carillon::Duration;
using carillon::milliseconds;
using carillon::seconds;
using namespace carillon::sip;  // NOLINT: a fuzz target

constexpr size_t kSteps = 400;  // of one input

class Player {
 public:
  Player(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  void play() {
    for (size_t i = 0; i < kSteps && at_ < size_; i++) {
      step(take());
      CHECK(f_.stack.transactions() <= 3 * kSteps);
    }
    finish();
  }

 private:
  uint8_t take() { return at_ < size_ ? data_[at_++] : 0; }
  template <typename T>
  T pick(const std::vector<T>& from) {
    return from.empty() ? T{} : from[take() % from.size()];
  }

  void step(uint8_t what) {
    switch (what % 14) {
      case 0:
        return receive("INVITE");
      case 1:
        return receive("OPTIONS");
      case 2:
        return receive("ACK");
      case 3:
        return receive("CANCEL");
      case 4:
        return respond(180, 0);
      case 5:
        return respond(183, 1 + take());
      case 6:
        return respond(kFinals[take() % 4], 0);
      case 7:
        return take() % 2 == 0 ? f_.stack.acked(pick(servers_)) : f_.stack.pracked(pick(servers_));
      case 8:
        return request();
      case 9:
        return answer();
      case 10:
        return turn([&] { f_.stack.cancel(f_.now, pick(clients_), {}, f_.out); });
      case 11:
        return pass(kPauses[take() % 6]);
      case 12:
        return fail();
      default:
        return locate();
    }
  }

  // Runs one thing and looks at what came of it.
  template <typename F>
  void turn(F&& f) {
    f_.out.clear();
    f();
    look();
  }

  void receive(const char* method) {
    const uint8_t k = take();
    RequestText r{.method = method, .call_id = "c" + std::to_string(k % 3), .cseq = 1 + k % 2};
    const bool tcp = k % 5 == 0;
    const bool old = k % 11 == 0;  // without the magic cookie
    r.via = std::string(tcp ? "SIP/2.0/TCP" : "SIP/2.0/UDP") + " 198.51.100.7:5062;branch=" + (old ? "" : "z9hG4bK") +
            "b" + std::to_string(k % 4);
    if (k % 2 == 0) r.via += ";rport";
    if (k & 0x40) r.to_tag = "some";
    if (k & 0x80) r.headers = "Max-Forwards: 0\r\n";
    turn([&] { f_.receive(r, tcp ? tcp_flow(1 + k % 2) : udp_flow()); });
  }

  void respond(int status, uint32_t rseq) {
    const TxnId txn = pick(servers_);
    turn([&] { f_.stack.respond(f_.now, txn, {.status = status}, f_.out, rseq); });
    if (status >= 200 && !f_.out.transmit.empty()) CHECK(finals_[txn.bits()]++ == 0);
  }

  void request() {
    const uint8_t k = take();
    const char* method = k % 2 == 0 ? "INVITE" : "OPTIONS";
    const bool located = k % 3 == 0;
    const Target target{.located = located,
                        .flow = k % 4 == 0 ? tcp_flow(k % 8 == 0 ? 2 : 0) : udp_flow(),
                        .uri = k % 5 == 0 ? "sip:x@192.0.2.77;transport=tcp" : "sip:x@trunk.example:5060"};
    const std::string body(k & 0x40 ? 1500 : 0, 'x');
    f_.out.clear();
    const TxnId txn = f_.request(method, target, ++users_, body);
    if (txn.valid()) clients_.push_back(txn);
    look();
  }

  void answer() {
    const std::string to = pick(requests_);
    if (to.empty()) return;
    const int status = kStatuses[take() % 6];
    turn([&] { f_.answer(to, status, take() % 4 == 0 ? tcp_flow(2) : udp_flow()); });
  }

  void pass(Duration d) {
    turn([&] { f_.pass(d); });
  }

  void fail() {
    const uint8_t k = take();
    turn([&] {
      if (k % 2 == 0) {
        f_.stack.lost(f_.now, k % 3, f_.out);
      } else {
        f_.stack.unsent(f_.now, k % 4 == 1 ? udp_flow() : tcp_flow(0), f_.out);
      }
    });
  }

  void locate() {
    const uint64_t query = pick(queries_);
    DnsAnswer a{.kind = Lookup::Kind::address, .failed = take() % 4 == 0};
    for (uint8_t n = take() % 3; n > 0; n--) {
      DnsRecord r;
      r.address = carillon::Address::v4(0xc6336400u + n, 0);
      a.records.push_back(r);
    }
    turn([&] { f_.stack.located(f_.now, query, a, f_.out); });
  }

  void look() {
    for (size_t i = 0; i < f_.out.events.size(); i++) hear(Event(f_.out.events[i]));
    for (const Transmit& t : f_.out.transmit) saw(std::string(t.packet.view()));
    for (const Lookup& l : f_.out.lookups) queries_.push_back(l.query);
  }

  void hear(const Event& e) {
    switch (e.kind) {
      case EventKind::request: {
        const TxnId txn = f_.stack.accept(f_.now, e, take() % 2 == 0, f_.out);
        CHECK(txn.valid());
        servers_.push_back(txn);
        return;
      }
      case EventKind::response:
        if (e.message->status() < 200) return;
        if (e.message->status() < 300) {
          CHECK(results_[e.user] != 2);
          results_[e.user] = 1;
          return;
        }
        [[fallthrough]];
      case EventKind::timeout:
      case EventKind::unreachable:
        CHECK(results_[e.user] == 0);
        results_[e.user] = 2;
        return;
      default:
        return;
    }
  }

  // What is sent can be read, and answers have a tag.
  void saw(std::string bytes) {
    const Parsed p(bytes);
    CHECK(p.fault.kind == ParseFault::Kind::none);
    if (p.message.is_request()) {
      if (p.message.method() != Method::ack) requests_.push_back(std::move(bytes));
      return;
    }
    CHECK(p.message.status() == 100 || !p.message.to_tag().empty());
  }

  // Everybody answers, gives up or falls silent.
  void finish() {
    for (const TxnId txn : servers_) turn([&] { f_.stack.respond(f_.now, txn, {.status = 480}, f_.out); });
    for (const TxnId txn : clients_) turn([&] { f_.stack.cancel(f_.now, txn, {}, f_.out); });
    for (int i = 0; i < 10; i++) pass(seconds(40));
    const size_t left = f_.stack.transactions();
    CHECK(left == 0);
    CHECK(f_.stack.next_deadline() == carillon::kNever);
  }

  static constexpr int kFinals[] = {200, 404, 486, 503};
  static constexpr int kStatuses[] = {100, 180, 200, 404, 486, 503};
  static constexpr Duration kPauses[] = {milliseconds(1),    milliseconds(500), seconds(2),
                                         milliseconds(4100), seconds(31),       seconds(33)};
  const uint8_t* data_;
  size_t size_;
  size_t at_ = 0;
  StackFixture f_;
  std::vector<TxnId> servers_, clients_;
  std::vector<std::string> requests_;
  std::vector<uint64_t> queries_;
  std::map<uint64_t, int> finals_;   // by server transaction
  std::map<uint64_t, int> results_;  // by user: 1 answered, 2 failed
  uint64_t users_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Player(data, size).play();
  return 0;
}
