#pragma once
// Transport addresses and networks. Values; no system calls.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

// An IP address with a port. IPv4 is kept as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), so the two spellings are one value.
struct Address {
  std::array<uint8_t, 16> ip{};
  uint16_t port = 0;
  uint32_t scope = 0;  // interface index of an IPv6 link-local address, else 0

  auto operator<=>(const Address&) const = default;
  bool is_v4() const;
  bool is_any() const;  // 0.0.0.0 or ::
  bool is_loopback() const;
  bool same_ip(const Address& o) const { return ip == o.ip && scope == o.scope; }
  uint64_t hash() const;

  static Address v4(uint32_t host_order, uint16_t port);
  // "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; no names.
  static std::optional<Address> parse_ip(std::string_view text, uint16_t port);
  // "192.0.2.1:5060", "[::1]:5060".
  static std::optional<Address> parse(std::string_view text);
  std::string ip_text() const;    // without brackets
  std::string host_text() const;  // IPv6 in brackets, as in a URI
  std::string text() const;       // host:port
};

// A block of addresses, "10.0.0.0/8" or "fe80::/10"; a bare address is a block of one.
struct Network {
  Address base;
  uint8_t bits = 0;  // of 128; an IPv4 /8 is 104
  bool contains(const Address& a) const;
  static std::optional<Network> parse(std::string_view text);
  std::string text() const;
};

}  // namespace carillon
