// Timers, slabs and hashes: what every message pays.

#include <benchmark/benchmark.h>

#include <string>

#include "base/hash.h"
#include "base/random.h"
#include "base/slab.h"
#include "base/timers.h"

namespace carillon {
namespace {

// Arms and fires deadlines as a busy shard does: 60,000 transactions a second that live 32 s, in turns of a
// millisecond.
void BM_TimersArmAndFire(benchmark::State& state) {
  Timers<uint64_t> timers;
  Instant now{1700000000000000};
  uint64_t token = 0, fired = 0;
  for (auto _ : state) {
    timers.arm(now + seconds(32), token++);
    if (token % 60 == 0) {
      now = now + milliseconds(1);
      timers.fire(now, [&](Instant, uint64_t) { fired++; });
    }
  }
  benchmark::DoNotOptimize(fired);
}
BENCHMARK(BM_TimersArmAndFire);

void BM_TimersNextWhenIdle(benchmark::State& state) {
  Timers<uint64_t> timers;
  timers.arm(Instant{1700000000000000} + seconds(30), 1);
  timers.fire(Instant{1700000000000000}, [](Instant, uint64_t) {});
  for (auto _ : state) benchmark::DoNotOptimize(timers.next());
}
BENCHMARK(BM_TimersNextWhenIdle);

void BM_SlabInsertAndErase(benchmark::State& state) {
  Slab<std::array<uint64_t, 16>> slab(100000);
  for (auto _ : state) slab.erase(slab.emplace());
}
BENCHMARK(BM_SlabInsertAndErase);

void BM_HashCallId(benchmark::State& state) {
  const std::string id = "3848276298220188511@atlanta.example.com";
  for (auto _ : state) benchmark::DoNotOptimize(hash_bytes(id, 0));
}
BENCHMARK(BM_HashCallId);

void BM_Random64(benchmark::State& state) {
  Random random(1);
  for (auto _ : state) benchmark::DoNotOptimize(random.next64());
}
BENCHMARK(BM_Random64);

}  // namespace
}  // namespace carillon
