// The typed readers of Session-Expires, Replaces, Reason, Content-Type, Privacy, Event and
// Subscription-State.
#include "sip/message/grammar.h"

namespace carillon::sip {

bool read_delta(Cursor& c, uint32_t& out) {
  const auto n = to_number<uint32_t>(c.run(chars::kDigit));
  if (n) out = *n;
  return n.has_value();
}

View read_call_id(Cursor& c) {
  const char* const begin = c.p;
  if (c.run(chars::kWord).empty()) return {};
  if (c.eat('@') && c.run(chars::kWord).empty()) return {};
  return c.since(begin);
}

bool read_session_expires(Cursor& c, SessionExpires& out) {
  if (!read_delta(c, out.delta)) return false;
  return read_params(c, [&out](View name, View value, bool) {
    if (!iequals(name, "refresher")) return true;
    if (out.refresher != Refresher::unspecified) return false;
    const bool uac = iequals(value, "uac");
    out.refresher = uac ? Refresher::uac : Refresher::uas;
    return uac || iequals(value, "uas");
  });
}

std::optional<SessionExpires> SessionExpires::parse(std::string_view value) {
  return read_whole<SessionExpires>(value, read_session_expires);
}

namespace {

// A tag parameter that may stand once.
bool keep_tag(View& tag, View value) {
  if (!tag.empty() || !chars::is_token(value)) return false;
  tag = value;
  return true;
}

}  // namespace

bool read_replaces(Cursor& c, Replaces& out) {
  out.call_id = read_call_id(c);
  const bool good = read_params(c, [&out](View name, View value, bool has_value) {
    if (iequals(name, "to-tag")) return keep_tag(out.to_tag, value);
    if (iequals(name, "from-tag")) return keep_tag(out.from_tag, value);
    if (!iequals(name, "early-only")) return true;
    out.early_only = true;
    return !has_value;
  });
  return good && !out.call_id.empty() && !out.to_tag.empty() && !out.from_tag.empty();
}

std::optional<Replaces> Replaces::parse(View value) {
  return read_whole<Replaces>(value, read_replaces);
}

bool read_target_dialog(Cursor& c, TargetDialog& out) {
  out.call_id = read_call_id(c);
  const bool good = read_params(c, [&out](View name, View value, bool) {
    if (iequals(name, "local-tag")) return keep_tag(out.local_tag, value);
    if (iequals(name, "remote-tag")) return keep_tag(out.remote_tag, value);
    return true;
  });
  return good && !out.call_id.empty() && !out.local_tag.empty() && !out.remote_tag.empty();
}

std::optional<TargetDialog> TargetDialog::parse(View value) {
  return read_whole<TargetDialog>(value, read_target_dialog);
}

bool read_reason(Cursor& c, Reason& out) {
  out.protocol = c.token();
  if (out.protocol.empty()) return false;
  return read_params(c, [&out](View name, View value, bool) {
    if (iequals(name, "cause")) {
      if (out.cause) return false;
      out.cause = to_number<uint32_t>(value);
      return out.cause.has_value();
    }
    if (iequals(name, "text")) out.text = without_quotes(value);
    return true;
  });
}

std::optional<Reason> Reason::parse(View value) { return read_whole<Reason>(value, read_reason); }

bool read_content_type(Cursor& c, ContentType& out) {
  out.type = c.token();
  if (out.type.empty() || !c.separator('/')) return false;
  out.subtype = c.token();
  const char* const before = c.p;
  const bool good = read_params(c, [](View, View value, bool) {
    return !value.empty() && value.front() != '[';  // m-value is a token or a quoted string
  });
  out.params = params_since(before, c.p);
  return good && !out.subtype.empty();
}

std::optional<ContentType> ContentType::parse(View value) {
  return read_whole<ContentType>(value, read_content_type);
}

bool ContentType::is(View wanted_type, View wanted_subtype) const {
  return iequals(type, wanted_type) && iequals(subtype, wanted_subtype);
}

namespace {

void set_privacy(Privacy& out, View name) {
  if (iequals(name, "header")) out.header = true;
  if (iequals(name, "session")) out.session = true;
  if (iequals(name, "user")) out.user = true;
  if (iequals(name, "id")) out.id = true;
  if (iequals(name, "history")) out.history = true;
  if (iequals(name, "none")) out.none = true;
  if (iequals(name, "critical")) out.critical = true;
}

}  // namespace

bool read_privacy(Cursor& c, Privacy& out) {
  do {
    const View name = c.token();
    if (name.empty()) return false;
    set_privacy(out, name);
  } while (c.separator(';'));
  return true;
}

std::optional<Privacy> Privacy::parse(View value) {
  return read_whole<Privacy>(value, read_privacy);
}

bool is_anonymous(const Uri& uri) {
  return uri.is_sip() && (iequals(uri.user, "anonymous") || iequals(uri.host, "anonymous.invalid"));
}

bool read_event(Cursor& c, EventPackage& out) {
  const char* const begin = c.p;
  do {
    if (c.run(chars::kTokenNoDot).empty()) return false;
  } while (c.eat('.'));
  out.type = c.since(begin);
  const char* const before = c.p;
  const bool good = read_params(c, [&out](View name, View value, bool) {
    return !iequals(name, "id") || keep_tag(out.id, value);
  });
  out.params = params_since(before, c.p);
  return good;
}

std::optional<EventPackage> EventPackage::parse(View value) {
  return read_whole<EventPackage>(value, read_event);
}

bool read_subscription_state(Cursor& c, SubscriptionState& out) {
  out.state = c.token();
  if (out.state.empty()) return false;
  return read_params(c, [&out](View name, View value, bool) {
    if (iequals(name, "reason")) return keep_tag(out.reason, value);
    const bool expires = iequals(name, "expires");
    if (!expires && !iequals(name, "retry-after")) return true;
    auto& field = expires ? out.expires : out.retry_after;
    if (field) return false;
    field = to_number<uint32_t>(value);
    return field.has_value();
  });
}

std::optional<SubscriptionState> SubscriptionState::parse(View value) {
  return read_whole<SubscriptionState>(value, read_subscription_state);
}

}  // namespace carillon::sip
