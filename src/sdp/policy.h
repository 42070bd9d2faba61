#pragma once
// What a pair of parties may use, and what of a media line remains under it.

#include <cstdint>
#include <span>
#include <string>

#include "sdp/session.h"

namespace carillon::sdp {

// A default Policy restricts nothing, and what it lets through is copied byte by byte.
struct Policy {
  bool no_video = false;       // a Basic phone takes part, a region forbids it, or it has been given up for this call
  uint32_t audio_kbit = 0;     // most for a codec; 0: any
  uint32_t video_kbit = 0;     // most for a video line; 0: any
  uint32_t wire_kbit = 0;      // most for a codec with its headers; 0: any
  bool unknown_codecs = true;  // may a codec pass whose bit rate is not known?
  std::span<const std::string> preference;  // encoding names, best first; others after them in their order

  // Video, and what serves it (BFCP, far-end camera control), is left out of a call without video.
  bool allows(const Media& m) const { return !no_video || (m.type != "video" && m.type != "application"); }
  bool touches_audio() const { return audio_kbit != 0 || wire_kbit != 0 || !unknown_codecs || !preference.empty(); }
};

enum class Choice : uint8_t {
  all,      // as they stand
  some,     // `formats` has what remains, or their new order
  nothing,  // no codec remains
};
// The formats of `m` that the policy leaves, in the order that it prefers. Tones and comfort noise stay with any codec
// of their clock rate, and go when none remains (RFC 4733 §7.1 asks for the same rate); others of their kind likewise.
Choice choose_formats(const Media& m, const Policy& policy, std::string& formats);

// How bandwidth lines are written (SIP Profile).
enum class BandwidthLines : uint8_t {
  as_received,
  as,    // b=AS alone
  tias,  // b=TIAS alone (RFC 3890)
  both,
};

// What happens to the lines of a media description on the way. The default leaves them.
struct LineRules {
  bool zero_connection = false;  // c=IN IP4 0.0.0.0
  View formats;                  // attributes of other payload types are dropped; "" keeps all
  BandwidthLines bandwidth = BandwidthLines::as_received;
  uint32_t most_kbit = 0;  // of a bandwidth line; written when there is none; 0: any
  bool none() const {
    return !zero_connection && formats.empty() && bandwidth == BandwidthLines::as_received && most_kbit == 0;
  }
};
// The lines of a media description, or of the head of a session, one by one; i= and empty ones are left out.
void append_lines(std::string& out, View lines, const LineRules& rules);
// Is this an attribute of a payload type that is not among `formats` (a=rtpmap, a=fmtp, a=rtcp-fb)?
bool is_left_over(View line, View formats);
// A bandwidth line as the rules have it; several lines, or none, may come of it. False when `line` is none.
class BandwidthWriter {
 public:
  explicit BandwidthWriter(const LineRules& rules) : rules_(rules) {}
  bool take(View line);
  // What is to stand before the attributes. Once.
  void flush(std::string& out);

 private:
  const LineRules& rules_;
  uint64_t bits_ = 0;  // the largest that was said
  bool as_ = false, tias_ = false, done_ = false;
};

}  // namespace carillon::sdp
