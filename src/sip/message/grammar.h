#pragma once
// Readers of single header values, each a rule of RFC 3261 §25.1 or of the RFC named. They leave
// the cursor after what they have read and answer false when it is not there. Used inside
// sip/message only.

#include "sip/message/contact.h"
#include "sip/message/content_type.h"
#include "sip/message/digest.h"
#include "sip/message/diversion.h"
#include "sip/message/event.h"
#include "sip/message/privacy.h"
#include "sip/message/read.h"
#include "sip/message/reason.h"
#include "sip/message/remote_party_id.h"
#include "sip/message/replaces.h"
#include "sip/message/session_expires.h"

namespace carillon::sip {

bool read_contact(Cursor& c, ContactValue& out);
bool read_content_type(Cursor& c, ContentType& out);
bool read_credentials(Cursor& c, Credentials& out);
bool read_challenge(Cursor& c, Challenge& out);
bool read_diversion(Cursor& c, Diversion& out);
bool read_remote_party_id(Cursor& c, RemotePartyId& out);
bool read_event(Cursor& c, EventPackage& out);
bool read_subscription_state(Cursor& c, SubscriptionState& out);
bool read_privacy(Cursor& c, Privacy& out);
bool read_reason(Cursor& c, Reason& out);
bool read_session_expires(Cursor& c, SessionExpires& out);
bool read_replaces(Cursor& c, Replaces& out);
bool read_target_dialog(Cursor& c, TargetDialog& out);

// 1*DIGIT up to 2^32-1.
bool read_delta(Cursor& c, uint32_t& out);
// callid up to the first character that is not of it.
View read_call_id(Cursor& c);

// The parameters read between these two places, without the leading ';' and blanks.
inline View params_since(const char* begin, const char* end) {
  while (begin < end && (chars::is_blank(*begin) || *begin == ';')) begin++;
  return {begin, static_cast<size_t>(end - begin)};
}

// The rest of a T::parse(): the whole of `value`, read by `read`.
template <typename T, typename F>
std::optional<T> read_whole(View value, F&& read) {
  Cursor c(value);
  c.blanks();
  T out;
  if (!read(c, out) || !c.finished()) return {};
  return out;
}

}  // namespace carillon::sip
