// fuzz-links: carillon_message
// Credentials and challenges.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "sip/message/digest.h"

namespace {

using namespace carillon;       // NOLINT: a program of one file
using namespace carillon::sip;  // NOLINT

void check_inside(View part, const std::string& whole) {
  if (part.data() == nullptr) return;
  CHECK(part.data() >= whole.data());
  CHECK(part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto c = Credentials::parse(text)) {
    CHECK(!c->scheme.empty());
    for (const View v : {c->username, c->realm, c->nonce, c->uri, c->response, c->algorithm, c->qop,
                         c->cnonce, c->nc, c->opaque, c->username_star}) {
      check_inside(v, text);
    }
  }
  if (const auto c = Challenge::parse(text)) {
    for (const View v : {c->realm, c->nonce, c->opaque, c->algorithm, c->domain, c->qop}) {
      check_inside(v, text);
    }
    c->offers_qop("auth");
  }
  return 0;
}
