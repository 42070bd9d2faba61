#include "base/address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

#include "base/text.h"

namespace carillon {
namespace {
constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

bool Address::is_v4() const { return std::memcmp(ip.data(), kMapped.data(), kMapped.size()) == 0; }

bool Address::is_any() const {
  for (size_t i = is_v4() ? 12 : 0; i < 16; i++) {
    if (ip[i] != 0) return false;
  }
  return true;
}

bool Address::is_loopback() const {
  if (is_v4()) return ip[12] == 127;
  for (size_t i = 0; i < 15; i++) {
    if (ip[i] != 0) return false;
  }
  return ip[15] == 1;
}

uint64_t Address::hash() const {
  uint64_t a = 0;
  uint64_t b = 0;
  std::memcpy(&a, ip.data(), 8);
  std::memcpy(&b, ip.data() + 8, 8);
  uint64_t h = (a ^ (b * 0x9e3779b97f4a7c15ull)) + port * 0xff51afd7ed558ccdull + scope;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93ull;
  return h ^ (h >> 32);
}

Address Address::v4(uint32_t host_order, uint16_t port) {
  Address a;
  std::memcpy(a.ip.data(), kMapped.data(), kMapped.size());
  for (int i = 0; i < 4; i++) a.ip[static_cast<size_t>(12 + i)] = static_cast<uint8_t>(host_order >> (24 - 8 * i));
  a.port = port;
  return a;
}

std::optional<Address> Address::parse_ip(std::string_view text, uint16_t port) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
    if (text.find(':') == std::string_view::npos) return {};
  }
  char buffer[64];
  if (text.empty() || text.size() >= sizeof buffer) return {};
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = 0;
  if (std::memchr(buffer, 0, text.size()) != nullptr) return {};
  in_addr four{};
  if (inet_pton(AF_INET, buffer, &four) == 1) return v4(ntohl(four.s_addr), port);
  Address a;
  if (inet_pton(AF_INET6, buffer, a.ip.data()) != 1) return {};
  a.port = port;
  return a;
}

std::optional<Address> Address::parse(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  const auto port = to_number<uint16_t>(text.substr(colon + 1));
  const std::string_view host = text.substr(0, colon);
  if (!port || (host.find(':') != std::string_view::npos && host.front() != '[')) return {};
  return parse_ip(host, *port);
}

std::string Address::ip_text() const {
  if (is_v4()) {  // in each record of a call: inet_ntop goes through printf
    char text[15];
    char* end = text;
    for (size_t i = 12; i < 16; i++) {
      if (i > 12) *end++ = '.';
      end = std::to_chars(end, text + sizeof text, ip[i]).ptr;
    }
    return {text, end};
  }
  char buffer[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, ip.data(), buffer, sizeof buffer);
  return buffer;
}

std::string Address::host_text() const { return is_v4() ? ip_text() : "[" + ip_text() + "]"; }

std::string Address::text() const {
  std::string out = host_text();
  out += ':';
  append_number(out, port);
  return out;
}

bool Network::contains(const Address& a) const {
  const size_t whole = bits / 8;
  if (std::memcmp(base.ip.data(), a.ip.data(), whole) != 0) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || (base.ip[whole] >> (8 - rest)) == (a.ip[whole] >> (8 - rest));
}

std::optional<Network> Network::parse(std::string_view text) {
  const size_t slash = text.find('/');
  const auto base = Address::parse_ip(text.substr(0, slash), 0);
  if (!base) return {};
  Network n{*base, 128};
  if (slash == std::string_view::npos) return n;
  const auto bits = to_number<unsigned>(text.substr(slash + 1));
  const bool four = base->is_v4() && text.find(':') == std::string_view::npos;
  if (!bits || *bits > (four ? 32u : 128u)) return {};
  n.bits = static_cast<uint8_t>(four ? 96 + *bits : *bits);
  for (unsigned i = n.bits; i < 128; i++) n.base.ip[i / 8] &= static_cast<uint8_t>(~(0x80u >> (i % 8)));
  return n;
}

std::string Network::text() const {
  std::string out = base.ip_text() + "/";
  append_number(out, base.is_v4() && bits >= 96 ? bits - 96u : bits);
  return out;
}

}  // namespace carillon
