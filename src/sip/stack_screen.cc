// Requests that are answered before anyone sees them (RFC 3261 §8.2).

#include <algorithm>

#include "base/text.h"
#include "sip/extensions.h"
#include "sip/stack_impl.h"

namespace carillon::sip {

namespace {

bool known_scheme(View uri) {
  const size_t colon = uri.find(':');
  const View scheme = uri.substr(0, colon);
  return colon != View::npos && (iequals(scheme, "sip") || iequals(scheme, "sips") || iequals(scheme, "tel"));
}

// "Unsupported: a, b" for what the request requires and we do not have; "" when we have it all (RFC 3261 §8.2.2.3).
std::string unsupported(const Message& m) {
  std::string line;
  if (m.find(HeaderId::require) == nullptr) return line;
  for_each_value(m, HeaderId::require, [&](View token) {
    const bool known =
        std::any_of(std::begin(kExtensions), std::end(kExtensions), [&](View e) { return iequals(e, token); });
    if (known || token.empty()) return true;
    line += line.empty() ? "Unsupported: " : ", ";
    line += token;
    return true;
  });
  if (!line.empty()) line += "\r\n";
  return line;
}

// RFC 3261 §16.3 item 3; OPTIONS and REGISTER are ours to answer whatever the count, and a BYE goes no further either:
// the other leg is sent one of ours.
bool hops_used_up(const Message& m) {
  if (m.method() == Method::options || m.method() == Method::register_ || m.method() == Method::bye) return false;
  return m.number(HeaderId::max_forwards) == 0u;
}

}  // namespace

bool watches_merges(const Message& m) {
  if (m.method() == Method::invite) return true;
  const bool harmless = m.method() == Method::register_ || m.method() == Method::options;
  return m.to_tag().empty() && !harmless && m.method() != Method::cancel;  // a CANCEL has its INVITE's CSeq and tag
}

// The same request by another way (RFC 3261 §8.2.2.2).
bool Stack::Impl::merged(const Message& m) const {
  return m.to_tag().empty() && watches_merges(m) && merges.contains(merge_key(m));
}

bool Stack::Impl::screen(const Flow& from, const Message& m, Out& out) {
  if (const ParseFault fault = check_headers(m); fault.kind != ParseFault::Kind::none) {
    refuse(from, m, fault, out);
    return true;
  }
  ResponseParts refusal{.status = 0};
  std::string lines;
  if (!known_scheme(m.request_uri())) {
    refusal.status = 416;
  } else if (merged(m)) {
    refusal.status = 482, refusal.reason = "Merged Request";
    counts.merged++;
  } else if (hops_used_up(m)) {
    refusal.status = 483;
  } else if (lines = unsupported(m); !lines.empty()) {
    refusal.status = 420, refusal.headers = lines;
  }
  if (refusal.status == 0) return false;
  reply(from, m, refusal, out);
  return true;
}

void Stack::Impl::refuse(const Flow& from, const Message& m, const ParseFault& fault, Out& out) {
  keyed = nullptr;  // the message may have been read into the same object as the last
  if (!m.is_request() || m.method() == Method::ack || fault.kind != ParseFault::Kind::bad) return;
  if (!fault.answerable) return;
  reply(from, m, {.status = fault.status, .reason = fault.reason}, out, Trust::refused);
}

}  // namespace carillon::sip
