#include "sip/message/rules.h"

#include <array>

#include "base/limits.h"
#include "sip/message/elements.h"

namespace carillon::sip {
namespace {

constexpr size_t kCount = static_cast<size_t>(HeaderId::count);
using Value = bool (*)(Cursor&);

constexpr Rule once(Value v) { return {Rule::Form::single, false, v, 0}; }
constexpr Rule each(Value v) { return {Rule::Form::single, true, v, 0}; }
constexpr Rule list(Value v) { return {Rule::Form::list, true, v, 0}; }
constexpr Rule list(Value v, size_t limit) { return {Rule::Form::list, true, v, limit}; }
constexpr Rule any(Value v) { return {Rule::Form::list_or_empty, true, v, 0}; }

// From, To, Call-ID, CSeq and Content-Length have been read by Message::parse(). User-Agent,
// Server, Organization and Subject decide nothing, and what people put there is seldom grammatical:
// any text passes (RFC 3261 §8.2.2).
constexpr Rule make_rule(HeaderId id) {
  using enum HeaderId;
  switch (id) {
    case via: return list(element::via, limits::kVias);
    case max_forwards: return once(element::max_forwards);
    case contact: return list(element::contact, limits::kContactsPerRequest);
    case content_type: return once(element::media_type);
    case route: case record_route: case service_route: return list(element::name_addr);
    case path: return list(element::name_addr, limits::kPathValues);
    case authorization: case proxy_authorization: return each(element::credentials);
    case www_authenticate: case proxy_authenticate: return each(element::challenge);
    case authentication_info: return list(element::authentication_info);
    case expires: case min_expires: case rseq: case flow_timer: case max_breadth:
      return once(element::delta);
    case allow: case supported: return any(element::token);
    case recv_info: return any(element::token_params);
    case require: case proxy_require: case unsupported: case content_encoding:
    case request_disposition:
      return list(element::token);
    case accept: return any(element::media_range);
    case accept_encoding: return any(element::coding);
    case accept_language: return any(element::language_range);
    case alert_info: case call_info: case error_info: return list(element::info_uri);
    case content_disposition: case info_package: case answer_mode:
      return once(element::token_params);
    case content_language: return list(element::language_tag);
    case date: return once(element::date);
    case in_reply_to: return list(element::call_id);
    case mime_version: return once(element::mime_version);
    case priority: case sip_etag: case sip_if_match: return once(element::token);
    case reply_to: case refer_to: case referred_by: return once(element::address);
    case retry_after: return once(element::retry_after);
    case timestamp: return once(element::timestamp);
    case warning: return list(element::warning);
    case rack: return once(element::rack);
    case event: return once(element::event);
    case allow_events: return list(element::event_type);
    case subscription_state: return once(element::subscription_state);
    case refer_sub: return once(element::refer_sub);
    case replaces: case join: return once(element::replaces);
    case target_dialog: return once(element::target_dialog);
    case session_expires: return once(element::session_expires);
    case min_se: return once(element::delta_params);
    case p_asserted_identity: case p_preferred_identity: return list(element::address);
    case privacy: return once(element::privacy);
    case remote_party_id: return list(element::remote_party_id);
    case diversion: return list(element::diversion);
    case history_info: return list(element::history_info);
    case reason: return list(element::reason);
    case accept_contact: case reject_contact: return list(element::feature_set);
    case identity: return each(element::identity);
    case session_id: return once(element::session_id);
    case resource_priority: return list(element::resource_priority);
    default: return {};
  }
}

constexpr auto kRules = [] {
  std::array<Rule, kCount> rules{};
  for (size_t i = 0; i < kCount; i++) rules[i] = make_rule(static_cast<HeaderId>(i));
  return rules;
}();

}  // namespace

const Rule& rule_of(HeaderId id) { return kRules[static_cast<size_t>(id)]; }

}  // namespace carillon::sip
