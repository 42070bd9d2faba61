#include "call/refer_to.h"

#include "base/text.h"
#include "call/identity.h"
#include "sip/message/escapes.h"
#include "sip/message/replaces.h"

namespace carillon::call {

namespace {

constexpr size_t kReplacesBytes = 1024;

// The URI of a Refer-To value. Some phones leave out the brackets though the URI has headers.
std::optional<sip::Uri> uri_of(View value) {
  value = trim(value);
  if (value.find('<') == View::npos) {
    if (const size_t question = value.find('?'); question != View::npos) return sip::Uri::parse(value);
  }
  const auto name_addr = sip::NameAddr::parse(value);
  return name_addr ? std::optional(name_addr->uri) : std::nullopt;
}

// The header of this name among a URI's (RFC 3261 §19.1.1), escapes resolved.
std::string header_of(View headers, View name) {
  std::string found;
  while (!headers.empty()) {
    const size_t end = headers.find('&');
    const View one = headers.substr(0, end);
    headers.remove_prefix(end == View::npos ? headers.size() : end + 1);
    const size_t equals = one.find('=');
    if (equals == View::npos) continue;
    std::string key;
    sip::append_unescaped(key, one.substr(0, equals));
    if (!iequals(trim(key), name)) continue;
    sip::append_unescaped(found, one.substr(equals + 1));
    return found;
  }
  return found;
}

bool is_false(View refer_sub) { return iequals(trim(refer_sub.substr(0, refer_sub.find(';'))), "false"); }

}  // namespace

ReferTo read_refer_to(const sip::Message& refer) {
  ReferTo to;
  const auto refuse = [&to](int status, View why) { return to.status = status, to.why = why, to; };
  const sip::Header* header = refer.find(sip::HeaderId::refer_to);
  if (header == nullptr) return refuse(400, "Refer-To is missing");
  const auto uri = uri_of(header->value);
  if (!uri) return refuse(400, "Refer-To cannot be read");
  if (uri->scheme == sip::Uri::Scheme::other) return refuse(416, "Refer-To must be a sip, sips or tel URI");
  if (const auto method = uri->param("method"); method && !iequals(*method, "INVITE"))
    return refuse(403, "A REFER can only ask for an INVITE");
  to.number = number_of(*uri);
  if (to.number.empty()) return refuse(403, "Refer-To names nobody");
  if (uri->is_sip()) to.host = uri->host;
  to.replaces = header_of(uri->headers, "Replaces");
  const bool readable = to.replaces.size() <= kReplacesBytes && sip::Replaces::parse(to.replaces).has_value();
  if (!to.replaces.empty() && !readable) return refuse(400, "The Replaces in Refer-To cannot be read");
  to.wants_notify = !is_false(refer.value(sip::HeaderId::refer_sub));
  return to;
}

}  // namespace carillon::call
