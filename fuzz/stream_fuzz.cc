// fuzz-links: carillon_message
// The framer: the first bytes say how the others are cut; what comes out is the same as when they come in one piece.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "sip/stream/framer.h"

namespace {

using namespace carillon;       // NOLINT: a program of one file
using namespace carillon::sip;  // NOLINT

// False when the stream is at an end.
bool drain(Framer& framer, std::vector<std::string>& out) {
  for (;;) {
    const Framed f = framer.next();
    switch (f.kind) {
      case Framed::Kind::need_more: return true;
      case Framed::Kind::keepalive_ping: out.push_back("ping"); break;
      case Framed::Kind::message: out.emplace_back(f.bytes.data(), f.bytes.size()); break;
      case Framed::Kind::error: out.push_back("error " + std::string(f.fault.reason)); return false;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t cuts = std::min<size_t>(data[0] & 15, size - 1);
  const bool trusted = (data[0] & 16) != 0;
  const View bytes(reinterpret_cast<const char*>(data) + 1 + cuts, size - 1 - cuts);
  Framer whole, pieces;
  if (trusted) whole.trust(), pieces.trust();
  std::vector<std::string> a, b;
  whole.feed(bytes);
  drain(whole, a);
  View rest = bytes;
  bool open = true;
  for (size_t i = 0; open && !rest.empty(); i++) {
    const size_t n = std::min<size_t>(cuts == 0 ? 1 : 1 + data[1 + i % cuts], rest.size());
    pieces.feed(rest.substr(0, n));
    rest.remove_prefix(n);
    open = drain(pieces, b);
  }
  CHECK(a == b);
  return 0;
}
