#pragma once
// Session-Expires and Min-SE (RFC 4028 §4, §5).

#include <cstdint>
#include <optional>
#include <string_view>

namespace carillon::sip {

enum class Refresher : uint8_t { unspecified, uac, uas };

struct SessionExpires {
  uint32_t delta = 0;  // seconds
  Refresher refresher = Refresher::unspecified;
  static std::optional<SessionExpires> parse(std::string_view value);
};

}  // namespace carillon::sip
