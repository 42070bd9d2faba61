// The configuration as calls see it: look-ups, the dial plan, and what one change costs in a large directory.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <string>

#include "config/snapshot.h"
#include "dialplan/route.h"

namespace carillon {
namespace {

constexpr int kPhones = 100'000;

config::PhoneView phone(int i) {
  config::PhoneView p;
  p.id = i + 1;
  char name[16];
  std::snprintf(name, sizeof name, "SEP%012X", i);
  p.name = name;
  p.digest_user = "user" + std::to_string(i);
  p.credentials.present = true;
  p.lines.push_back({});
  p.lines.back().line = i + 1;
  return p;
}

config::LineView line(int i) {
  config::LineView l;
  l.id = i + 1;
  l.number = std::to_string(200'000 + i);
  l.partition = 1;
  return l;
}

struct Directory {
  config::SnapshotBuilder builder;
  config::SnapshotPtr snapshot;
  double bytes_each = 0;  // per user, phone and line together
  Directory() {
    const auto before = mallinfo2().uordblks + mallinfo2().hblkhd;
    builder.put(config::SecurityView{.id = 1});
    builder.put(config::SipProfileView{.id = 1});
    for (int i = 0; i < kPhones; i++) {
      builder.put_user("user" + std::to_string(i));
      builder.put(line(i));
      builder.put(phone(i), 1, 1);
    }
    snapshot = builder.build(1);
    bytes_each = static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd - before) / kPhones;
  }
};

Directory& directory() {
  static Directory d;
  return d;
}

void by_digest_user(benchmark::State& state) {
  const config::Snapshot& s = *directory().snapshot;
  std::vector<std::string> users;
  for (int i = 0; i < 20'000; i++) users.push_back("user" + std::to_string(i * 5));
  size_t n = 0;
  for (auto _ : state) {
    bool known = false;
    benchmark::DoNotOptimize(s.phone_by_digest_user(users[n++ % users.size()], &known));
  }
  state.counters["bytes_per_user_phone_line"] = directory().bytes_each;
}

void line_of_phone(benchmark::State& state) {
  const config::Snapshot& s = *directory().snapshot;
  int i = 0;
  for (auto _ : state) {
    const config::PhoneView* p = s.phone(1 + (i += 7919) % kPhones);
    benchmark::DoNotOptimize(s.line_of_phone(*p, "200001"));
  }
}

void plain_number(benchmark::State& state) {
  const config::Snapshot& s = *directory().snapshot;
  std::vector<std::string> numbers;
  for (int i = 0; i < 20'000; i++) numbers.push_back(std::to_string(200'000 + i * 5));
  size_t n = 0;
  for (auto _ : state) benchmark::DoNotOptimize(dialplan::route(s, 0, numbers[n++ % numbers.size()]));
}

// One phone changed among 100,000, and the snapshot that shows it; the one before goes.
void one_change(benchmark::State& state) {
  Directory& d = directory();
  uint64_t revision = 1;
  for (auto _ : state) {
    d.builder.put(phone(static_cast<int>(revision * 7919 % kPhones)), 1, 1);
    d.snapshot = d.builder.build(++revision);
  }
}

// A profile that all phones have: every row is made anew.
void profile_change(benchmark::State& state) {
  Directory& d = directory();
  uint64_t revision = 1'000'000;
  for (auto _ : state) {
    d.builder.put(config::SecurityView{.id = 1, .digest = revision % 2 == 0});
    d.snapshot = d.builder.build(++revision);
  }
}

BENCHMARK(by_digest_user)->Name("Config/phone_by_digest_user");
BENCHMARK(line_of_phone)->Name("Config/line_of_phone");
BENCHMARK(plain_number)->Name("Dialplan/plain_number");
BENCHMARK(one_change)->Name("Config/one_change_of_100000_phones")->Unit(benchmark::kMicrosecond);
BENCHMARK(profile_change)->Name("Config/profile_of_100000_phones")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace carillon
