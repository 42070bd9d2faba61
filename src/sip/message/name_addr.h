#pragma once
// name-addr and addr-spec with parameters: From, To, Contact, Route, Path, Refer-To … (RFC 3261
// §20.10, §25.1).

#include <optional>
#include <string>

#include "sip/message/uri.h"

namespace carillon::sip {

struct NameAddr {
  View display;  // as written, quotes kept; "" when none
  Uri uri;
  View params;   // header parameters without the leading ';'
  bool brackets = false;

  static std::optional<NameAddr> parse(View text);
  std::optional<View> param(View name) const { return find_param(params, name); }
  View tag() const { return param("tag").value_or(View()); }
};

// The display name without quotes and escapes.
std::string decoded_display(const NameAddr& a);
// A display name as a quoted string, whatever it holds; "" stays "".
std::string quoted_display(View name);

}  // namespace carillon::sip
