#pragma once
// Methods of RFC 3261 and its extensions. Unknown ones are `other`, kept as text.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace carillon::sip {

enum class Method : uint8_t {
  other, invite, ack, bye, cancel, register_, options, prack, update, info, refer, subscribe, notify, publish, message,
};
constexpr size_t kMethods = 15;

// Method names are case-sensitive (RFC 3261 §7.1).
Method method_of(std::string_view name);
std::string_view name_of(Method m);  // "" for other

}  // namespace carillon::sip
