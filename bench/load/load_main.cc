// carillon-load register|call --option value …: plays phones over UDP and prints one JSON object of figures.

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "load/runner.h"

namespace {

int usage() {
  std::fprintf(stderr,
               "usage: carillon-load register|call --target IP:PORT [--local-ip IP] [--port N] [--callee-port N]\n"
               "  [--domain NAME] [--users N] [--first-user N] [--callees N] [--first-callee N] [--count N]\n"
               "  [--concurrency N] [--rate N] [--ring MS] [--hold MS] [--timeout S] [--expires S]\n");
  return 2;
}

bool read_options(int argc, char** argv, load::Options* o) {
  std::map<std::string, long*> numbers = {{"--users", &o->users},     {"--first-user", &o->first_user},
                                          {"--callees", &o->callees}, {"--first-callee", &o->first_callee},
                                          {"--count", &o->count},     {"--concurrency", &o->concurrency},
                                          {"--rate", &o->rate},       {"--ring", &o->ring_ms},
                                          {"--hold", &o->hold_ms},    {"--timeout", &o->timeout_s},
                                          {"--expires", &o->expires}};
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (numbers.count(name) != 0) {
      *numbers[name] = std::atol(value.c_str());
    } else if (name == "--target") {
      const size_t colon = value.find(':');
      o->target_ip = value.substr(0, colon);
      if (colon != std::string::npos) o->target_port = std::atoi(value.c_str() + colon + 1);
    } else if (name == "--local-ip") {
      o->local_ip = value;
    } else if (name == "--domain") {
      o->domain = value;
    } else if (name == "--port") {
      o->port = std::atoi(value.c_str());
    } else if (name == "--callee-port") {
      o->callee_port = std::atoi(value.c_str());
    } else {
      return false;
    }
  }
  if (o->domain.empty()) o->domain = o->target_ip;
  return true;
}

double quantile(std::vector<float>& sorted, double q) {
  return sorted.empty() ? 0
                        : static_cast<double>(sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))]);
}

}  // namespace

int main(int argc, char** argv) {
  load::Options options;
  if (argc < 2 || !read_options(argc, argv, &options)) return usage();
  const bool registering = std::strcmp(argv[1], "register") == 0;
  if (!registering && std::strcmp(argv[1], "call") != 0) return usage();
  const double begun = load::now_s();
  load::Figures f = registering ? load::run_register(options) : load::run_call(options);
  const double elapsed = load::now_s() - begun;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const double own = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
                     static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
  std::sort(f.latency_ms.begin(), f.latency_ms.end());
  std::printf(
      "{\"ok\": %ld, \"failed\": %ld, \"retransmissions\": %ld, \"unexpected\": %ld, \"elapsed_s\": %.3f, "
      "\"ops_per_s\": %.1f, \"ms_p50\": %.2f, \"ms_p99\": %.2f, \"ms_max\": %.2f, \"own_cpu_us_per_op\": %.1f}\n",
      f.ok, f.failed, f.retransmissions, f.unexpected, elapsed, static_cast<double>(f.ok) / elapsed,
      quantile(f.latency_ms, .5), quantile(f.latency_ms, .99), quantile(f.latency_ms, 1),
      own / static_cast<double>(std::max(f.ok, 1L)));
  return f.failed == 0 && f.ok > 0 ? 0 : 1;
}
