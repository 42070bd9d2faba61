#include "sip/auth/nonce.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/digest.h"

namespace carillon::sip::auth {
namespace {

constexpr unsigned char kVersion = 1;
constexpr size_t kFields = 17;
constexpr size_t kMac = 16;
constexpr size_t kRaw = kFields + kMac;  // 33 bytes: base64 without padding
static_assert(kRaw % 3 == 0 && kRaw / 3 * 4 == kNonceSize);
constexpr size_t kMaxRealm = 256;

constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<int8_t, 256> make_values() {
  std::array<int8_t, 256> values{};
  for (auto& v : values) v = -1;
  for (int i = 0; i < 64; i++) values[static_cast<unsigned char>(kDigits[i])] = static_cast<int8_t>(i);
  return values;
}
constexpr std::array<int8_t, 256> kValues = make_values();

void encode(const unsigned char* raw, char* out) {
  for (size_t i = 0; i < kRaw; i += 3, out += 4) {
    const uint32_t v = static_cast<uint32_t>(raw[i]) << 16 | static_cast<uint32_t>(raw[i + 1]) << 8 | raw[i + 2];
    out[0] = kDigits[v >> 18], out[1] = kDigits[v >> 12 & 63], out[2] = kDigits[v >> 6 & 63], out[3] = kDigits[v & 63];
  }
}

bool decode(View text, unsigned char* raw) {
  if (text.size() != kNonceSize) return false;
  int bad = 0;
  for (size_t i = 0; i < kNonceSize; i += 4, raw += 3) {
    int v[4];
    for (size_t k = 0; k < 4; k++) v[k] = kValues[static_cast<unsigned char>(text[i + k])], bad |= v[k];
    const auto bits = static_cast<uint32_t>((v[0] & 63) << 18 | (v[1] & 63) << 12 | (v[2] & 63) << 6 | (v[3] & 63));
    raw[0] = static_cast<unsigned char>(bits >> 16);
    raw[1] = static_cast<unsigned char>(bits >> 8);
    raw[2] = static_cast<unsigned char>(bits);
  }
  return bad >= 0;
}

void put_number(unsigned char* to, uint64_t value, size_t bytes) {
  for (size_t i = bytes; i-- > 0; value >>= 8) to[i] = static_cast<unsigned char>(value);
}

uint64_t get_number(const unsigned char* from, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; i++) value = value << 8 | from[i];
  return value;
}

}  // namespace

NonceMaker::NonceMaker(uint16_t shard, View key, Random& random) : shard_(shard), random_(random), hmac_(key) {}

void NonceMaker::mac(const unsigned char* fields, const Address& source, View realm, unsigned char* out) {
  char message[kFields + 16 + kMaxRealm];
  const View shown = realm.substr(0, kMaxRealm);
  std::memcpy(message, fields, kFields);
  std::memcpy(message + kFields, source.ip.data(), 16);
  std::memcpy(message + kFields + 16, shown.data(), shown.size());
  unsigned char whole[crypto::kMacSize];
  hmac_.mac({message, kFields + 16 + shown.size()}, whole);
  std::memcpy(out, whole, kMac);
}

View NonceMaker::mint(Instant now, const Address& source, View realm) {
  unsigned char raw[kRaw];
  raw[0] = kVersion;
  put_number(raw + 1, shard_, 2);
  put_number(raw + 3, static_cast<uint64_t>(std::max<int64_t>(now.us / 1000, 0)), 6);
  put_number(raw + 9, random_.next64(), 8);
  mac(raw, source, realm, raw + kFields);
  encode(raw, text_);
  return {text_, kNonceSize};
}

bool NonceMaker::check(View nonce, const Address& source, View realm, NonceInfo& info) {
  unsigned char raw[kRaw];
  if (!decode(nonce, raw) || raw[0] != kVersion) return false;
  unsigned char right[kMac];
  mac(raw, source, realm, right);
  const View given(reinterpret_cast<const char*>(raw + kFields), kMac);
  if (!crypto::equal_secret(given, {reinterpret_cast<const char*>(right), kMac})) return false;
  info.shard = static_cast<uint16_t>(get_number(raw + 1, 2));
  info.made = Instant{static_cast<int64_t>(get_number(raw + 3, 6)) * 1000};
  info.id = get_number(raw + 9, 8);
  return true;
}

}  // namespace carillon::sip::auth
