#pragma once
// One Via value (RFC 3261 §20.42, RFC 3581).

#include <cstdint>
#include <optional>
#include <string_view>

namespace carillon::sip {

using View = std::string_view;

struct Via {
  View protocol;   // "SIP/2.0"
  View transport;  // "UDP", as written
  View host;       // IPv6 with its brackets
  uint16_t port = 0;  // 0 = not written
  View params;     // without the leading ';'
  View branch;     // "" when absent
  View received;
  std::optional<View> rport;  // present without value: ""
  bool magic() const { return branch.size() > 7 && branch.substr(0, 7) == "z9hG4bK"; }
  View text;       // the whole value as written

  static std::optional<Via> parse(View value);
};

}  // namespace carillon::sip
