// fuzz-links: carillon_message
// Single headers: the first byte chooses one, the rest is its value. What its typed reader takes, check_headers()
// takes.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "sip/message/content_type.h"
#include "sip/message/cseq.h"
#include "sip/message/event.h"
#include "sip/message/message.h"
#include "sip/message/reason.h"
#include "sip/message/replaces.h"
#include "sip/message/session_expires.h"

namespace {

using namespace carillon;       // NOLINT: a program of one file
using namespace carillon::sip;  // NOLINT

bool typed_takes(HeaderId id, View value) {
  switch (id) {
    case HeaderId::replaces:
      return Replaces::parse(value).has_value();
    case HeaderId::target_dialog:
      return TargetDialog::parse(value).has_value();
    case HeaderId::session_expires:
      return SessionExpires::parse(value).has_value();
    case HeaderId::event:
      return EventPackage::parse(value).has_value();
    case HeaderId::subscription_state:
      return SubscriptionState::parse(value).has_value();
    case HeaderId::content_type:
      return ContentType::parse(value).has_value();
    case HeaderId::reason:
      return Reason::parse(value).has_value();
    case HeaderId::rack:
      return RAck::parse(value).has_value();
    default:
      return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const auto id = static_cast<HeaderId>(1 + data[0] % (static_cast<size_t>(HeaderId::count) - 1));
  const std::string value(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string text =
      "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a>\r\nTo: <sip:a>\r\nCall-ID: c\r\n"
      "CSeq: 1 OPTIONS\r\n";
  text += info_of(id).name;
  text += ": " + value + "\r\n\r\n";
  static Message m;
  const ParseFault fault = m.parse({text.data(), text.size()}, Framing::datagram);
  if (fault.kind != ParseFault::Kind::none || m.headers().size() != 6) return 0;
  const bool good = check_headers(m).kind == ParseFault::Kind::none;
  if (typed_takes(id, m.value(id))) CHECK(good);
  return 0;
}
