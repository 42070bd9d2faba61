// fuzz-links: carillon_message
// name-addr: the display name survives quoting, and the values made of it are read again.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "sip/message/contact.h"
#include "sip/message/name_addr.h"
#include "sip/message/writer.h"

namespace {

using namespace carillon::sip;  // NOLINT: a program of one file

bool has_controls(const std::string& s) {
  for (const char c : s) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  ContactValue::parse(text);
  const auto a = NameAddr::parse(text);
  if (!a) return 0;
  const std::string name = decoded_display(*a);
  std::string printed;
  Writer(printed).address(name, a->uri.text);
  const auto b = NameAddr::parse(printed);
  CHECK(b.has_value());
  CHECK(b->uri.text == a->uri.text);
  if (!has_controls(name)) CHECK(decoded_display(*b) == name);
  for (const View p : {"tag", "expires", "q", "x"}) a->param(p);
  return 0;
}
