// What a whole call costs in stack, registrar's look-up, engine and SDP: thirteen messages from INVITE to the 200 of
// the BYE, with parsing, without sockets and without the store. The time of making the phones' messages is measured
// apart
// ("phones alone") and has to be taken off.

#include <benchmark/benchmark.h>

#include "call/bench_services.h"

namespace {

void whole_call(benchmark::State& state) {
  carillon::call::bench::World world(1000);
  for (auto _ : state) world.call();
  state.counters["failed"] = static_cast<double>(world.failed);
}
BENCHMARK(whole_call)->Name("call/invite to bye");

void phones_alone(benchmark::State& state) {
  carillon::call::bench::World world(1000);
  world.call();
  for (auto _ : state) world.phones_only();
}
BENCHMARK(phones_alone)->Name("call/phones alone");

// Services with phones that answer by themselves, whose work (copying and reading every message) is in the figure:
// compare with the plain call beside them.
void service(benchmark::State& state, void (carillon::call::bench::Services::*run)()) {
  carillon::call::bench::Services world(10);
  for (auto _ : state) (world.*run)();
  state.counters["failed"] = static_cast<double>(world.failed);
}
using carillon::call::bench::Services;
BENCHMARK_CAPTURE(service, call, &Services::plain)->Name("service/call");
BENCHMARK_CAPTURE(service, forward, &Services::forwarded)->Name("service/forwarded call");
BENCHMARK_CAPTURE(service, blind, &Services::blind)->Name("service/blind transfer, with its call");
BENCHMARK_CAPTURE(service, attended, &Services::attended)->Name("service/attended transfer, with its calls");

void sdp_relay(benchmark::State& state) {
  using namespace carillon::sdp;
  Session session;
  OurOrigin origin{.id = 1, .version = 0, .shown = 0, .address = "192.0.2.1"};
  LineMap a, b;
  std::string out;
  for (auto _ : state) {
    out.clear();
    session.parse(carillon::call::bench::kSdp);
    benchmark::DoNotOptimize(relay(session, a, b, {}, origin, out));
  }
}
BENCHMARK(sdp_relay)->Name("sdp/relay");

}  // namespace
