#pragma once
// Readers that fill a value in place and leave the cursor behind it: what Message and
// check_headers() are made of. After false, what was filled in means nothing, but where said
// otherwise. Used inside sip/message only.

#include "sip/message/cursor.h"
#include "sip/message/name_addr.h"
#include "sip/message/via.h"

namespace carillon::sip {

// The whole of `text` as a URI.
bool read_uri(View text, Uri& out);

// name-addr or addr-spec with its parameters (RFC 3261 §20.10). Stops before what follows, a comma
// for instance. `tag` is the value of the tag parameter, which may stand there once and must be a
// token.
bool read_name_addr(Cursor& c, NameAddr& out, View& tag);

// The same without the parameters.
bool read_address(Cursor& c, NameAddr& out);

// One via-parm (RFC 3261 §20.42). When false, and out.host is not empty, protocol, transport and
// sent-by were read and out.text and out.params end before the first parameter that is wrong:
// enough to answer by.
bool read_via(Cursor& c, Via& out);

// callid = word [ "@" word ]
bool is_call_id(View s);

}  // namespace carillon::sip
