#pragma once
// Who is shown to whom: From, Contact, Remote-Party-ID and P-Asserted-Identity (system.md 2.8). Numbers and names are
// those configured; nothing that a phone writes about itself is believed.

#include <string>
#include <string_view>

#include "call/core.h"

namespace carillon::call {

// Did the caller ask not to be shown (RFC 3323 §4.2)?
bool wants_privacy(const sip::Message& invite);

// The number or name that a URI of a phone's means: the user part decoded; of tel: URIs the number without its visual
// separators. "" for others.
std::string number_of(const sip::Uri& uri);
// Is this host one of ours, for URIs that a phone sends calls to?
bool is_our_host(Turn& t, const Leg& leg, std::string_view host);

// The host of our own identities: the first domain that is configured, else what we show on the leg's flow.
std::string_view domain_of(const Turn& t, const Leg& leg);

// The party as name-addr without tag: From and To of what we send on `leg`.
void append_name_addr(std::string& out, std::string_view name, std::string_view number, std::string_view host);
// "Contact: <sip:user@host;transport=…>" of ours on this leg.
void append_contact(std::string& out, const Leg& leg);
// Remote-Party-ID and P-Asserted-Identity of `party`, as the SIP Profile of the leg's phone wants them. `role` is
// "calling" in requests to the phone and "called" in responses.
void append_identity(std::string& out, const Turn& t, const Leg& leg, const Party& party, std::string_view role);
// The same of whoever `leg` is talking to, for a request to it: a caller who asked for privacy is not shown.
void append_other_party(std::string& out, const Turn& t, const Leg& leg);

}  // namespace carillon::call
