#pragma once
// Privacy (RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §7.2).

#include <optional>

#include "base/text.h"
#include "sip/message/uri.h"

namespace carillon::sip {

struct Privacy {
  bool header = false, session = false, user = false, id = false, history = false;
  bool none = false, critical = false;
  // Is the caller's identity to be kept from the callee?
  bool hides_identity() const { return !none && (id || user || header); }
  static std::optional<Privacy> parse(View value);
};

// The URI of somebody who does not say who it is (RFC 3323 §4.1.1.3): "anonymous" at any host, or anybody at
// "anonymous.invalid".
bool is_anonymous(const Uri& uri);

}  // namespace carillon::sip
