// HTTP request framing: whatever the cut, the same requests come out, and nothing is read past a limit.
// (A header that will never be complete may be found bad earlier or later.)

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "http/framing.h"
#include "http/url.h"

namespace {

using carillon::http::Request;
using carillon::http::RequestReader;

constexpr size_t kMaxBody = 512;

struct Outcome {
  std::vector<std::string> requests;
  int failure = 0;
};

void collect(RequestReader& reader, Outcome& to) {
  while (reader.complete()) {
    const Request request = reader.take();
    CHECK(request.body.size() <= kMaxBody);
    to.requests.push_back(request.method + " " + request.path + " " + request.body);
    (void)carillon::http::path_segments(request.target);
  }
  to.failure = reader.failure();
}

Outcome read(std::string_view bytes, size_t step) {
  RequestReader reader(kMaxBody);
  Outcome out;
  for (size_t at = 0; at < bytes.size() && out.failure == 0; at += step) {
    reader.feed(bytes.substr(at, step));
    collect(reader, out);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 8192) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = read(bytes, bytes.size() + 1);
  const Outcome cut = read(bytes, 1 + data[0] % 64);
  CHECK(whole.requests == cut.requests);
  return 0;
}
