// The table of columns.

#include "admin/cdr/codes.h"
#include "admin/cdr/export.h"

namespace carillon::admin::cucm {

namespace {

using state::Cdr;

constexpr int kNode = 1;           // we are one node
constexpr int kRoutine = 4;        // precedence of a call that has none
constexpr int kSip = 1;            // the protocol of a leg
constexpr int kPatternDevice = 2;  // the number reached is a line's …
constexpr int kPatternHunt = 7;    // … or a hunt pilot's

std::string number(int64_t value) { return std::to_string(value); }
std::string zero(const Source&) { return "0"; }
std::string nothing(const Source&) { return ""; }
std::string seconds_of(Instant at) { return number(at.us / 1'000'000); }

template <std::string Cdr::*Member>
std::string text(const Source& s) {
  return s.cdr.*Member;
}

template <typename Code>
std::string code(Code c) {
  return number(static_cast<int64_t>(c));
}

std::string final_called(const Cdr& c) { return c.called_number.empty() ? c.dialled : c.called_number; }
std::string original_called(const Cdr& c) { return c.original.number.empty() ? final_called(c) : c.original.number; }
std::string last_redirect(const Cdr& c) { return c.last.number.empty() ? final_called(c) : c.last.number; }

// Whole seconds between the two times that the record shows.
std::string duration_of(const Cdr& c) {
  return number(c.answer.us == 0 ? 0 : c.end.us / 1'000'000 - c.answer.us / 1'000'000);
}

// A side without media has no codec.
std::string_view codec_of(const Cdr& c, const std::string& media) {
  return media.empty() ? std::string_view() : std::string_view(c.codec);
}

bool has_video(const Cdr& c) { return !c.calling_video.empty() && !c.called_video.empty(); }
std::string_view video_of(const Cdr& c) { return has_video(c) ? std::string_view(c.video_codec) : std::string_view(); }

constexpr Column kColumns[] = {
    {"cdrRecordType", "INTEGER", [](const Source&) { return number(1); }},
    {"globalCallID_callManagerId", "INTEGER", [](const Source&) { return number(kNode); }},
    {"globalCallID_callId", "INTEGER",
     [](const Source& s) { return number(static_cast<int64_t>(s.cdr.global & 0x7fffffff)); }},
    {"origLegCallIdentifier", "INTEGER", [](const Source& s) { return number(s.cdr.calling_leg); }},
    {"dateTimeOrigination", "INTEGER", [](const Source& s) { return seconds_of(s.cdr.start); }},
    {"origNodeId", "INTEGER", [](const Source&) { return number(kNode); }},
    {"origSpan", "INTEGER", zero},
    {"origIpAddr", "INTEGER", [](const Source& s) { return number(address_number(s.cdr.calling_address)); }},
    {"callingPartyNumber", "VARCHAR(50)", text<&Cdr::calling_number>},
    {"callingPartyUnicodeLoginUserID", "VARCHAR(128)", text<&Cdr::calling_user>},
    {"origCause_location", "INTEGER", zero},
    {"origCause_value", "INTEGER", [](const Source& s) { return number(cause_value(s.cdr, true)); }},
    {"origPrecedenceLevel", "INTEGER", [](const Source&) { return number(kRoutine); }},
    {"origMediaTransportAddress_IP", "INTEGER",
     [](const Source& s) { return number(address_number(s.cdr.calling_media)); }},
    {"origMediaTransportAddress_Port", "INTEGER",
     [](const Source& s) { return number(port_number(s.cdr.calling_media)); }},
    {"origMediaCap_payloadCapability", "INTEGER",
     [](const Source& s) { return number(codec_number(codec_of(s.cdr, s.cdr.calling_media))); }},
    {"origMediaCap_maxFramesPerPacket", "INTEGER",
     [](const Source& s) { return number(codec_frames(codec_of(s.cdr, s.cdr.calling_media))); }},
    {"origMediaCap_g723BitRate", "INTEGER", zero},
    {"origVideoCap_Codec", "INTEGER", [](const Source& s) { return number(codec_number(video_of(s.cdr))); }},
    {"origVideoCap_Bandwidth", "INTEGER", zero},
    {"origVideoCap_Resolution", "INTEGER", zero},
    {"origVideoTransportAddress_IP", "INTEGER",
     [](const Source& s) { return number(has_video(s.cdr) ? address_number(s.cdr.calling_video) : 0); }},
    {"origVideoTransportAddress_Port", "INTEGER",
     [](const Source& s) { return number(has_video(s.cdr) ? port_number(s.cdr.calling_video) : 0); }},
    {"origRSVPAudioStat", "VARCHAR(64)", [](const Source&) { return std::string("0"); }},
    {"origRSVPVideoStat", "VARCHAR(64)", [](const Source&) { return std::string("0"); }},
    {"destLegIdentifier", "INTEGER", [](const Source& s) { return number(s.cdr.called_leg); }},
    {"destNodeId", "INTEGER", [](const Source& s) { return number(s.cdr.called_leg == 0 ? 0 : kNode); }},
    {"destSpan", "INTEGER", zero},
    {"destIpAddr", "INTEGER", [](const Source& s) { return number(address_number(s.cdr.called_address)); }},
    {"originalCalledPartyNumber", "VARCHAR(50)", [](const Source& s) { return original_called(s.cdr); }},
    {"finalCalledPartyNumber", "VARCHAR(50)", [](const Source& s) { return final_called(s.cdr); }},
    {"finalCalledPartyUnicodeLoginUserID", "VARCHAR(128)", text<&Cdr::called_user>},
    {"destCause_location", "INTEGER", zero},
    {"destCause_value", "INTEGER", [](const Source& s) { return number(cause_value(s.cdr, false)); }},
    {"destPrecedenceLevel", "INTEGER", [](const Source&) { return number(kRoutine); }},
    {"destMediaTransportAddress_IP", "INTEGER",
     [](const Source& s) { return number(address_number(s.cdr.called_media)); }},
    {"destMediaTransportAddress_Port", "INTEGER",
     [](const Source& s) { return number(port_number(s.cdr.called_media)); }},
    {"destMediaCap_payloadCapability", "INTEGER",
     [](const Source& s) { return number(codec_number(codec_of(s.cdr, s.cdr.called_media))); }},
    {"destMediaCap_maxFramesPerPacket", "INTEGER",
     [](const Source& s) { return number(codec_frames(codec_of(s.cdr, s.cdr.called_media))); }},
    {"destMediaCap_g723BitRate", "INTEGER", zero},
    {"destVideoCap_Codec", "INTEGER", [](const Source& s) { return number(codec_number(video_of(s.cdr))); }},
    {"destVideoCap_Bandwidth", "INTEGER", zero},
    {"destVideoCap_Resolution", "INTEGER", zero},
    {"destVideoTransportAddress_IP", "INTEGER",
     [](const Source& s) { return number(has_video(s.cdr) ? address_number(s.cdr.called_video) : 0); }},
    {"destVideoTransportAddress_Port", "INTEGER",
     [](const Source& s) { return number(has_video(s.cdr) ? port_number(s.cdr.called_video) : 0); }},
    {"destRSVPAudioStat", "VARCHAR(64)", [](const Source&) { return std::string("0"); }},
    {"destRSVPVideoStat", "VARCHAR(64)", [](const Source&) { return std::string("0"); }},
    {"dateTimeConnect", "INTEGER", [](const Source& s) { return seconds_of(s.cdr.answer); }},
    {"dateTimeDisconnect", "INTEGER", [](const Source& s) { return seconds_of(s.cdr.end); }},
    {"lastRedirectDn", "VARCHAR(50)", [](const Source& s) { return last_redirect(s.cdr); }},
    {"pkid", "UNIQUEIDENTIFIER", [](const Source& s) { return record_uuid(s.cdr.id); }},
    {"originalCalledPartyNumberPartition", "VARCHAR(50)",
     [](const Source& s) {
       return s.partition(s.cdr.original.number.empty() ? s.cdr.called_partition : s.cdr.original.partition);
     }},
    {"callingPartyNumberPartition", "VARCHAR(50)",
     [](const Source& s) { return s.partition(s.cdr.calling_partition); }},
    {"finalCalledPartyNumberPartition", "VARCHAR(50)",
     [](const Source& s) { return s.partition(s.cdr.called_partition); }},
    {"lastRedirectDnPartition", "VARCHAR(50)",
     [](const Source& s) {
       return s.partition(s.cdr.last.number.empty() ? s.cdr.called_partition : s.cdr.last.partition);
     }},
    {"duration", "INTEGER", [](const Source& s) { return duration_of(s.cdr); }},
    {"origDeviceName", "VARCHAR(129)", text<&Cdr::calling_device>},
    {"destDeviceName", "VARCHAR(129)", text<&Cdr::called_device>},
    {"origCallTerminationOnBehalfOf", "INTEGER",
     [](const Source& s) { return number(ended_on_behalf_of(s.cdr, true)); }},
    {"destCallTerminationOnBehalfOf", "INTEGER",
     [](const Source& s) { return number(ended_on_behalf_of(s.cdr, false)); }},
    {"origCalledPartyRedirectOnBehalfOf", "INTEGER", [](const Source& s) { return code(s.cdr.original.by); }},
    {"lastRedirectRedirectOnBehalfOf", "INTEGER", [](const Source& s) { return code(s.cdr.last.by); }},
    {"origCalledPartyRedirectReason", "INTEGER", [](const Source& s) { return code(s.cdr.original.reason); }},
    {"lastRedirectRedirectReason", "INTEGER", [](const Source& s) { return code(s.cdr.last.reason); }},
    {"destConversationId", "INTEGER", zero},
    {"globalCallId_ClusterID", "VARCHAR(50)", [](const Source& s) { return std::string(s.cluster); }},
    {"joinOnBehalfOf", "INTEGER", [](const Source& s) { return code(s.cdr.joined_by); }},
    {"comment", "VARCHAR(2048)", nothing},
    {"authCodeDescription", "VARCHAR(50)", nothing},
    {"authorizationLevel", "INTEGER", zero},
    {"clientMatterCode", "VARCHAR(32)", nothing},
    {"origDTMFMethod", "INTEGER", zero},
    {"destDTMFMethod", "INTEGER", zero},
    {"callSecuredStatus", "INTEGER", zero},
    {"origConversationId", "INTEGER", zero},
    {"origMediaCap_Bandwidth", "INTEGER",
     [](const Source& s) { return number(codec_bandwidth(codec_of(s.cdr, s.cdr.calling_media))); }},
    {"destMediaCap_Bandwidth", "INTEGER",
     [](const Source& s) { return number(codec_bandwidth(codec_of(s.cdr, s.cdr.called_media))); }},
    {"authorizationCodeValue", "VARCHAR(32)", nothing},
    {"outpulsedCallingPartyNumber", "VARCHAR(50)", nothing},
    {"outpulsedCalledPartyNumber", "VARCHAR(50)", nothing},
    {"origIpv4v6Addr", "VARCHAR(64)", [](const Source& s) { return address_text(s.cdr.calling_address); }},
    {"destIpv4v6Addr", "VARCHAR(64)", [](const Source& s) { return address_text(s.cdr.called_address); }},
    {"origVideoCap_Codec_Channel2", "INTEGER", zero},
    {"origVideoCap_Bandwidth_Channel2", "INTEGER", zero},
    {"origVideoCap_Resolution_Channel2", "INTEGER", zero},
    {"origVideoTransportAddress_IP_Channel2", "INTEGER", zero},
    {"origVideoTransportAddress_Port_Channel2", "INTEGER", zero},
    {"origVideoChannel_Role_Channel2", "INTEGER", zero},
    {"destVideoCap_Codec_Channel2", "INTEGER", zero},
    {"destVideoCap_Bandwidth_Channel2", "INTEGER", zero},
    {"destVideoCap_Resolution_Channel2", "INTEGER", zero},
    {"destVideoTransportAddress_IP_Channel2", "INTEGER", zero},
    {"destVideoTransportAddress_Port_Channel2", "INTEGER", zero},
    {"destVideoChannel_Role_Channel2", "INTEGER", zero},
    {"IncomingProtocolID", "INTEGER", [](const Source&) { return number(kSip); }},
    {"IncomingProtocolCallRef", "VARCHAR(32)", text<&Cdr::calling_call_id>},
    {"OutgoingProtocolID", "INTEGER", [](const Source& s) { return number(s.cdr.called_call_id.empty() ? 0 : kSip); }},
    {"OutgoingProtocolCallRef", "VARCHAR(32)", text<&Cdr::called_call_id>},
    {"currentRoutingReason", "INTEGER", zero},
    {"origRoutingReason", "INTEGER", zero},
    {"lastRedirectingRoutingReason", "INTEGER", zero},
    {"huntPilotPartition", "VARCHAR(50)", [](const Source& s) { return s.partition(s.cdr.hunt_partition); }},
    {"huntPilotDN", "VARCHAR(50)", text<&Cdr::hunt_pilot>},
    {"calledPartyPatternUsage", "INTEGER",
     [](const Source& s) { return number(s.cdr.hunt_pilot.empty() ? kPatternDevice : kPatternHunt); }},
    {"IncomingICID", "VARCHAR(50)", nothing},
    {"IncomingOrigIOI", "VARCHAR(50)", nothing},
    {"IncomingTermIOI", "VARCHAR(50)", nothing},
    {"OutgoingICID", "VARCHAR(50)", nothing},
    {"OutgoingOrigIOI", "VARCHAR(50)", nothing},
    {"OutgoingTermIOI", "VARCHAR(50)", nothing},
    {"outpulsedOriginalCalledPartyNumber", "VARCHAR(50)", nothing},
    {"outpulsedLastRedirectingNumber", "VARCHAR(50)", nothing},
    {"wasCallQueued", "INTEGER", zero},
    {"totalWaitTimeInQueue", "INTEGER", zero},
    {"callingPartyNumber_uri", "VARCHAR(255)", nothing},
    {"originalCalledPartyNumber_uri", "VARCHAR(255)", nothing},
    {"finalCalledPartyNumber_uri", "VARCHAR(255)", nothing},
    {"lastRedirectDn_uri", "VARCHAR(255)", nothing},
    {"mobileCallingPartyNumber", "VARCHAR(50)", nothing},
    {"finalMobileCalledPartyNumber", "VARCHAR(50)", nothing},
    {"origMobileDeviceName", "VARCHAR(129)", nothing},
    {"destMobileDeviceName", "VARCHAR(129)", nothing},
    {"origMobileCallDuration", "INTEGER", zero},
    {"destMobileCallDuration", "INTEGER", zero},
    {"mobileCallType", "INTEGER", zero},
    {"originalCalledPartyPattern", "VARCHAR(50)", [](const Source& s) { return original_called(s.cdr); }},
    {"finalCalledPartyPattern", "VARCHAR(50)", [](const Source& s) { return final_called(s.cdr); }},
    {"lastRedirectingPartyPattern", "VARCHAR(50)", [](const Source& s) { return last_redirect(s.cdr); }},
    {"huntPilotPattern", "VARCHAR(50)", text<&Cdr::hunt_pilot>},
    {"origDeviceType", "VARCHAR(50)", nothing},
    {"destDeviceType", "VARCHAR(50)", nothing},
    {"origDeviceSessionID", "VARCHAR(128)", nothing},
    {"destDeviceSessionID", "VARCHAR(128)", nothing},
};

}  // namespace

std::span<const Column> columns() { return kColumns; }

}  // namespace carillon::admin::cucm
