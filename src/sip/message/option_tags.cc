#include "sip/message/option_tags.h"

#include <algorithm>

#include "base/text.h"

namespace carillon::sip {

void append_unknown_tags(const Message& message, HeaderId id, std::span<const View> known,
                         std::string& to) {
  const size_t before = to.size();
  for_each_value(message, id, [&](View tag) {
    const auto same = [tag](View k) { return iequals(k, tag); };
    if (std::any_of(known.begin(), known.end(), same)) return true;
    if (to.size() != before) to += ", ";
    to += tag;
    return true;
  });
}

bool peer_supports(const Message& message, View tag) {
  return message.lists(HeaderId::supported, tag) || message.lists(HeaderId::require, tag);
}

}  // namespace carillon::sip
