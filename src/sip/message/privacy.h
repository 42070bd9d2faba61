#pragma once
// Privacy (RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §7.2).

#include <optional>

#include "base/text.h"

namespace carillon::sip {

struct Privacy {
  bool header = false, session = false, user = false, id = false, history = false;
  bool none = false, critical = false;
  // Is the caller's identity to be kept from the callee?
  bool hides_identity() const { return !none && (id || user || header); }
  static std::optional<Privacy> parse(View value);
};

}  // namespace carillon::sip
