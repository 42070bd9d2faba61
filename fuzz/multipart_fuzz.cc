// fuzz-links: carillon_message
// Bodies of several parts: the first line is the Content-Type, the rest the body. Parts lie inside the body, in order.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "sip/message/multipart.h"

namespace {
using namespace carillon::sip;  // NOLINT: a program of one file
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const View text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.find('\n');
  if (line == View::npos) return 0;
  const View body = text.substr(line + 1);
  Multipart reader(text.substr(0, line), body);
  Part part;
  size_t count = 0;
  const char* before = body.data();
  while (reader.next(part)) {
    CHECK(++count <= kMaxParts);
    CHECK(part.body.data() >= before && part.body.data() + part.body.size() <= body.data() + body.size());
    before = part.body.data() + part.body.size();
  }
  return 0;
}
