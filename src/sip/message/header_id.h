#pragma once
// The header table: one line a header, from which look-up, printing and documentation come.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace carillon::sip {

// X(id, "Name", 'compact form or 0', is a comma-separated list, "source")
#define CARILLON_SIP_HEADERS(X)                                                     \
  X(via, "Via", 'v', true, "RFC 3261 20.42")                                        \
  X(from, "From", 'f', false, "RFC 3261 20.20")                                     \
  X(to, "To", 't', false, "RFC 3261 20.39")                                         \
  X(call_id, "Call-ID", 'i', false, "RFC 3261 20.8")                                \
  X(cseq, "CSeq", 0, false, "RFC 3261 20.16")                                       \
  X(max_forwards, "Max-Forwards", 0, false, "RFC 3261 20.22")                       \
  X(contact, "Contact", 'm', true, "RFC 3261 20.10")                                \
  X(content_length, "Content-Length", 'l', false, "RFC 3261 20.14")                 \
  X(content_type, "Content-Type", 'c', false, "RFC 3261 20.15")                     \
  X(route, "Route", 0, true, "RFC 3261 20.34")                                      \
  X(record_route, "Record-Route", 0, true, "RFC 3261 20.30")                        \
  X(authorization, "Authorization", 0, false, "RFC 3261 20.7")                      \
  X(proxy_authorization, "Proxy-Authorization", 0, false, "RFC 3261 20.28")         \
  X(www_authenticate, "WWW-Authenticate", 0, false, "RFC 3261 20.44")               \
  X(proxy_authenticate, "Proxy-Authenticate", 0, false, "RFC 3261 20.27")           \
  X(authentication_info, "Authentication-Info", 0, false, "RFC 3261 20.6")          \
  X(expires, "Expires", 0, false, "RFC 3261 20.19")                                 \
  X(min_expires, "Min-Expires", 0, false, "RFC 3261 20.23")                         \
  X(allow, "Allow", 0, true, "RFC 3261 20.5")                                       \
  X(supported, "Supported", 'k', true, "RFC 3261 20.37")                            \
  X(require, "Require", 0, true, "RFC 3261 20.32")                                  \
  X(proxy_require, "Proxy-Require", 0, true, "RFC 3261 20.29")                      \
  X(unsupported, "Unsupported", 0, true, "RFC 3261 20.40")                          \
  X(user_agent, "User-Agent", 0, false, "RFC 3261 20.41")                           \
  X(server, "Server", 0, false, "RFC 3261 20.35")                                   \
  X(accept, "Accept", 0, true, "RFC 3261 20.1")                                     \
  X(accept_encoding, "Accept-Encoding", 0, true, "RFC 3261 20.2")                   \
  X(accept_language, "Accept-Language", 0, true, "RFC 3261 20.3")                   \
  X(alert_info, "Alert-Info", 0, true, "RFC 3261 20.4")                             \
  X(call_info, "Call-Info", 0, true, "RFC 3261 20.9")                               \
  X(content_disposition, "Content-Disposition", 0, false, "RFC 3261 20.11")         \
  X(content_encoding, "Content-Encoding", 'e', true, "RFC 3261 20.12")              \
  X(content_language, "Content-Language", 0, true, "RFC 3261 20.13")                \
  X(date, "Date", 0, false, "RFC 3261 20.17")                                       \
  X(error_info, "Error-Info", 0, true, "RFC 3261 20.18")                            \
  X(in_reply_to, "In-Reply-To", 0, true, "RFC 3261 20.21")                          \
  X(mime_version, "MIME-Version", 0, false, "RFC 3261 20.24")                       \
  X(organization, "Organization", 0, false, "RFC 3261 20.25")                       \
  X(priority, "Priority", 0, false, "RFC 3261 20.26")                               \
  X(reply_to, "Reply-To", 0, false, "RFC 3261 20.31")                               \
  X(retry_after, "Retry-After", 0, false, "RFC 3261 20.33")                         \
  X(subject, "Subject", 's', false, "RFC 3261 20.36")                               \
  X(timestamp, "Timestamp", 0, false, "RFC 3261 20.38")                             \
  X(warning, "Warning", 0, true, "RFC 3261 20.43")                                  \
  X(rack, "RAck", 0, false, "RFC 3262 7.2")                                         \
  X(rseq, "RSeq", 0, false, "RFC 3262 7.1")                                         \
  X(event, "Event", 'o', false, "RFC 6665 8.2.1")                                   \
  X(allow_events, "Allow-Events", 'u', true, "RFC 6665 8.2.2")                      \
  X(subscription_state, "Subscription-State", 0, false, "RFC 6665 8.2.3")           \
  X(refer_to, "Refer-To", 'r', false, "RFC 3515 2.1")                               \
  X(referred_by, "Referred-By", 'b', false, "RFC 3892 3")                           \
  X(refer_sub, "Refer-Sub", 0, false, "RFC 4488 4")                                 \
  X(replaces, "Replaces", 0, false, "RFC 3891 6.1")                                 \
  X(join, "Join", 0, false, "RFC 3911 7.1")                                         \
  X(session_expires, "Session-Expires", 'x', false, "RFC 4028 4")                   \
  X(min_se, "Min-SE", 0, false, "RFC 4028 5")                                       \
  X(p_asserted_identity, "P-Asserted-Identity", 0, true, "RFC 3325 9.1")            \
  X(p_preferred_identity, "P-Preferred-Identity", 0, true, "RFC 3325 9.2")          \
  X(privacy, "Privacy", 0, false, "RFC 3323 4.2")                                   \
  X(remote_party_id, "Remote-Party-ID", 0, true, "draft-ietf-sip-privacy-04")       \
  X(diversion, "Diversion", 0, true, "RFC 5806")                                    \
  X(history_info, "History-Info", 0, true, "RFC 7044 5")                            \
  X(reason, "Reason", 0, true, "RFC 3326 2")                                        \
  X(path, "Path", 0, true, "RFC 3327 4")                                            \
  X(service_route, "Service-Route", 0, true, "RFC 3608 5")                          \
  X(flow_timer, "Flow-Timer", 0, false, "RFC 5626 10")                              \
  X(accept_contact, "Accept-Contact", 'a', true, "RFC 3841 9.2")                    \
  X(reject_contact, "Reject-Contact", 'j', true, "RFC 3841 9.2")                    \
  X(request_disposition, "Request-Disposition", 'd', true, "RFC 3841 9.1")          \
  X(identity, "Identity", 'y', false, "RFC 8224 4")                                 \
  X(session_id, "Session-ID", 0, false, "RFC 7989 5")                               \
  X(sip_etag, "SIP-ETag", 0, false, "RFC 3903 11.3.1")                              \
  X(sip_if_match, "SIP-If-Match", 0, false, "RFC 3903 11.3.2")                      \
  X(max_breadth, "Max-Breadth", 0, false, "RFC 5393 5")                             \
  X(info_package, "Info-Package", 0, false, "RFC 6086 7")                           \
  X(recv_info, "Recv-Info", 0, true, "RFC 6086 7")                                  \
  X(resource_priority, "Resource-Priority", 0, true, "RFC 4412 3.1")                \
  X(target_dialog, "Target-Dialog", 0, false, "RFC 4538 7")                         \
  X(answer_mode, "Answer-Mode", 0, false, "RFC 5373 3")

enum class HeaderId : uint8_t {
  unknown,
#define CARILLON_X(id, name, compact, list, source) id,
  CARILLON_SIP_HEADERS(CARILLON_X)
#undef CARILLON_X
      count
};

struct HeaderInfo {
  std::string_view name;
  char compact;
  bool list;
  std::string_view source;
};

// The canonical name and facts of a header; for unknown an empty name.
const HeaderInfo& info_of(HeaderId id);
// By full name or compact form, without case; unknown when it is neither.
HeaderId header_of(std::string_view name);

}  // namespace carillon::sip
