#pragma once
// What is left of the Contacts of a phone's 3xx when the call has gone to the first of them that could be reached: they
// are tried one after the other (RFC 3261 §8.1.3.4).

#include <cstddef>
#include <string>
#include <vector>

#include "call/redirection.h"

namespace carillon::call {

struct OtherContacts {
  static constexpr size_t kMost = 8;  // of one call, whatever phones send it on

  std::vector<std::string> numbers;  // the next first
  Reach reach;
  Why why = Why::deflection;
  size_t depth = 0;  // of Call::redirected, before that phone sent the call on
  size_t tried = 0;
};

}  // namespace carillon::call
