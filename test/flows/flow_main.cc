// flow FILE [--shards N] [--lose K] [--refuse K] [--hold K] [--kill K] [--ladder]
// Without a variant, all that the flow allows are run.

#include <cstdio>
#include <cstring>
#include <string>

#include "interpreter.h"

namespace carillon::flows {
namespace {

int g_runs = 0, g_bad = 0;

bool run_one(const Flow& flow, const Variant& variant, Outcome* result) {
  Outcome o = run_flow(flow, variant);
  g_runs++;
  if (!o.good) {
    g_bad++;
    if (g_bad <= 3) std::printf("%s\n", o.report.c_str());
    std::printf("BAD %s (%s)\n", flow.name.c_str(), variant.text().c_str());
  }
  if (result != nullptr) *result = o;
  return o.good;
}

void run_all(const Flow& flow) {
  Outcome plain;
  for (uint16_t shards = 1; shards <= flow.shards; shards++) {
    Variant v;
    v.shards = shards;
    run_one(flow, v, shards == 1 ? &plain : nullptr);
  }
  if (g_bad != 0) return;
  const uint64_t most = std::min<uint64_t>(plain.datagrams, 150);
  for (uint64_t n = 1; n <= most && g_bad < 10; n++) {
    Variant v;
    v.shards = static_cast<uint16_t>(1 + n % flow.shards);
    v.lose = n;
    if (!flow.lossless) run_one(flow, v, nullptr);
    v.lose = 0, v.kill = n;
    if (flow.kills) run_one(flow, v, nullptr);
  }
  for (uint64_t n = 1; flow.posts && n <= plain.posts && g_bad < 10; n++) {
    Variant v;
    v.refuse = n;
    run_one(flow, v, nullptr);
    v.refuse = 0, v.hold = n;
    run_one(flow, v, nullptr);
  }
}

int run(int argc, char** argv) {
  Variant v;
  bool one = false, show = false;
  std::string path;
  for (int i = 1; i < argc; i++) {
    const std::string a = argv[i];
    const uint64_t n = i + 1 < argc ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
    if (a == "--ladder") {
      show = true;
      continue;
    }
    if (a.substr(0, 2) != "--") {
      path = a;
      continue;
    }
    one = true, i++;
    if (a == "--shards") v.shards = static_cast<uint16_t>(n);
    if (a == "--lose") v.lose = n;
    if (a == "--refuse") v.refuse = n;
    if (a == "--hold") v.hold = n;
    if (a == "--kill") v.kill = n;
  }
  std::string error;
  const auto flow = read_flow(path, error);
  if (!flow) {
    std::fprintf(stderr, "flow: %s\n", error.c_str());
    return 2;
  }
  Outcome o;
  if (one || show) {
    run_one(*flow, v, &o);
    if (show) std::printf("%s", o.ladder.c_str());
  } else {
    run_all(*flow);
  }
  std::printf("%s: %d runs, %d bad\n", flow->name.c_str(), g_runs, g_bad);
  return g_bad == 0 ? 0 : 1;
}

}  // namespace
}  // namespace carillon::flows

int main(int argc, char** argv) { return carillon::flows::run(argc, argv); }
