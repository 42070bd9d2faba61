#pragma once
// SIP, SIPS, TEL and other URIs (RFC 3261 §19.1, §25.1; RFC 3966). Views into what was parsed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::sip {

using View = std::string_view;

struct Uri {
  enum class Scheme : uint8_t { sip, sips, tel, other };
  Scheme scheme = Scheme::sip;
  View text;      // the whole URI as written
  View user;      // still escaped, parameters of a telephone number included; "" when absent
  View password;  // "" when absent
  View host;      // IPv6 with its brackets; of tel: the number
  uint16_t port = 0;  // 0 = not written
  View params;    // without the leading ';', "" when none
  View headers;   // without the '?', "" when none
  bool has_user = false;

  // Nothing when the text is not a URI. Scheme `other` is not looked into beyond its own syntax.
  static std::optional<Uri> parse(View text);
  // The value of a parameter ("" for one without a value); nothing when absent. Names match without
  // case.
  std::optional<View> param(View name) const;
  bool is_sip() const { return scheme == Scheme::sip || scheme == Scheme::sips; }
};

// The user part with %HH escapes resolved and, for telephone numbers, without parameters: "+1%32" →
// "+12".
std::string decoded_user(const Uri& uri);
// Equality of RFC 3261 §19.1.4, no escapes left out.
bool same_uri(const Uri& a, const Uri& b);
// Escapes what may not stand in a user part.
std::string escape_user(View user);
// Value of a ;name=value parameter in a parameter string, quotes kept; nothing when absent.
std::optional<View> find_param(View params, View name);

}  // namespace carillon::sip
