#pragma once
// Which headers cross from leg to leg: a table. What is not in it stays behind (topology hiding is the default).
// Also what we say about ourselves inside calls.

#include <string>
#include <string_view>

#include "sip/message/message.h"

namespace carillon::call {

// What we can do inside a call, and understand.
constexpr std::string_view kAllowLine =
    "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, MESSAGE, REFER\r\n";
constexpr std::string_view kAcceptLine = "Accept: application/sdp\r\n";
constexpr std::string_view kSupportedLine = "Supported: timer, replaces, join, norefersub\r\n";
constexpr std::string_view kSupportedReliableLine = "Supported: 100rel, timer, replaces, join, norefersub\r\n";
constexpr std::string_view kSdp = "application/sdp";

enum class Crossing : uint8_t {
  invite,
  withheld_invite,  // of a caller who is not shown
  in_dialog,
  failure,
};

// Appends the header lines of `m` that may cross in a message of that kind.
void append_crossing(std::string& out, const sip::Message& m, Crossing kind);
// Lines that describe a body and go with it: Content-Disposition, Content-Language, Content-Encoding, MIME-Version.
void append_body_lines(std::string& out, const sip::Message& m);

// Is the body one that we read as SDP? `other` when there is another kind of body that must be understood (415).
enum class BodyKind : uint8_t { none, sdp, other };
BodyKind body_kind(const sip::Message& m);
// The session description in the body, alone or as a part of several (RFC 5621); "" when there is none that we read.
std::string_view sdp_of(const sip::Message& m);

// In the CANCEL to a phone that others were quicker than: its user has missed nothing (RFC 3326 §3.1).
constexpr std::string_view kElsewhereLine = "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n";
// "Reason: Q.850;cause=17" with the standard text, where the cause is not 0.
void append_reason(std::string& out, int cause);
// The Q.850 cause in a Reason header, or that of the SIP status in it (RFC 3326 §2); else 0.
int reason_cause(const sip::Message& m);

}  // namespace carillon::call
