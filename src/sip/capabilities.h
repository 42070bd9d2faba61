#pragma once
// What we can do, said once: the values of Allow, Supported and Accept.

#include <string_view>

namespace carillon::sip {

constexpr std::string_view kAllow =
    "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, REGISTER, REFER, SUBSCRIBE, PUBLISH";
constexpr std::string_view kSupported = "100rel, timer, path, outbound, replaces, join, norefersub";
constexpr std::string_view kAllowEvents = "message-summary, dialog, presence, refer";
constexpr std::string_view kAccept = "application/sdp";

}  // namespace carillon::sip
