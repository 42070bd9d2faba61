#pragma once
// The number (user part) that an address names.

#include <cstring>
#include <string_view>

#include "sip/message/name_addr.h"

namespace carillon::registrar {

// Longest number looked at; longer ones match nothing.
constexpr size_t kNumberBytes = 128;
struct NumberBuffer {
  char bytes[kNumberBytes];
};

// The user part as a number to look up; "" when there is none or it is too long. A view into the address, or into
// `buffer` when escapes or telephone parameters had to go.
inline std::string_view number_of(const sip::NameAddr& address, NumberBuffer& buffer) {
  const sip::Uri& uri = address.uri;
  if (uri.is_sip() && uri.user.find_first_of("%;") == std::string_view::npos) {
    return uri.user.size() <= kNumberBytes ? uri.user : std::string_view();
  }
  const std::string decoded = sip::decoded_user(uri);
  if (decoded.size() > kNumberBytes) return {};
  std::memcpy(buffer.bytes, decoded.data(), decoded.size());
  return {buffer.bytes, decoded.size()};
}

}  // namespace carillon::registrar
