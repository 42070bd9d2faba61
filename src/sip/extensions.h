#pragma once
// The option tags that a request may require of us (RFC 3261 §20.32): one list for 420, Supported and OPTIONS.

#include <string_view>

namespace carillon::sip {

inline constexpr std::string_view kExtensions[] = {
    "100rel",    // RFC 3262
    "timer",     // RFC 4028
    "path",      // RFC 3327
    "outbound",  // RFC 5626
    "replaces",    // RFC 3891
    "norefersub",  // RFC 4488
    "join",        // RFC 3911
};

}  // namespace carillon::sip
