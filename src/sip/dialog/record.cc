// A dialog as bytes: version, flags, numbers in little-endian order, texts with their lengths. It lives in the state
// store of this host, so it is written for compactness and read with suspicion.

#include <cstring>

#include "sip/dialog/dialog.h"

namespace carillon::sip {

namespace {

constexpr uint8_t kVersion = 1;
constexpr uint8_t kHasRemoteCseq = 1, kSecure = 2, kEarly = 4;

template <typename T>
void put(std::string& to, T value) {
  for (size_t i = 0; i < sizeof(T); i++) to += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
}

void put_text(std::string& to, View text) {
  put(to, static_cast<uint32_t>(text.size()));
  to += text;
}

void put_address(std::string& to, const Address& a) {
  to.append(reinterpret_cast<const char*>(a.ip.data()), a.ip.size());
  put(to, a.port);
  put(to, a.scope);
}

// Takes from the front; after the first failure everything is zero and ok() false.
class Reader {
 public:
  explicit Reader(View bytes) : rest_(bytes) {}

  template <typename T>
  T number() {
    const View bytes = take(sizeof(T));
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size(); i++) value |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
    return static_cast<T>(value);
  }
  std::string text() { return std::string(take(number<uint32_t>())); }
  Address address() {
    Address a;
    const View ip = take(a.ip.size());
    if (ok_) std::memcpy(a.ip.data(), ip.data(), a.ip.size());
    a.port = number<uint16_t>();
    a.scope = number<uint32_t>();
    return a;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  View take(size_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const View part = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return part;
  }
  View rest_;
  bool ok_ = true;
};

}  // namespace

void append_record(std::string& to, const Dialog& d) {
  put(to, kVersion);
  put(to, static_cast<uint8_t>((d.has_remote_cseq ? kHasRemoteCseq : 0) | (d.secure ? kSecure : 0) |
                               (d.early ? kEarly : 0)));
  put(to, d.local_cseq);
  put(to, d.remote_cseq);
  for (const std::string* s : {&d.call_id, &d.local_tag, &d.remote_tag, &d.local, &d.remote, &d.target})
    put_text(to, *s);
  put(to, static_cast<uint8_t>(d.routes.size()));
  for (const std::string& r : d.routes) put_text(to, r);
  put(to, static_cast<uint8_t>(d.flow.transport));
  put(to, d.flow.listener);
  put_address(to, d.flow.local);
  put_address(to, d.flow.remote);
  put(to, d.flow.connection);
}

std::optional<Dialog> read_record(View bytes) {
  Reader in(bytes);
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
  for (size_t i = 0; i < routes && in.ok(); i++) d.routes.push_back(in.text());
  const auto transport = in.number<uint8_t>();
  if (transport > static_cast<uint8_t>(Transport::tls)) return {};
  d.flow.transport = static_cast<Transport>(transport);
  d.flow.listener = in.number<uint16_t>();
  d.flow.local = in.address();
  d.flow.remote = in.address();
  d.flow.connection = in.number<uint64_t>();
  if (!in.ok() || !in.at_end() || d.call_id.empty() || d.local_tag.empty()) return {};
  return d;
}

}  // namespace carillon::sip
