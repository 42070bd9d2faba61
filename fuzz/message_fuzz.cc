// fuzz-links: carillon_message
// The message reader, checked against itself, the scanner and the bounds of its input.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "sip/message/message.h"
#include "sip/scan.h"

namespace {

using namespace carillon;       // NOLINT: a program of one file
using namespace carillon::sip;  // NOLINT

void check_inside(View part, const std::string& whole) {
  if (part.empty()) return;
  CHECK(part.data() >= whole.data());
  CHECK(part.data() + part.size() <= whole.data() + whole.size());
}

void check_scan(const std::string& original, const Message& m) {
  const Scan s = scan(original);
  CHECK(s.sip);
  CHECK(s.request == m.is_request());
  CHECK(s.method == m.method_name());
  CHECK(s.status == m.status());
  CHECK(s.branch == m.top_via().branch);
  CHECK(s.from_tag == m.from_tag());
  CHECK(s.to_tag == m.to_tag());
  CHECK(s.to_user == m.to().uri.user);
  CHECK(s.call_id == m.call_id());
}

void walk(const Message& m, const std::string& bytes) {
  for (const View part : {m.bytes(), m.body(), m.method_name(), m.request_uri(), m.reason(), m.call_id(),
                          m.from_tag(), m.to_tag(), m.top_via().host, m.from().uri.text}) {
    check_inside(part, bytes);
  }
  for (const Header& h : m.headers()) {
    check_inside(h.name, bytes);
    check_inside(h.value, bytes);
    CHECK(h.value.find_first_of("\r\n") == View::npos);
    size_t values = 0;
    for_each_value(m, h.id, [&values](View) { return ++values < 1000; });
    m.number(h.id);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Message m;  // kept, as the server keeps it
  const std::string original(reinterpret_cast<const char*>(data), size);
  for (const Framing framing : {Framing::datagram, Framing::stream}) {
    std::string bytes = original;
    const ParseFault fault = m.parse({bytes.data(), bytes.size()}, framing);
    walk(m, bytes);
    if (fault.kind != ParseFault::Kind::none) {
      CHECK(!fault.answerable || (m.is_request() && !m.top_via().host.empty()));
      continue;
    }
    check_scan(original, m);
    check_headers(m);
    // Unfolded in place, it is the same message.
    const size_t headers = m.headers().size();
    std::string again(m.bytes());
    CHECK(m.parse({again.data(), again.size()}, framing).kind == ParseFault::Kind::none);
    CHECK(m.headers().size() == headers);
  }
  scan(original);
  return 0;
}
