#pragma once
// Who is shown to whom: From, Contact, Remote-Party-ID, P-Asserted-Identity and Privacy (system.md 2.8, RFC 3323,
// RFC 3325, RFC 5876, draft-ietf-sip-privacy-04). Numbers and names are those configured; nothing that a phone writes
// about itself is believed, unless the administrator trusts the phone. What it wants to be kept secret is.

#include <string>
#include <string_view>

#include "call/core.h"

namespace carillon::call {

// What the sender of a message asks to be withheld of it: by Privacy (RFC 3323 §4.2), by an anonymous From of a request
// (§4.1), or by the privacy of its Remote-Party-ID. "Privacy: none" overrules the two others.
Hides asked_privacy(const sip::Message& m);
// Does it demand what we cannot give: the session's privacy, as critical (RFC 3323 §4.2)? Media goes phone to phone.
bool demands_session_privacy(const sip::Message& invite);

// On which side of a call a party is: each has presentation fields of its own at the line.
enum class Side : uint8_t { calling, connected };
// What is withheld of a party on this line; null: what it asks for.
Hides hides_of(const config::LineView* line, Side side, Hides asked);
// For this call the calling party is withheld as if it had asked for it itself (feature code). Before phones are
// called.
void withhold_identity(Turn& t);

// The caller as the call begins: configured number and name, or what a trusted phone asserts.
void identify_caller(Turn& t, const sip::Message& invite, const registrar::Identity& who);
// After that: is the caller a trusted phone, such as a gateway, that calls for a number that is none of its own lines,
// or for somebody unnamed? Then the call comes from outside.
bool speaks_for_outsider(const Turn& t, const sip::Message& invite, const registrar::Identity& who);
// A message of the party of `leg` speaks of it: what it asks to be withheld, and, of a trusted phone, who it is. True
// when the other party is shown another one than before.
bool hear_identity(Turn& t, Leg& leg, const sip::Message& m);

// Who is told, and how much of it. A value with a view of the host.
struct Audience {
  std::string_view host;  // of identities
  bool rpid = true, pai = true;
  bool sees_hidden = false;  // trusted: is told what is withheld, marked as such
  bool ignores = false;      // nothing is withheld from it
  bool outside = false;      // no phone of ours: numbers go through the external mask
};
Audience audience_of(const Turn& t, const Leg& leg);

// Remote-Party-ID, P-Asserted-Identity and Privacy of `party`. `role` is "calling" in requests and "called" in
// responses.
void append_identity(std::string& out, const Audience& audience, const Party& party, std::string_view role);
// A name-addr of `party` without what is withheld from these; what that is comes back, for a privacy parameter.
Hides append_marked(std::string& out, const Audience& audience, const Party& party);
// The word for it (draft-ietf-sip-privacy-04 §5, RFC 5806 §4).
std::string_view privacy_word(Hides hides);
// The party as From without tag: name-addr, anonymous where it is withheld (RFC 3323 §4.1.1.3).
void append_from(std::string& out, const Audience& audience, const Party& party);
// The same for whoever `leg` is talking to: in a request to it ("calling") or a response ("called").
void append_other_party(std::string& out, const Turn& t, const Leg& leg, std::string_view role);
// The calling party as From of an INVITE to `leg`, and the user part of our Contact there.
void append_caller(std::string& out, std::string& contact_user, const Turn& t, const Leg& leg);

// The number through an external phone number mask: each X is a digit of the number, from the right; an X for which
// none is left is dropped; digits of the mask replace. "" leaves the number as it is.
std::string masked_number(std::string_view mask, std::string_view number);
// The number by which the world outside knows a line: by the mask of its appearance on that phone, or (0, or no mask
// there) on the first phone that has one.
std::string external_number(const config::Snapshot& snapshot, std::string_view number, config::EntityId line,
                            config::EntityId phone);

// The number or name that a URI of a phone's means: the user part decoded; of tel: URIs the number without its visual
// separators. "" for others.
std::string number_of(const sip::Uri& uri);
// Is this host one of ours, for URIs that a phone sends calls to?
bool is_our_host(Turn& t, const Leg& leg, std::string_view host);

// The host of our own identities: the first domain that is configured, else what we show on the leg's flow.
std::string_view domain_of(const Turn& t, const Leg& leg);

// A name-addr without tag; nothing is withheld.
void append_name_addr(std::string& out, std::string_view name, std::string_view number, std::string_view host);
// "Contact: <sip:user@host;transport=…>" of ours on this leg.
void append_contact(std::string& out, const Leg& leg);

}  // namespace carillon::call
