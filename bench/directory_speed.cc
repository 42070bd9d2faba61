// How long an import of many users with phones takes, and a start with them. Usage: directory_speed [rows]

#include <malloc.h>
#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include "admin/open.h"
#include "db/open.h"

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string csv(int rows) {
  std::string text = "userid,lastName,digestCredentials,product,lines\n";
  for (int i = 0; i < rows; i++) {
    const std::string n = std::to_string(i);
    text += "user" + n + ",Name" + n + ",secret" + n + ",basic," + std::to_string(200'000 + i) + "\n";
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const int rows = argc > 1 ? std::atoi(argv[1]) : 100'000;
  char name[] = "/tmp/carillon-speed-XXXXXX";
  const std::string dir = ::mkdtemp(name);
  const std::string text = csv(rows);
  const auto open = [&] {
    return carillon::admin::open_service(carillon::db::open_repository(dir).value(), carillon::Random(1)).value();
  };
  auto service = open();
  auto start = std::chrono::steady_clock::now();
  const auto report = service->import(text, false, false, {}).value();
  std::printf("import of %d rows: %.2f s, %zu added, %zu rejected\n", rows, seconds_since(start), report.added,
              report.rejected.size());
  start = std::chrono::steady_clock::now();
  const auto again = service->import(text, false, false, {}).value();
  std::printf("the same again: %.2f s, %zu unchanged\n", seconds_since(start), again.unchanged);
  start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; i++) {
    carillon::json::object o;
    o["department"] = "d" + std::to_string(i);
    static_cast<void>(service->update("users", "user" + std::to_string(i), o, 0));
  }
  std::printf("one change: %.2f ms\n", seconds_since(start) * 10);
  start = std::chrono::steady_clock::now();
  const size_t listed = service->list("phones", {}).value().size();
  std::printf("list of %zu phones: %.2f s\n", listed, seconds_since(start));
  service.reset();
  malloc_trim(0);
  const auto before = mallinfo2().uordblks;
  start = std::chrono::steady_clock::now();
  service = open();
  std::printf("start with %zu phones: %.2f s, %.0f bytes for each user, phone and line\n",
              service->snapshot()->phones(), seconds_since(start),
              static_cast<double>(mallinfo2().uordblks - before) / rows);
  service.reset();
  std::filesystem::remove_all(dir);
  return 0;
}
