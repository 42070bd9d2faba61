#pragma once
// The codecs that we know something of: bit rates, what they are for, and whether two descriptions of one mean the same
// (RFC 3551 tables 4 and 5, and the RFCs of the payload formats). Nothing is coded here; media goes from phone to
// phone.

#include <cstdint>
#include <optional>
#include <string>

#include "sdp/session.h"

namespace carillon::sdp {

enum class CodecKind : uint8_t {
  audio,
  video,
  aid,  // tones, comfort noise, redundancy, retransmission: no conversation by itself
};

struct Codec {
  View name;  // RTP encoding name
  CodecKind kind = CodecKind::audio;
  uint16_t kbit = 0;  // of the codec, rounded up; 0: depends on its parameters
  uint16_t wire = 0;  // with IP, UDP and RTP headers, at its usual packet length
};

// By encoding name, in any case, and by the other names of CLEARMODE (RFC 4040): X-CCD, CCD, G.nX64, G.Clear. Null when
// we do not know it.
const Codec* find_codec(View encoding);

// One payload type of a media line.
struct Format {
  View number;
  View encoding;  // "PCMU"; "" when nothing says it
  uint32_t clock = 0;
  uint32_t channels = 1;
  View parameters;             // of a=fmtp, "" when there is none
  const Codec* row = nullptr;  // null: unknown
  bool conversation() const { return row == nullptr || row->kind != CodecKind::aid; }
};
// The encoding name of a payload type in `m`: from its a=rtpmap, else by RFC 3551; "" when unknown.
View encoding_of(const Media& m, View payload_type);
// What the writer says of this payload type: its a=rtpmap, else RFC 3551 by number; its a=fmtp.
Format format_of(const Media& m, View payload_type);

// Codec bit rate in kbit/s, rounded up; nothing when it cannot be told. Opus counts as its maxaveragebitrate (RFC 7587
// §7.1), 64 when it does not say one.
std::optional<uint32_t> bit_rate(const Format& f);
// The same with headers, as call admission counts it (G.711 is 80, G.729 is 24).
std::optional<uint32_t> wire_rate(const Format& f);

// The value of a parameter of a=fmtp ("profile-level-id" of "profile-level-id=42e01f;packetization-mode=1"), "" when it
// is not there.
View fmtp_value(View parameters, View name);

// May two offers of these be joined: same codec, clock and channels, and parameters of which both sides must be of one
// mind (H.264 profile and packetisation mode, RFC 6184 §8.2.2; octet-align of AMR, RFC 4867 §8.3.1; mode of G.722.1)?
bool same_codec(const Format& a, const Format& b);

// Is this RTP (its formats are payload types), in any profile?
bool is_rtp(const Media& m);
// The next blank-separated word of a list, which loses it; "" at the end.
View next_token(View& list);
bool has_token(View list, View wanted);

// "audio PCMU PCMA, video H264", for people; "nothing" when there is none. Control characters and quotes are left out.
void append_codec_list(std::string& out, const Session& session);

}  // namespace carillon::sdp
