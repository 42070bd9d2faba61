// The record of a binding: a version byte, then fields in order; numbers as LEB128, texts with their length before
// them. Read with bounds everywhere, since a damaged file is input like any other.

#include <cstring>

#include "registrar/binding.h"

namespace carillon::registrar {
namespace {

constexpr unsigned char kVersion = 1;
constexpr size_t kMaxText = 16384;

void put_number(std::string& to, uint64_t v) {
  for (; v >= 0x80; v >>= 7) to += static_cast<char>(v | 0x80);
  to += static_cast<char>(v);
}

void put_text(std::string& to, std::string_view s) {
  put_number(to, s.size());
  to += s;
}

void put_address(std::string& to, const Address& a) {
  to.append(reinterpret_cast<const char*>(a.ip.data()), a.ip.size());
  put_number(to, a.port);
  put_number(to, a.scope);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

  uint64_t number(uint64_t max) {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;
      v |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return v <= max ? v : bad();
    }
    return bad();
  }
  Instant instant() { return {static_cast<int64_t>(number(INT64_MAX))}; }
  void text(std::string& to) {
    const auto size = static_cast<size_t>(number(kMaxText));
    if (!ok_ || size > rest_.size()) {
      bad();
      return;
    }
    to.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  void address(Address& to) {
    if (rest_.size() < to.ip.size()) {
      bad();
      return;
    }
    std::memcpy(to.ip.data(), rest_.data(), to.ip.size());
    rest_.remove_prefix(to.ip.size());
    to.port = static_cast<uint16_t>(number(UINT16_MAX));
    to.scope = static_cast<uint32_t>(number(UINT32_MAX));
  }

 private:
  uint64_t bad() {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::string Binding::to_blob() const {
  std::string out;
  out.reserve(192 + contact.size() + contact_params.size() + path.size() + instance.size() + call_id.size() +
              user_agent.size());
  out += static_cast<char>(kVersion);
  for (const uint64_t v : {id, static_cast<uint64_t>(line), static_cast<uint64_t>(phone)}) put_number(out, v);
  for (const CompactText* s :
       {&number, &digest_user, &contact, &contact_params, &path, &instance, &call_id, &user_agent}) {
    put_text(out, *s);
  }
  put_number(out, static_cast<uint64_t>(flow.transport));
  put_number(out, flow.listener);
  put_address(out, flow.local);
  put_address(out, flow.remote);
  for (const uint64_t v : {uint64_t{reg_id}, uint64_t{q}, uint64_t{cseq}}) put_number(out, v);
  for (const Instant i : {registered, refreshed, expires, nonce_made}) put_number(out, static_cast<uint64_t>(i.us));
  put_number(out, static_cast<uint64_t>(verification));
  put_number(out, verified ? 1 : 0);
  return out;
}

std::optional<Binding> Binding::from_blob(std::string_view blob) {
  if (blob.empty() || static_cast<unsigned char>(blob.front()) != kVersion) return {};
  Reader in(blob.substr(1));
  Binding b;
  b.id = in.number(UINT64_MAX);
  b.line = static_cast<EntityId>(in.number(INT64_MAX));
  b.phone = static_cast<EntityId>(in.number(INT64_MAX));
  std::string text;
  for (CompactText* s :
       {&b.number, &b.digest_user, &b.contact, &b.contact_params, &b.path, &b.instance, &b.call_id, &b.user_agent}) {
    in.text(text);
    *s = text;
  }
  b.flow.transport = static_cast<sip::Transport>(in.number(static_cast<uint64_t>(sip::Transport::tls)));
  b.flow.listener = static_cast<uint16_t>(in.number(UINT16_MAX));
  in.address(b.flow.local);
  in.address(b.flow.remote);
  b.reg_id = static_cast<uint32_t>(in.number(UINT32_MAX));
  b.q = static_cast<uint16_t>(in.number(1000));
  b.cseq = static_cast<uint32_t>(in.number(UINT32_MAX));
  for (Instant* i : {&b.registered, &b.refreshed, &b.expires, &b.nonce_made}) *i = in.instant();
  b.verification = static_cast<Verification>(in.number(static_cast<uint64_t>(Verification::no_credentials)));
  b.verified = in.number(1) == 1;
  if (!in.done() || b.number.empty() || b.contact.empty()) return {};
  b.reachable = !sip::is_stream(b.flow.transport);
  return b;
}

}  // namespace carillon::registrar
