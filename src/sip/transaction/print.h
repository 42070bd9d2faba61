#pragma once
// Messages of ours as text. All append to a buffer that the caller reuses.

#include <string>
#include <string_view>

#include "sip/stack.h"
#include "sip/transaction/echo.h"

namespace carillon::sip {

// A response from the lines it repeats. `text` is what append_echo() made. `tag` is used when the request had none and
// the status is not 100. Returns where the first Via stands in `to`.
size_t append_response(std::string& to, const ResponseParts& parts, const Echo& echo, View text, Method method,
                       View tag, View server);

// "METHOD uri SIP/2.0", Via, the given lines, User-Agent, body.
void append_request(std::string& to, const RequestParts& parts, View via_host, Transport transport, View branch,
                    View agent);

// The ACK to a non-2xx (RFC 3261 §17.1.1.3) and the CANCEL (§9.1) of the INVITE in `invite`, as we sent it. `to`
// replaces the To line's value when not empty; `extra` are whole lines.
void append_sibling(std::string& out, View invite, View method, View to, View extra);

// The request in `request`, as we sent it, with another top Via.
void append_with_via(std::string& out, View request, View via_host, Transport transport, View branch);

}  // namespace carillon::sip
