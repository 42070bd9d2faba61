#pragma once
// The comma-separated values of list headers (RFC 3261 §7.3.1). Included by message.h.

#include <string_view>

namespace carillon::sip {

// Splits one header value at its commas. Commas inside quoted strings, angle brackets and comments
// do not separate; empty items are passed over. What does not end (a quote, a bracket) reaches to
// the end of the line.
class Values {
 public:
  explicit Values(std::string_view line) : rest_(line) {}
  // The next value without surrounding blanks; false at the end.
  bool next(std::string_view& value);

 private:
  std::string_view rest_;
};

template <typename F>
void for_each_value(const Message& message, HeaderId id, F&& f) {
  if (message.find(id) == nullptr) return;
  for (const Header& h : message.headers()) {
    if (h.id != id) continue;
    Values values(h.value);
    View value;
    while (values.next(value)) {
      if (!f(value)) return;
    }
  }
}

}  // namespace carillon::sip
