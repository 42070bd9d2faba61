// The words of refusals: one row a reason.

#include <array>

#include "registrar/refusals.h"

namespace carillon::registrar {
namespace {

struct Words {
  RefusalReason reason;
  std::string_view name, explanation, remedy;
};

using R = RefusalReason;
constexpr std::array kWords = {
    Words{R::unknown_user, "unknown-user", "No End User has the user id that the phone gave",
          "Correct the user name (authentication name) in the phone, or add the user: carillon user add USERID."},
    Words{R::user_without_phone, "user-without-phone", "The user is not the Digest User of any phone",
          "Make the user the Digest User of the phone: carillon phone update NAME --digest-user USERID."},
    Words{R::not_a_line, "not-a-line", "The number is not a line of the phone that this user identifies",
          "Correct the number (SIP user) in the phone, or give the phone that line: carillon phone update NAME --line "
          "NUMBER."},
    Words{R::wrong_hash, "wrong-hash", "The password in the phone is not the user's digest credentials",
          "Set the same password in the phone and for the user: carillon user update USERID --digest-credentials "
          "PASSWORD. "
          "If the phone is in your own network, add that network to the trusted-networks parameter or leave digest "
          "authentication off."},
    Words{R::no_credentials, "no-credentials", "The password must be verified, but the user has no digest credentials",
          "Set them: carillon user update USERID --digest-credentials PASSWORD. Phones outside the trusted networks "
          "are always verified."},
    Words{R::phone_disabled, "phone-disabled", "The phone is not active",
          "Activate it: carillon phone update NAME --active on."},
    Words{R::transport_not_allowed, "transport-not-allowed",
          "The phone's security profile does not allow this transport",
          "Set another transport in the phone, or allow this one: carillon security-profile update PROFILE "
          "--transports udp,tcp,tls."},
    Words{R::bad_contact, "bad-contact", "The Contact cannot be used",
          "The Contact must be a sip or sips URI of at most 1024 bytes; look at the phone's own address settings."},
    Words{R::too_many_contacts, "too-many-contacts", "The line has as many contacts as it may have",
          "Remove registrations that are no longer used (they also end by themselves), or give the phone a stable "
          "Contact."},
    Words{R::interval_too_brief, "interval-too-brief", "The phone asks for a registration shorter than the minimum",
          "Set a longer registration interval in the phone, or lower the minimum: carillon parameter set "
          "registration-minimum SECONDS."},
    Words{R::malformed_credentials, "malformed-credentials",
          "The answer to the challenge is malformed or for another realm or algorithm",
          "Check that the phone answers for the realm of the realm parameter, with qop auth or none, and an algorithm "
          "of its security profile."},
    Words{R::foreign_nonce, "foreign-nonce",
          "The answer is to a challenge that this server did not send to that address",
          "Usually the phone's address changed on the way (NAT with several addresses, VPN); a phone gets a new "
          "challenge and recovers."},
    Words{R::stale_nonce, "stale-nonce", "The answer is to a challenge that is too old",
          "Phones answer the new challenge by themselves; if this one does not, update its firmware or raise the nonce "
          "validity of its profile."},
    Words{R::replayed_nonce, "replayed-nonce", "The same answer was used before",
          "If the phone is yours, its nonce count does not advance: update its firmware. Otherwise somebody repeats "
          "recorded requests."},
    Words{R::out_of_order, "out-of-order", "The request is older than the registration that it would change",
          "Nothing, if it happens once: the network reordered requests. Else restart the phone, so that it begins with "
          "a new Call-ID."},
    Words{R::unknown_flow, "unknown-flow", "The request does not come from where a phone of that number registered",
          "Register the phone from the address and port that it calls from, or let it answer challenges to its "
          "requests."},
    Words{R::malformed_request, "malformed-request", "The request is malformed",
          "Look at the request with: carillon trace. Usually the phone's firmware must be updated."},
    Words{R::path_unsupported, "path-unsupported", "A proxy on the way demands Path, which the phone does not support",
          "Switch Path on in the phone (RFC 3327), or off in the proxy between it and this server."},
    Words{R::overloaded, "overloaded", "The server had no room for the request",
          "Look at carillon status; the phone tries again by itself."},
    Words{R::not_our_domain, "not-our-domain", "The request is for a host that is not this server",
          "Set this server's address as the phone's domain, or add the domain: carillon parameter set domains NAME."},
    Words{R::may_not_watch, "may-not-watch", "The phone may not watch the number that it subscribed to",
          "Let the phone's subscribe search space reach the number's partition, and its presence group see that of the "
          "line: carillon phone update NAME --subscribe-calling-search-space SPACE, carillon presence-group update "
          "GROUP --sees OTHER. The mailbox of a line is watched by its own phones only."},
    Words{R::may_not_publish, "may-not-publish", "The phone published the presence of a line that it does not have",
          "Correct the number (SIP user) in the phone, or give the phone that line: carillon phone update NAME --line "
          "NUMBER."},
};

constexpr bool in_order() {
  for (size_t i = 0; i < kWords.size(); i++) {
    if (static_cast<size_t>(kWords[i].reason) != i) return false;
  }
  return kWords.size() == static_cast<size_t>(R::may_not_publish) + 1;
}
static_assert(in_order());

const Words& words_of(R r) { return kWords[static_cast<size_t>(r)]; }

}  // namespace

std::string_view text_of(RefusalReason r) { return words_of(r).name; }
std::string_view explanation_of(RefusalReason r) { return words_of(r).explanation; }
std::string_view remedy_of(RefusalReason r) { return words_of(r).remedy; }

}  // namespace carillon::registrar
