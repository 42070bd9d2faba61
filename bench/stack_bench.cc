// What a transaction costs: made, answered, kept for its timers and forgotten. Parsing is measured elsewhere; here each
// message is parsed outside the clock by writing into one buffer and reading it once more, and its cost is the same in
// the "parse alone" row.

#include <benchmark/benchmark.h>

#include "sip/stack_fixture.h"

namespace {

using namespace carillon;       // NOLINT: a benchmark
using namespace carillon::sip;  // NOLINT: a benchmark

// A REGISTER as phones send it, with places for what changes.
class Template {
 public:
  explicit Template(const RequestText& r) : bytes_(r.text()) {
    branch_ = bytes_.find("00000000");
    call_id_ = bytes_.find("11111111");
  }
  const Message& next() {
    stamp(branch_), stamp(call_id_), number_++;
    message_.parse(bytes_, Framing::datagram);
    return message_;
  }

 private:
  void stamp(size_t at) {
    uint64_t n = number_;
    for (size_t i = 0; i < 8; i++, n /= 10) bytes_[at + 7 - i] = static_cast<char>('0' + n % 10);
  }
  std::string bytes_;
  size_t branch_, call_id_;
  uint64_t number_ = 0;
  Message message_;
};

RequestText phone_request(const char* method) {
  RequestText r{
      .method = method, .via = "SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bK00000000;rport", .call_id = "11111111"};
  r.headers +=
      "Contact: <sip:1001@198.51.100.7:5062>;expires=3600\r\nUser-Agent: Phone/1.0 (bench)\r\n"
      "Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, OPTIONS, UPDATE\r\nSupported: path, outbound\r\n";
  return r;
}

constexpr const char* kLines =
    "Contact: <sip:1001@198.51.100.7:5062>;expires=3600\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n";

void parse_alone(benchmark::State& state) {
  Template phone(phone_request("REGISTER"));
  for (auto _ : state) benchmark::DoNotOptimize(&phone.next());
}

// The argument is the time between two requests in µs: at 17 (60,000 a second) two million are kept for Timer J, and
// growing memory is part of the cost; at 1000 the 32,000 that are kept come round again.
void server_non_invite(benchmark::State& state) {
  Random random(1);
  Stack stack(plain_options(), random);
  Template phone(phone_request("REGISTER"));
  Out out;
  const Flow flow = udp_flow();
  Instant now{1'700'000'000'000'000};
  for (auto _ : state) {
    now.us += state.range(0);
    out.clear();
    stack.receive(now, flow, phone.next(), out);
    const Event event = out.events[0];
    const TxnId txn = stack.accept(now, event, false, out);
    stack.respond(now, txn, {.status = 200, .to_tag = "bench", .headers = kLines}, out);
    if (stack.next_deadline() <= now) stack.fire(now, out);
  }
  state.counters["kept"] = static_cast<double>(stack.transactions());
}

void client_non_invite(benchmark::State& state) {
  StackFixture f;
  const Flow flow = udp_flow();
  f.request("OPTIONS", flow);
  std::string sent;
  const std::string lines = f.headers;
  Message answer;
  for (auto _ : state) {
    f.now.us += 17;
    f.out.clear();
    f.stack.request(
        f.now,
        {.method = "OPTIONS", .request_uri = "sip:1002@198.51.100.7", .headers = lines, .target = {.flow = flow}},
        f.out);
    sent.assign("SIP/2.0 200 OK\r\n")
        .append(f.out.transmit[0].packet.view().substr(f.out.transmit[0].packet.view().find("Via")));
    answer.parse(sent, Framing::datagram);
    f.out.clear();
    f.stack.receive(f.now, flow, answer, f.out);
    if (f.stack.next_deadline() <= f.now) f.stack.fire(f.now, f.out);
  }
  state.counters["kept"] = static_cast<double>(f.stack.transactions());
}

// INVITE in, 100, INVITE out, 180 both ways, 200 both ways, ACK both ways: what a call set-up costs of the stack.
void invite_pair(benchmark::State& state) {
  StackFixture f;
  const Flow flow = udp_flow();
  Template phone(phone_request("INVITE"));
  Template acks(phone_request("ACK"));
  const std::string lines =
      "Max-Forwards: 70\r\nFrom: <sip:1001@192.0.2.1>;tag=ours\r\nTo: <sip:1002@192.0.2.1>\r\n"
      "Call-ID: our-call\r\nCSeq: 5 INVITE\r\n";
  std::string sent;
  Message answer;
  for (auto _ : state) {
    f.now.us += 85;
    f.out.clear();
    f.stack.receive(f.now, flow, phone.next(), f.out);
    const Event event = f.out.events[0];
    const TxnId server = f.stack.accept(f.now, event, true, f.out);
    const RequestParts parts{
        .method = "INVITE", .request_uri = "sip:1002@198.51.100.7", .headers = lines, .target = {.flow = flow}};
    const TxnId client = f.stack.request(f.now, parts, f.out);
    const std::string invite(f.out.transmit.back().packet.view());
    for (const char* status : {"SIP/2.0 180 Ringing\r\n", "SIP/2.0 200 OK\r\n"}) {
      f.out.clear();
      sent.assign(status).append(invite, invite.find("Via"));
      answer.parse(sent, Framing::datagram);
      f.stack.receive(f.now, flow, answer, f.out);
      f.stack.respond(f.now, server, {.status = answer.status(), .to_tag = "bench", .headers = kLines}, f.out);
    }
    benchmark::DoNotOptimize(f.stack.ack(parts));
    f.out.clear();
    f.stack.receive(f.now, flow, acks.next(), f.out);
    f.stack.acked(server);
    benchmark::DoNotOptimize(client);
    if (f.stack.next_deadline() <= f.now) f.stack.fire(f.now, f.out);
  }
  state.counters["kept"] = static_cast<double>(f.stack.transactions());
}

BENCHMARK(parse_alone)->Name("transaction/parse_alone");
BENCHMARK(server_non_invite)->Name("transaction/server_non_invite")->Arg(17)->Arg(1000);
BENCHMARK(client_non_invite)->Name("transaction/client_non_invite");
BENCHMARK(invite_pair)->Name("transaction/invite_pair");

}  // namespace
