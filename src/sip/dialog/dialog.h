#pragma once
// A dialog (RFC 3261 §12) as a value: made from the messages that set it up, asked for the next request, written into
// a record and read back after a crash. It knows nothing of calls or transactions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sip/flow.h"
#include "sip/message/message.h"

namespace carillon::sip {

struct Dialog {
  std::string call_id, local_tag, remote_tag;
  std::string local;                // what From says in our requests: name-addr without tag
  std::string remote;               // what To says
  std::string target;               // remote target: a URI
  std::vector<std::string> routes;  // name-addrs in sending order
  uint32_t local_cseq = 0;          // of our last request
  uint32_t remote_cseq = 0;         // of theirs; valid with has_remote_cseq
  bool has_remote_cseq = false;
  bool secure = false;  // set up by sips over TLS (RFC 3261 §12.1.1)
  bool early = true;    // no final response yet
  Flow flow;            // the way that the other side was heard by

  static constexpr size_t kRoutes = 16;  // of a route set: more are refused

  // The receiver's side (RFC 3261 §12.1.1); `our_tag` goes into the response's To. Nothing when the request has no
  // usable Contact or too many routes.
  static std::optional<Dialog> from_request(const Message& request, View our_tag, const Flow& flow);
  // The sender's side (§12.1.2), from the request that we sent (read back) and a 101 to 2xx with a To tag.
  static std::optional<Dialog> from_response(const Message& sent, const Message& response, const Flow& flow);

  // A 2xx after provisionals: the route set is computed anew and the target taken (RFC 3261 §13.2.2.4).
  bool confirm(const Message& response);
  // Is this message of the other side part of the dialog?
  bool owns(const Message& request) const;
};

// RFC 3261 §12.2.2: what a request in the dialog deserves before anyone looks into it: 0 to go on (the CSeq is taken),
// 500 when it is out of order. ACK and CANCEL have the CSeq of their INVITE and are not counted.
int take_cseq(Dialog& d, const Message& request);

// INVITE, UPDATE, SUBSCRIBE, NOTIFY and REFER, and the 2xx to them, may move the remote target (§12.2.1.2, §12.2.2;
// RFC 3311 §5.1; RFC 6665 §4.4.1). False when the message says nothing new.
bool refreshes_target(Method method);
bool refresh_target(Dialog& d, const Message& message);

// Counts up, and gives the CSeq of the next request of ours.
uint32_t next_cseq(Dialog& d);
// The Request-URI of a request in the dialog: the target, or a strict router's URI (RFC 3261 §12.2.1.1).
View request_uri(const Dialog& d);
// Where it goes: the first route, in brackets, or the target (RFC 3261 §8.1.2).
inline View next_hop(const Dialog& d) { return d.routes.empty() ? View(d.target) : View(d.routes.front()); }
// Appends the lines of a request in the dialog: Route, Max-Forwards, From, To, Call-ID and CSeq. ACK repeats its
// INVITE's number; others take next_cseq().
void append_request_lines(std::string& to, const Dialog& d, View method, uint32_t cseq, uint32_t max_forwards);

// A compact record with a version, and back; nothing when the bytes are not one.
void append_record(std::string& to, const Dialog& d);
std::optional<Dialog> read_record(View bytes);

// The URI of the first usable Contact (sip, sips), "" when there is none.
View first_contact(const Message& message);

}  // namespace carillon::sip
