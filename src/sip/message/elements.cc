#include "sip/message/elements.h"

#include "sip/message/cseq.h"
#include "sip/message/grammar.h"

namespace carillon::sip::element {
namespace {

template <typename T, bool (*read)(Cursor&, T&)>
bool typed(Cursor& c) {
  T out;
  return read(c, out);
}

// Parameters of which `name` must be a number up to 2^32-1.
bool params_with_number(Cursor& c, View number) {
  return read_params(c, [number](View name, View value, bool) {
    return !iequals(name, number) || to_number<uint32_t>(value).has_value();
  });
}

bool params_with_q(Cursor& c) {
  return read_params(c, [](View name, View value, bool) {
    return !iequals(name, "q") || qvalue(value).has_value();
  });
}

}  // namespace

bool token(Cursor& c) { return c.skip_token(); }
bool token_params(Cursor& c) { return c.skip_token() && skip_params(c); }

bool max_forwards(Cursor& c) {
  const auto n = to_number<uint8_t>(c.run(chars::kDigit));
  return n.has_value();
}

bool delta(Cursor& c) {
  uint32_t n;
  return read_delta(c, n);
}
bool delta_params(Cursor& c) { return delta(c) && skip_params(c); }

bool via(Cursor& c) { return typed<Via, read_via>(c); }
bool contact(Cursor& c) {
  ContactValue out;
  return read_contact(c, out) && !out.star;
}
bool credentials(Cursor& c) { return typed<Credentials, read_credentials>(c); }
bool challenge(Cursor& c) { return typed<Challenge, read_challenge>(c); }
bool event(Cursor& c) { return typed<EventPackage, read_event>(c); }
bool subscription_state(Cursor& c) {
  return typed<SubscriptionState, read_subscription_state>(c);
}
bool replaces(Cursor& c) { return typed<Replaces, read_replaces>(c); }
bool target_dialog(Cursor& c) { return typed<TargetDialog, read_target_dialog>(c); }
bool session_expires(Cursor& c) { return typed<SessionExpires, read_session_expires>(c); }
bool privacy(Cursor& c) { return typed<Privacy, read_privacy>(c); }
bool remote_party_id(Cursor& c) { return typed<RemotePartyId, read_remote_party_id>(c); }
bool diversion(Cursor& c) { return typed<Diversion, read_diversion>(c); }
bool reason(Cursor& c) { return typed<Reason, read_reason>(c); }
bool media_type(Cursor& c) { return typed<ContentType, read_content_type>(c); }
bool call_id(Cursor& c) { return !read_call_id(c).empty(); }

bool address(Cursor& c) {
  NameAddr out;
  return read_address(c, out) && skip_params(c);
}

bool name_addr(Cursor& c) {
  NameAddr out;
  return read_address(c, out) && out.brackets && skip_params(c);
}

bool info_uri(Cursor& c) {
  if (!c.at('<')) return false;
  NameAddr out;
  return read_address(c, out) && skip_params(c);
}

// "*/*", "type/*" and "type/subtype"; "*" is a token character, so the rule has "*/subtype" too.
bool media_range(Cursor& c) {
  return c.skip_token() && c.separator('/') && c.skip_token() && params_with_q(c);
}

bool coding(Cursor& c) { return c.skip_token() && params_with_q(c); }

bool language_tag(Cursor& c) {
  if (c.done() || !chars::is(*c.p, chars::kAlpha)) return false;
  do {
    const size_t n = c.run(chars::kAlpha | chars::kDigit).size();
    if (n < 1 || n > 8) return false;
  } while (c.eat('-'));
  return true;
}

bool language_range(Cursor& c) {
  return (c.eat('*') || language_tag(c)) && params_with_q(c);
}

// ainfo *(COMMA ainfo): nextnonce, qop, rspauth, cnonce, nc.
bool authentication_info(Cursor& c) {
  View value;
  return c.skip_token() && c.separator('=') && c.value(value);
}

bool mime_version(Cursor& c) {
  return !c.run(chars::kDigit).empty() && c.eat('.') && !c.run(chars::kDigit).empty();
}

// delta-seconds [comment] *(SEMI retry-param)
bool retry_after(Cursor& c) {
  if (!delta(c)) return false;
  c.blanks();
  if (c.at('(') && !c.comment()) return false;
  return params_with_number(c, "duration");
}

// 1*DIGIT ["." *DIGIT] [LWS delay], delay = *DIGIT ["." *DIGIT]
bool timestamp(Cursor& c) {
  if (c.run(chars::kDigit).empty()) return false;
  if (c.eat('.')) c.run(chars::kDigit);
  const char* const gap = c.p;
  c.blanks();
  if (c.p == gap) return true;
  c.run(chars::kDigit);
  if (c.eat('.')) c.run(chars::kDigit);
  return true;
}

// warn-code SP warn-agent SP warn-text
bool warning(Cursor& c) {
  if (c.run(chars::kDigit).size() != 3 || !c.eat(' ')) return false;
  const char* const begin = c.p;
  while (!c.done() && *c.p != ' ') c.p++;
  const View agent = c.since(begin);
  if (!chars::is_token(agent)) {
    Cursor host(agent);
    uint16_t port;
    if (read_host(host).empty()) return false;
    if (host.eat(':') && !read_port(host, port)) return false;
    if (!host.done()) return false;
  }
  return c.eat(' ') && c.quoted();
}

bool rack(Cursor& c) {
  const bool good = RAck::parse(c.rest()).has_value();
  if (good) c.p = c.end;
  return good;
}

bool event_type(Cursor& c) {
  do {
    if (c.run(chars::kTokenNoDot).empty()) return false;
  } while (c.eat('.'));
  return true;
}

bool refer_sub(Cursor& c) {
  const View value = c.token();
  return (iequals(value, "true") || iequals(value, "false")) && skip_params(c);
}

// hi-index = 1*DIGIT *("." 1*DIGIT) (RFC 7044 §5)
bool history_info(Cursor& c) {
  NameAddr out;
  if (!read_address(c, out) || !out.brackets) return false;
  return read_params(c, [](View name, View value, bool) {
    if (!iequals(name, "index")) return true;
    Cursor index(value);
    do {
      if (index.run(chars::kDigit).empty()) return false;
    } while (index.eat('.'));
    return index.done();
  });
}

bool feature_set(Cursor& c) { return c.eat('*') && skip_params(c); }

// RFC 8224 §4: signature ;info=<uri> …; of RFC 4474 §9: a quoted signature.
bool identity(Cursor& c) {
  if (c.at('"')) return c.quoted();
  if (c.run(chars::kBase64).empty()) return false;
  while (c.separator(';')) {
    View value;
    if (!c.skip_token()) return false;
    if (!c.separator('=')) continue;
    if (c.at('<')) {
      if (!info_uri(c)) return false;
    } else if (!c.value(value)) {
      return false;
    }
  }
  return true;
}

bool session_id(Cursor& c) {
  return c.run(chars::kHex).size() == 32 && skip_params(c);
}

// namespace "." r-priority (RFC 4412 §3.1)
bool resource_priority(Cursor& c) {
  return !c.run(chars::kTokenNoDot).empty() && c.eat('.') && !c.run(chars::kTokenNoDot).empty();
}

}  // namespace carillon::sip::element
