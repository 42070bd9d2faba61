// fuzz-links: carillon_message
// Via values: what was read is read again from its own text.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "sip/message/via.h"

namespace {
using namespace carillon::sip;  // NOLINT: a program of one file
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto a = Via::parse(text);
  if (!a) return 0;
  const auto b = Via::parse(a->text);
  CHECK(b.has_value());
  CHECK(a->host == b->host && a->port == b->port && a->params == b->params);
  CHECK(a->branch == b->branch && a->rport == b->rport && a->received == b->received);
  CHECK(!a->host.empty() && !a->transport.empty());
  return 0;
}
