#include "registrar/register_ask.h"

#include "base/text.h"

namespace carillon::registrar {
namespace {

using sip::HeaderId;
using sip::View;

constexpr Problem kTooManyContacts{400, RefusalReason::malformed_request, "Too Many Contacts", {}};
constexpr Problem kBadContact{400, RefusalReason::bad_contact, "Bad Contact", {}};
constexpr Problem kBadStar{400, RefusalReason::malformed_request, "Contact * Needs Expires 0 And No Other Contact", {}};
constexpr Problem kBadPath{400, RefusalReason::malformed_request, "Bad Path", {}};
constexpr Problem kUnusable{403, RefusalReason::bad_contact, {}, {}};
constexpr Problem kPathUnsupported{420, RefusalReason::path_unsupported, {}, "Unsupported: path\r\n"};
constexpr Problem kSeveralOutbound{400, RefusalReason::malformed_request, "More Than One Contact With reg-id", {}};
constexpr Problem kFirstHop{439, RefusalReason::malformed_request, "First Hop Lacks Outbound Support", {}};

// qvalue = "0" or "1" with up to three decimals (RFC 3261 §25.1).
std::optional<uint16_t> read_q(View text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return {};
  uint16_t q = text[0] == '1' ? 1000 : 0;
  if (text.size() == 1) return q;
  if (text[1] != '.') return {};
  uint16_t unit = 100;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return {};
    q = static_cast<uint16_t>(q + unit * (c - '0'));
    unit /= 10;
  }
  return q <= 1000 ? std::optional(q) : std::nullopt;
}

bool has_control(View s) {
  for (const char c : s) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

// Calls f(name, value, whole) for each ;-separated parameter.
template <typename F>
void for_each_param(View params, F&& f) {
  size_t begin = 0;
  bool quoted = false;
  for (size_t i = 0; i <= params.size(); i++) {
    if (i < params.size()) {
      if (quoted && params[i] == '\\') {
        i++;
        continue;
      }
      if (params[i] == '"') quoted = !quoted;
      if (quoted || params[i] != ';') continue;
    }
    const View whole = trim(params.substr(begin, i - begin));
    const size_t equals = whole.find('=');
    if (!whole.empty()) {
      f(trim(whole.substr(0, equals)), equals == View::npos ? View() : trim(whole.substr(equals + 1)), whole);
    }
    begin = i + 1;
  }
}

std::optional<Problem> read_params(AskedContact& c) {
  bool bad = false;
  for_each_param(c.address.params, [&](View name, View value, View) {
    if (iequals(name, "expires")) {
      c.expires = read_expires(value);
    } else if (iequals(name, "q")) {
      const auto q = read_q(value);
      bad |= !q;
      c.q = q.value_or(1000);
    } else if (iequals(name, "+sip.instance")) {
      c.instance = value;
    } else if (iequals(name, "reg-id")) {
      const auto id = to_number<uint32_t>(value);
      bad |= !id || *id == 0 || *id > 0x7fffffff;
      c.reg_id = id.value_or(0);
    }
  });
  return bad ? std::optional(kBadContact) : std::nullopt;
}

std::optional<Problem> read_contact(View text, Ask& ask) {
  if (ask.count == ask.contacts.size()) return kTooManyContacts;
  AskedContact& c = ask.contacts[ask.count];
  c = {};
  const auto address = sip::NameAddr::parse(text);
  if (!address || has_control(text)) return kBadContact;
  c.address = *address;
  ask.count++;
  if (!c.address.uri.is_sip() || !c.address.uri.headers.empty()) return kUnusable;
  if (c.address.uri.text.size() + c.address.params.size() > limits::kContactBytes) return kUnusable;
  return read_params(c);
}

std::optional<Problem> read_path(const sip::Message& m, Ask& ask) {
  std::optional<Problem> problem;
  size_t count = 0;
  View last;
  sip::for_each_value(m, HeaderId::path, [&](View value) {
    const auto address = sip::NameAddr::parse(value);
    if (!address || !address->brackets || !address->uri.is_sip() || has_control(value) ||
        ++count > limits::kPathValues) {
      problem = kBadPath;
      return false;
    }
    if (!ask.path.empty()) ask.path += ", ";
    ask.path += value;
    last = value;
    return true;
  });
  if (problem) return problem;
  if (ask.path.size() > limits::kContactBytes) return kUnusable;
  // RFC 3327 §5.3: a phone that does not know the extension shall learn that a proxy has used it.
  if (count > 0 && !m.lists(HeaderId::supported, "path") && !m.lists(HeaderId::require, "path"))
    return kPathUnsupported;
  // RFC 5626 §6: behind a proxy, the one next to the phone must support outbound: it says so in its (the last) Path
  // value.
  if (!ask.outbound || m.top_via().text.empty()) return {};
  size_t vias = 0;
  sip::for_each_value(m, HeaderId::via, [&vias](View) { return ++vias < 2; });
  if (vias < 2) return {};
  const auto edge = sip::NameAddr::parse(last);
  return edge && edge->uri.param("ob") ? std::nullopt : std::optional(kFirstHop);
}

// reg-id counts only with an instance and with "outbound" among what is supported (RFC 5626 §6).
std::optional<Problem> settle_outbound(const sip::Message& m, Ask& ask) {
  const bool supported = m.lists(HeaderId::supported, "outbound") || m.lists(HeaderId::require, "outbound");
  for (size_t i = 0; i < ask.count; i++) {
    AskedContact& c = ask.contacts[i];
    if (!supported || c.instance.empty()) c.reg_id = 0;
    if (c.reg_id == 0) continue;
    ask.outbound = true;
  }
  if (!ask.outbound) return {};
  size_t living = 0;
  for (size_t i = 0; i < ask.count; i++) living += ask.contacts[i].expires.value_or(ask.expires.value_or(1)) != 0;
  return living > 1 ? std::optional(kSeveralOutbound) : std::nullopt;
}

}  // namespace

uint32_t read_expires(View text) {
  if (text.empty()) return 3600;
  for (const char c : text) {
    if (c < '0' || c > '9') return 3600;
  }
  return to_number<uint32_t>(text).value_or(UINT32_MAX);
}

void append_params_without_expires(std::string& to, View params) {
  const size_t begin = to.size();
  for_each_param(params, [&](View name, View, View whole) {
    if (iequals(name, "expires")) return;
    if (to.size() > begin) to += ';';
    to += whole;
  });
}

std::optional<Problem> read_register(const sip::Message& m, Ask& ask) {
  ask.count = 0;
  ask.star = ask.outbound = false;
  ask.expires.reset();
  ask.path.clear();
  if (m.find(HeaderId::expires) != nullptr) ask.expires = read_expires(m.value(HeaderId::expires));
  std::optional<Problem> problem;
  sip::for_each_value(m, HeaderId::contact, [&](View value) {
    if (value == "*") {
      if (ask.star) problem = kBadStar;
      ask.star = true;
    } else {
      problem = read_contact(value, ask);
    }
    return !problem;
  });
  if (problem) return problem;
  if (ask.star && (ask.count > 0 || ask.expires != 0u)) return kBadStar;
  problem = settle_outbound(m, ask);
  return problem ? problem : read_path(m, ask);
}

}  // namespace carillon::registrar
