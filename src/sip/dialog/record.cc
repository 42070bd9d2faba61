// A dialog as bytes: version, flags, numbers in little-endian order, texts with their lengths. It lives in the state
// store of this host, so it is written for compactness and read with suspicion.

#include <cstring>

#include "base/bytes.h"
#include "sip/dialog/dialog.h"

namespace carillon::sip {

namespace {

constexpr uint8_t kVersion = 1;
constexpr uint8_t kHasRemoteCseq = 1, kSecure = 2, kEarly = 4;

void put_address(std::string& to, const Address& a) {
  to.append(reinterpret_cast<const char*>(a.ip.data()), a.ip.size());
  put_number(to, a.port);
  put_number(to, a.scope);
}

Address read_address(ByteReader& in) {
  Address a;
  const View ip = in.take(a.ip.size());
  if (in.ok()) std::memcpy(a.ip.data(), ip.data(), a.ip.size());
  a.port = in.number<uint16_t>();
  a.scope = in.number<uint32_t>();
  return a;
}

}  // namespace

void append_record(std::string& to, const Dialog& d) {
  put_number(to, kVersion);
  put_number(to, static_cast<uint8_t>((d.has_remote_cseq ? kHasRemoteCseq : 0) | (d.secure ? kSecure : 0) |
                                      (d.early ? kEarly : 0)));
  put_number(to, d.local_cseq);
  put_number(to, d.remote_cseq);
  for (const std::string* s : {&d.call_id, &d.local_tag, &d.remote_tag, &d.local, &d.remote, &d.target})
    put_text(to, *s);
  put_number(to, static_cast<uint8_t>(d.routes.size()));
  for (const std::string& r : d.routes) put_text(to, r);
  put_number(to, static_cast<uint8_t>(d.flow.transport));
  put_number(to, d.flow.listener);
  put_address(to, d.flow.local);
  put_address(to, d.flow.remote);
  put_number(to, d.flow.connection);
}

std::optional<Dialog> read_record(View bytes) {
  ByteReader in(bytes);
  Dialog d;
  if (in.number<uint8_t>() != kVersion) return {};
  const auto flags = in.number<uint8_t>();
  d.has_remote_cseq = (flags & kHasRemoteCseq) != 0;
  d.secure = (flags & kSecure) != 0;
  d.early = (flags & kEarly) != 0;
  d.local_cseq = in.number<uint32_t>();
  d.remote_cseq = in.number<uint32_t>();
  for (std::string* s : {&d.call_id, &d.local_tag, &d.remote_tag, &d.local, &d.remote, &d.target}) *s = in.text();
  const auto routes = in.number<uint8_t>();
  if (routes > Dialog::kRoutes) return {};
  for (size_t i = 0; i < routes && in.ok(); i++) d.routes.emplace_back(in.text());
  const auto transport = in.number<uint8_t>();
  if (transport > static_cast<uint8_t>(Transport::tls)) return {};
  d.flow.transport = static_cast<Transport>(transport);
  d.flow.listener = in.number<uint16_t>();
  d.flow.local = read_address(in);
  d.flow.remote = read_address(in);
  d.flow.connection = in.number<uint64_t>();
  if (!in.done() || d.call_id.empty() || d.local_tag.empty()) return {};
  return d;
}

}  // namespace carillon::sip
