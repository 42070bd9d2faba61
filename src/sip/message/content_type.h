#pragma once
// Content-Type (RFC 3261 §20.15).

#include <optional>

#include "sip/message/uri.h"

namespace carillon::sip {

struct ContentType {
  View type, subtype;
  View params;  // without the leading ';'
  bool is(View wanted_type, View wanted_subtype) const;
  // Quotes kept.
  std::optional<View> param(View name) const { return find_param(params, name); }
  static std::optional<ContentType> parse(View value);
};

}  // namespace carillon::sip
