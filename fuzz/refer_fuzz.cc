// fuzz-links: carillon_call
// What a REFER asks for: the first line is Refer-To, with whatever headers its URI has; the second Refer-Sub, the third
// Referred-By. What is understood of it names somebody, and is understood again when it is written anew.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "call/refer_to.h"
#include "sip/message/name_addr.h"
#include "sip/message/replaces.h"

namespace {

using carillon::call::ReferTo;
using carillon::sip::View;

View line_of(View& text) {
  const size_t end = text.find('\n');
  const View line = text.substr(0, end);
  text.remove_prefix(end == View::npos ? text.size() : end + 1);
  return line;
}

// Nothing when that is no message at all.
bool read(View refer_to, View refer_sub, View referred_by, ReferTo& to) {
  std::string text =
      "REFER sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\n"
      "Call-ID: c\r\nCSeq: 1 REFER\r\nMax-Forwards: 70\r\nContact: <sip:a@h>\r\n";
  text.append("Refer-To: ").append(refer_to).append("\r\n");
  if (!refer_sub.empty()) text.append("Refer-Sub: ").append(refer_sub).append("\r\n");
  if (!referred_by.empty()) text.append("Referred-By: ").append(referred_by).append("\r\n");
  text += "Content-Length: 0\r\n\r\n";
  static carillon::sip::Message m;
  using carillon::sip::ParseFault;
  if (m.parse({text.data(), text.size()}, carillon::sip::Framing::datagram).kind != ParseFault::Kind::none)
    return false;
  carillon::sip::NameAddr::parse(m.value(carillon::sip::HeaderId::referred_by));
  to = carillon::call::read_refer_to(m);
  return true;
}

std::string escaped(View s) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : s) {
    const auto u = static_cast<unsigned char>(c);
    out.append({'%', kHex[u >> 4], kHex[u & 15]});
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  View text(reinterpret_cast<const char*>(data), size);
  const View refer_to = line_of(text), refer_sub = line_of(text), referred_by = line_of(text);
  ReferTo to;
  if (!read(refer_to, refer_sub, referred_by, to)) return 0;
  if (to.status != 0) {
    CHECK(to.status >= 400 && !to.why.empty());
    return 0;
  }
  CHECK(!to.number.empty());
  std::string anew = "<sip:" + carillon::sip::escape_user(to.number) + "@" + (to.host.empty() ? "h" : to.host);
  if (!to.replaces.empty()) {
    CHECK(carillon::sip::Replaces::parse(to.replaces).has_value());
    anew += "?Replaces=" + escaped(to.replaces);
  }
  ReferTo again;
  CHECK(read(anew + ">", {}, {}, again));
  CHECK(again.status == 0 && again.number == to.number && again.replaces == to.replaces && again.wants_notify);
  return 0;
}
