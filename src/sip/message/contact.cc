#include "sip/message/contact.h"

#include "sip/message/grammar.h"

namespace carillon::sip {
namespace {

constexpr uint32_t kMalformedExpires = 3600;  // RFC 3261 §20.10

View instance_of(View value) {
  View text = without_quotes(value);
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

bool keep(ContactValue& out, View name, View value) {
  if (iequals(name, "expires")) {
    if (out.expires) return false;
    out.expires = delta_seconds(value).value_or(kMalformedExpires);
  } else if (iequals(name, "q")) {
    if (out.q) return false;
    out.q = qvalue(value);
    return out.q.has_value();
  } else if (iequals(name, "reg-id")) {
    if (out.reg_id) return false;
    out.reg_id = delta_seconds(value);
    return out.reg_id.has_value();
  } else if (iequals(name, "+sip.instance")) {
    out.instance = instance_of(value);
  }
  return true;
}

}  // namespace

bool read_contact(Cursor& c, ContactValue& out) {
  out = ContactValue();
  c.blanks();
  if (c.at('*')) {
    Cursor rest(View(c.p + 1, static_cast<size_t>(c.end - c.p - 1)));
    if (rest.finished()) {
      out.star = true;
      c.p = c.end;
      return true;
    }
  }
  if (!read_address(c, out.address)) return false;
  const char* const before = c.p;
  if (!read_params(c, [&](View name, View value, bool) { return keep(out, name, value); })) {
    return false;
  }
  out.address.params = params_since(before, c.p);
  return true;
}

std::optional<ContactValue> ContactValue::parse(View value) {
  Cursor c(value);
  ContactValue out;
  if (!read_contact(c, out) || !c.finished()) return {};
  return out;
}

std::optional<uint32_t> delta_seconds(View text) { return to_number<uint32_t>(text); }

std::optional<uint16_t> qvalue(View text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return {};
  if (text.size() > 1 && text[1] != '.') return {};
  unsigned out = text[0] == '1' ? 1000 : 0;
  unsigned scale = 100;
  for (size_t i = 2; i < text.size(); i++, scale /= 10) {
    if (!chars::is(text[i], chars::kDigit)) return {};
    out += static_cast<unsigned>(text[i] - '0') * scale;
  }
  if (out > 1000) return {};
  return static_cast<uint16_t>(out);
}

}  // namespace carillon::sip
