#pragma once
// One function a kind of header value, for the table of rules.cc.

#include "sip/message/cursor.h"

namespace carillon::sip::element {

bool token(Cursor& c);                // option-tag, Method, directive …
bool token_params(Cursor& c);         // token *(SEMI generic-param)
bool max_forwards(Cursor& c);         // 0 to 255
bool delta(Cursor& c);                // delta-seconds
bool delta_params(Cursor& c);         // delta-seconds *(SEMI generic-param)
bool via(Cursor& c);
bool contact(Cursor& c);              // not "*", which is no list item
bool address(Cursor& c);              // (name-addr / addr-spec) *(SEMI generic-param)
bool name_addr(Cursor& c);            // name-addr *(SEMI generic-param)
bool info_uri(Cursor& c);             // LAQUOT absoluteURI RAQUOT *(SEMI generic-param)
bool media_type(Cursor& c);
bool media_range(Cursor& c);          // of Accept
bool coding(Cursor& c);               // of Accept-Encoding
bool language_range(Cursor& c);       // of Accept-Language
bool language_tag(Cursor& c);         // of Content-Language
bool credentials(Cursor& c);
bool challenge(Cursor& c);
bool authentication_info(Cursor& c);
bool date(Cursor& c);
bool call_id(Cursor& c);
bool mime_version(Cursor& c);
bool retry_after(Cursor& c);
bool timestamp(Cursor& c);
bool warning(Cursor& c);
bool rack(Cursor& c);
bool event(Cursor& c);
bool event_type(Cursor& c);           // of Allow-Events
bool subscription_state(Cursor& c);
bool refer_sub(Cursor& c);
bool replaces(Cursor& c);
bool target_dialog(Cursor& c);
bool session_expires(Cursor& c);
bool privacy(Cursor& c);
bool remote_party_id(Cursor& c);
bool diversion(Cursor& c);
bool history_info(Cursor& c);
bool reason(Cursor& c);
bool feature_set(Cursor& c);          // of Accept-Contact and Reject-Contact
bool identity(Cursor& c);
bool session_id(Cursor& c);
bool resource_priority(Cursor& c);

}  // namespace carillon::sip::element
