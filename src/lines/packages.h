#pragma once
// The event packages that we have, each said once: name, what its documents are, what its watching needs.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace carillon::lines {

enum class Package : uint8_t { message_summary, dialog, presence };
inline constexpr size_t kPackages = 3;

struct PackageFacts {
  std::string_view name;
  std::string_view type, subtype;  // of its documents
  bool of_calls;                   // its documents say what calls the line has
};
inline constexpr std::array<PackageFacts, kPackages> kPackageFacts{{
    {"message-summary", "application", "simple-message-summary", false},  // RFC 3842
    {"dialog", "application", "dialog-info+xml", true},                   // RFC 4235
    {"presence", "application", "pidf+xml", true},                        // RFC 3856
}};
constexpr const PackageFacts& facts_of(Package p) { return kPackageFacts[static_cast<size_t>(p)]; }

// The package of this event type; nothing for one that we do not have.
constexpr std::optional<Package> package_of(std::string_view type) {
  for (size_t i = 0; i < kPackages; i++) {
    if (iequals(kPackageFacts[i].name, type)) return static_cast<Package>(i);
  }
  return {};
}

}  // namespace carillon::lines
