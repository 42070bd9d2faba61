// What identity and registration cost (docs/ARCHITECTURE.md, section 5.7): nonce or digest 0.3 µs, registrar 0.7 µs,
// and at most 900 bytes of memory a binding.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <memory>

#include "registrar/examiner.h"
#include "registrar/identity.h"
#include "registrar/index.h"
#include "registrar/registrar.h"
#include "registrar/test_world.h"

namespace carillon::registrar {
namespace {

using namespace test;  // NOLINT: a directory and its requests

constexpr size_t kUsers = 20'000;
constexpr double kMostBytes = 900;

std::string number(size_t i) { return std::to_string(100'000 + i); }

// `kUsers` users with a phone and a line each.
struct World {
  config::SnapshotBuilder builder;
  config::SnapshotPtr snapshot;
  Random random{1};
  sip::Flow flow = udp_from(kTrusted);
  World() {
    config::ParametersView parameters;
    parameters.trusted_networks = {*Network::parse("192.168.0.0/16"), *Network::parse("10.0.0.0/8")};
    builder.put(parameters);
    config::SecurityView security;
    security.id = 1;
    security.digest = true;
    builder.put(security);
    builder.put(config::SipProfileView{1});
    for (size_t i = 0; i < kUsers; i++) {
      const auto id = static_cast<config::EntityId>(i + 1);
      config::LineView line;
      line.id = id;
      line.number = number(i);
      line.partition = 1;
      builder.put(line);
      builder.put_user(number(i));
      builder.put(Directory::phone(id, number(i), {id}), 1, 1);
    }
    snapshot = builder.build(1);
  }
};

World& world() {
  static World w;
  return w;
}

Ask1 register_of(size_t i, uint32_t cseq, size_t generation) {
  Ask1 a;
  a.to = a.from = "sip:" + number(i) + "@perf.test";
  a.call_id = std::to_string(i) + "-" + std::to_string(generation) + "-12345678@127.0.0.2";
  a.cseq = cseq;
  a.contact = "<sip:" + number(i) + "@127.0.0.2:5080;transport=udp>;expires=3600";
  return a;
}

void NonceMint(benchmark::State& state) {
  sip::auth::NonceMaker maker(0, kKey, world().random);
  Instant now = kStart;
  for (auto _ : state) {
    now.us++;
    benchmark::DoNotOptimize(maker.mint(now, world().flow.remote, "ccmsipline"));
  }
}
BENCHMARK(NonceMint);

void NonceCheck(benchmark::State& state) {
  sip::auth::NonceMaker maker(0, kKey, world().random);
  const std::string nonce(maker.mint(kStart, world().flow.remote, "ccmsipline"));
  sip::auth::NonceInfo info;
  for (auto _ : state) benchmark::DoNotOptimize(maker.check(nonce, world().flow.remote, "ccmsipline", info));
}
BENCHMARK(NonceCheck);

void CredentialsParse(benchmark::State& state) {
  const std::string line = Answer{}.line(std::string(44, 'n'));
  const std::string_view value = std::string_view(line).substr(15, line.size() - 17);
  for (auto _ : state) benchmark::DoNotOptimize(sip::auth::Credentials::parse(value));
}
BENCHMARK(CredentialsParse);

void DigestVerify(benchmark::State& state) {
  const std::string line = Answer{.uri = "sip:perf.test"}.line(std::string(44, 'n'));
  const auto c = *sip::auth::Credentials::parse(std::string_view(line).substr(15, line.size() - 17));
  const auto ha1 = sip::auth::make_ha1(crypto::Algorithm::md5, "alice", "ccmsipline", "secret");
  sip::auth::Verifier verifier;
  bool right = true;
  for (auto _ : state) right &= verifier.matches(c, "REGISTER", ha1);
  if (!right) state.SkipWithError("a right response was refused");
}
BENCHMARK(DigestVerify);

void Challenge(benchmark::State& state) {
  Identifier identifier({0, kKey}, world().random);
  Registrar registrar(0, world().random);
  const Received r(register_of(7, 1, 1).text());
  Instant now = kStart;
  for (auto _ : state) {
    now.us++;
    benchmark::DoNotOptimize(identifier.of_register(now, r.message, world().flow, *world().snapshot, registrar));
  }
}
BENCHMARK(Challenge);

// Messages are few at a time, as hot as a server has them when it has just read them; users come round in their
// thousands.
constexpr size_t kBatch = 128;
using Batch = std::vector<std::unique_ptr<Received>>;

// Valid credentials; each nonce is used once, as in the comparison with Kamailio.
void OfRegister(benchmark::State& state) {
  Registrar registrar(0, world().random);
  Identifier identifier({0, kKey}, world().random);
  Instant now = kStart;
  Batch requests;
  size_t at = 0;
  size_t user = 0;
  const auto refill = [&] {
    requests.clear();
    at = 0;
    for (size_t i = 0; i < kBatch; i++, user = (user + 1) % kUsers) {
      now.us++;
      const Ask1 ask = register_of(user, 1, 1);
      const Received bare(ask.text());
      const auto v = identifier.of_register(now, bare.message, world().flow, *world().snapshot, registrar);
      const Answer answer{.user = number(user), .uri = "sip:perf.test"};
      requests.push_back(std::make_unique<Received>(ask.text(answer.line(nonce_in(v.headers)))));
    }
  };
  refill();
  for (auto _ : state) {
    if (at == requests.size()) {
      state.PauseTiming();
      refill();
      state.ResumeTiming();
    }
    const auto v = identifier.of_register(now, requests[at++]->message, world().flow, *world().snapshot, registrar);
    if (v.kind != Verdict::Kind::accepted) state.SkipWithError("not accepted");
  }
}
BENCHMARK(OfRegister)->Iterations(200'000);

struct Applied {
  Registrar registrar{0, world().random};
  std::vector<state::Post> posts;
  std::vector<BindingChange> changes;
  Instant now = kStart;
  bool failed = false;
  void apply(const Received& r, size_t user) {
    posts.clear();
    changes.clear();
    now.us += 10;
    Identity identity;
    identity.phone = world().snapshot->phone(static_cast<config::EntityId>(user + 1));
    identity.line = world().snapshot->line(static_cast<config::EntityId>(user + 1));
    identity.digest_user = identity.phone->digest_user;
    identity.nonce_made = now;
    const auto o = registrar.apply(now, r.message, world().flow, identity, *world().snapshot, posts, changes);
    failed |= o.status != 200;
    if (o.wait) registrar.durable_until(registrar.mark());
  }
};

std::vector<std::unique_ptr<Received>> all_registers(size_t generation) {
  std::vector<std::unique_ptr<Received>> out;
  for (size_t i = 0; i < kUsers; i++) out.push_back(std::make_unique<Received>(register_of(i, 1, generation).text()));
  return out;
}

void ApplyNew(benchmark::State& state) {
  const auto requests = all_registers(1);
  for (auto _ : state) {
    state.PauseTiming();
    auto applied = std::make_unique<Applied>();
    state.ResumeTiming();
    for (size_t i = 0; i < kUsers; i++) applied->apply(*requests[i], i);
    if (applied->failed || applied->registrar.size() != kUsers) state.SkipWithError("not applied");
    state.PauseTiming();
    applied.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kUsers));
}
BENCHMARK(ApplyNew)->Unit(benchmark::kMillisecond);

void ApplyRefresh(benchmark::State& state) {
  auto applied = std::make_unique<Applied>();
  for (size_t i = 0; i < kUsers; i++) applied->apply(Received(register_of(i, 1, 0).text()), i);
  Batch requests;
  size_t at = 0;
  size_t next = 0;
  const auto refill = [&] {
    requests.clear();
    at = 0;
    for (size_t i = 0; i < kBatch; i++, next++) {
      requests.push_back(std::make_unique<Received>(register_of(next % kUsers, 1, 1 + next / kUsers).text()));
    }
  };
  size_t user = 0;
  refill();
  for (auto _ : state) {
    if (at == kBatch) {
      state.PauseTiming();
      refill();
      state.ResumeTiming();
    }
    applied->apply(*requests[at++], user);
    user = user + 1 == kUsers ? 0 : user + 1;
  }
  if (applied->failed || applied->registrar.size() != kUsers) state.SkipWithError("not applied");
}
BENCHMARK(ApplyRefresh);

// Bytes taken from malloc by 20,000 bindings with all their look-ups.
void BytesPerBinding(benchmark::State& state) {
  const auto requests = all_registers(1);
  double bytes = 0;
  for (auto _ : state) {
    auto applied = std::make_unique<Applied>();
    const auto before = mallinfo2();
    for (size_t i = 0; i < kUsers; i++) applied->apply(*requests[i], i);
    const auto after = mallinfo2();
    bytes = static_cast<double>(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / kUsers;
  }
  state.counters["bytes"] = bytes;
  state.counters["binding"] = sizeof(Entry);
  if (bytes > kMostBytes) state.SkipWithError("a binding takes more memory than it may");
}
BENCHMARK(BytesPerBinding)->Iterations(1);

}  // namespace
}  // namespace carillon::registrar
