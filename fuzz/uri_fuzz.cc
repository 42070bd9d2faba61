// fuzz-links: carillon_message
// URIs: a URI equals itself, and its user part survives escaping.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "sip/message/uri.h"

namespace {
using namespace carillon::sip;  // NOLINT: a program of one file
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto u = Uri::parse(text);
  if (!u) return 0;
  CHECK(u->text == text);
  if (u->is_sip()) CHECK(same_uri(*u, *u) || u->params.find(';') != View::npos);
  const std::string user = decoded_user(*u);
  const std::string built = "sip:" + escape_user(user) + "@h";
  const auto again = Uri::parse(built);
  CHECK(again.has_value() == !user.empty());
  for (const View name : {"transport", "lr", "user", "maddr", ""}) u->param(name);
  const auto other = Uri::parse("sip:alice@example.com;transport=tcp");
  CHECK(same_uri(*u, *other) == same_uri(*other, *u));
  return 0;
}
