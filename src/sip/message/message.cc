#include "sip/message/message.h"

#include "base/text.h"
#include "sip/message/chars.h"

namespace carillon::sip {

const Header* Message::find(HeaderId id) const {
  const uint16_t at = first_[static_cast<size_t>(id)];
  return at == 0 ? nullptr : &table_[at - 1u];
}

const Header* Message::find(View name) const {
  const HeaderId id = header_of(name);
  if (id != HeaderId::unknown) return find(id);
  for (const Header& h : headers()) {
    if (h.id == HeaderId::unknown && iequals(h.name, name)) return &h;
  }
  return nullptr;
}

View Message::value(HeaderId id) const {
  const Header* h = find(id);
  return h == nullptr ? View() : h->value;
}

bool Message::lists(HeaderId id, View token) const {
  bool found = false;
  for_each_value(*this, id, [&](View value) {
    found = iequals(value, token);
    return !found;
  });
  return found;
}

std::optional<uint32_t> Message::number(HeaderId id) const {
  const View text = value(id);
  const char* const end = text.data() + text.size();
  const char* const stop = chars::skip(text.data(), end, chars::kDigit);
  if (stop != end && *stop != ';' && *stop != '(' && !chars::is_blank(*stop)) return {};
  return to_number<uint32_t>(text.substr(0, static_cast<size_t>(stop - text.data())));
}

}  // namespace carillon::sip
