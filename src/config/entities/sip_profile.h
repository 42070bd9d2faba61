#pragma once
// SIP Profile: how we speak SIP with a phone.

#include "config/describe.h"

namespace carillon::config {

enum class RegistrationExpires : uint8_t { requested, fixed };
template <>
inline constexpr std::array<View, 2> words<RegistrationExpires>{"requested", "fixed"};

enum class Offer : uint8_t { early, delayed };
template <>
inline constexpr std::array<View, 2> words<Offer>{"early", "delayed"};

template <>
inline constexpr std::array<View, 3> words<SipProfileView::Rel1xx>{"disabled", "sdp", "all"};

enum class SessionRefresh : uint8_t { invite, update };
template <>
inline constexpr std::array<View, 2> words<SessionRefresh>{"invite", "update"};

template <>
inline constexpr std::array<View, 4> words<SipProfileView::SdpBandwidth>{"as-received", "AS", "TIAS", "both"};
// Ways to ask a phone to answer by itself: RFC 5373, RFC 3261 §20.9 with answer-after, and the widespread Alert-Info.
inline constexpr std::array<View, 3> kAutoAnswerHeaders{"answer-mode", "call-info", "alert-info"};

struct SipProfile {
  EntityId id = 0;
  int64_t revision = 0;
  std::string name;
  std::string description;
  RegistrationExpires registration_expires = RegistrationExpires::requested;
  Offer offer = Offer::early;
  bool rfc2543_hold = false;
  SipProfileView::Rel1xx rel1xx = SipProfileView::Rel1xx::disabled;
  bool send_remote_party_id = true;
  bool send_p_asserted_identity = true;
  int64_t invite_timeout = 180;
  int64_t session_expires = 1800;
  int64_t min_se = 90;
  SessionRefresh session_refresh = SessionRefresh::invite;
  bool send_diversion = true;
  bool send_history_info = true;
  SipProfileView::SdpBandwidth sdp_bandwidth = SipProfileView::SdpBandwidth::as_received;
  bool unsolicited_mwi = true;
  std::vector<std::string> auto_answer_headers = {"answer-mode", "call-info", "alert-info"};
};

constexpr EntityId kStandardSipProfile = 1;
constexpr View kStandardSipProfileName = "Standard SIP Profile";

template <>
inline constexpr auto schema<SipProfile> = describe<SipProfile>(
    Facts{"SipProfile", "SIP Profile", "sip-profile", "sip-profiles", "name"},
    field<&SipProfile::name>("name", "Name of the profile",
                             {.required = true, .unique = true, .max_length = 128, .charset = Charset::name}),
    field<&SipProfile::description>("description", "What it is for"),
    field<&SipProfile::registration_expires>(
        "registrationExpires",
        "Registration lifetime: as requested within the limits, or fixed to the keepalive interval"),
    field<&SipProfile::offer>("offer", "INVITEs to the phone carry the caller's offer (early) or none (delayed)"),
    field<&SipProfile::rfc2543_hold>("rfc2543Hold", "Hold with the address 0.0.0.0, for old phones"),
    field<&SipProfile::rel1xx>("rel1xx",
                               "Reliable provisional responses (RFC 3262): disabled, for those with SDP, or all"),
    field<&SipProfile::send_remote_party_id>("sendRemotePartyId", "Send Remote-Party-ID"),
    field<&SipProfile::send_p_asserted_identity>("sendPAssertedIdentity", "Send P-Asserted-Identity"),
    field<&SipProfile::invite_timeout>("inviteTimeout", "How long the phone may ring, in seconds",
                                       {.min = 10, .max = 3600}),
    field<&SipProfile::session_expires>("sessionExpires", "Session timer (RFC 4028), in seconds",
                                        {.min = 90, .max = 86400}),
    field<&SipProfile::min_se>("minSe", "Least session timer accepted, in seconds", {.min = 90, .max = 86400}),
    field<&SipProfile::session_refresh>("sessionRefresh", "Refresh sessions by re-INVITE or by UPDATE"),
    field<&SipProfile::send_diversion>("sendDiversion", "Tell who forwarded a call in Diversion (RFC 5806)"),
    field<&SipProfile::send_history_info>("sendHistoryInfo",
                                          "Tell the way of a forwarded call in History-Info (RFC 7044)"),
    field<&SipProfile::sdp_bandwidth>("sdpBandwidth",
                                      "Bandwidth lines in SDP: as the other side wrote them, or as AS, TIAS or both"),
    field<&SipProfile::unsolicited_mwi>(
        "unsolicitedMwi",
        "Tell the phone of its mailbox by NOTIFY at registration and on change, though it has not subscribed"),
    field<&SipProfile::auto_answer_headers>(
        "autoAnswerHeaders", "How a phone is asked to answer by itself, for intercom and autoAnswer lines",
        {.values = kAutoAnswerHeaders}));

}  // namespace carillon::config
