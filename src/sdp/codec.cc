#include "sdp/codec.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace carillon::sdp {

namespace {

constexpr auto kAudio = CodecKind::audio;
constexpr auto kVideo = CodecKind::video;
constexpr auto kAid = CodecKind::aid;

constexpr Codec kCodecs[] = {
    {"PCMU", kAudio, 64, 80},
    {"PCMA", kAudio, 64, 80},
    {"G722", kAudio, 64, 80},
    {"GSM", kAudio, 13, 29},
    {"GSM-EFR", kAudio, 13, 29},
    {"G723", kAudio, 7, 24},
    {"G728", kAudio, 16, 27},
    {"G729", kAudio, 8, 24},
    {"G729D", kAudio, 7, 23},
    {"G729E", kAudio, 12, 28},
    {"G726-16", kAudio, 16, 32},
    {"G726-24", kAudio, 24, 40},
    {"G726-32", kAudio, 32, 48},
    {"G726-40", kAudio, 40, 56},
    {"G7221", kAudio, 32, 48},
    {"iLBC", kAudio, 16, 24},
    {"LPC", kAudio, 6, 22},
    {"QCELP", kAudio, 14, 30},
    {"EVRC", kAudio, 9, 25},
    {"AMR", kAudio, 13, 29},
    {"AMR-WB", kAudio, 24, 40},
    {"EVS", kAudio, 25, 41},
    {"BV16", kAudio, 16, 32},
    {"BV32", kAudio, 32, 48},
    {"speex", kAudio, 0, 0},
    {"opus", kAudio, 0, 0},
    {"L16", kAudio, 0, 0},
    {"L8", kAudio, 0, 0},
    {"DVI4", kAudio, 0, 0},
    {"SILK", kAudio, 40, 56},
    {"CLEARMODE", kAudio, 64, 80},
    {"H261", kVideo, 0, 0},
    {"H263", kVideo, 0, 0},
    {"H263-1998", kVideo, 0, 0},
    {"H263-2000", kVideo, 0, 0},
    {"H264", kVideo, 0, 0},
    {"H264-SVC", kVideo, 0, 0},
    {"H265", kVideo, 0, 0},
    {"VP8", kVideo, 0, 0},
    {"VP9", kVideo, 0, 0},
    {"AV1", kVideo, 0, 0},
    {"JPEG", kVideo, 0, 0},
    {"MPV", kVideo, 0, 0},
    {"MP4V-ES", kVideo, 0, 0},
    {"H224", kVideo, 0, 0},
    {"CN", kAid, 0, 0},
    {"telephone-event", kAid, 0, 0},
    {"tone", kAid, 0, 0},
    {"red", kAid, 0, 0},
    {"rtx", kAid, 0, 0},
    {"ulpfec", kAid, 0, 0},
    {"flexfec", kAid, 0, 0},
    {"parityfec", kAid, 0, 0},
};

constexpr View kClearmode[] = {"X-CCD", "CCD", "G.nX64", "G.Clear", "GnX64"};

struct Static {
  View encoding;
  uint32_t clock;
  uint32_t channels;
};
// RFC 3551 tables 4 and 5, by number.
constexpr Static kStatic[] = {
    {"PCMU", 8000, 1},  {"", 0, 1},         {"", 0, 1},         {"GSM", 8000, 1},   {"G723", 8000, 1},
    {"DVI4", 8000, 1},  {"DVI4", 16000, 1}, {"LPC", 8000, 1},   {"PCMA", 8000, 1},  {"G722", 8000, 1},
    {"L16", 44100, 2},  {"L16", 44100, 1},  {"QCELP", 8000, 1}, {"CN", 8000, 1},    {"MPA", 90000, 1},
    {"G728", 8000, 1},  {"DVI4", 11025, 1}, {"DVI4", 22050, 1}, {"G729", 8000, 1},  {"", 0, 1},
    {"", 0, 1},         {"", 0, 1},         {"", 0, 1},         {"", 0, 1},         {"", 0, 1},
    {"CelB", 90000, 1}, {"JPEG", 90000, 1}, {"", 0, 1},         {"nv", 90000, 1},   {"", 0, 1},
    {"", 0, 1},         {"H261", 90000, 1}, {"MPV", 90000, 1},  {"MP2T", 90000, 1}, {"H263", 90000, 1},
};

// Parameters that must be equal, with what their absence means.
struct Demand {
  View codec, parameter, otherwise;
  size_t length;  // compared so far; 0: whole
};
constexpr Demand kDemands[] = {
    {"H264", "packetization-mode", "0", 0},
    {"H264", "profile-level-id", "420010", 4},
    {"H264-SVC", "packetization-mode", "0", 0},
    {"H264-SVC", "profile-level-id", "420010", 4},
    {"AMR", "octet-align", "0", 0},
    {"AMR-WB", "octet-align", "0", 0},
    {"G7221", "bitrate", "", 0},
    {"VP9", "profile-id", "0", 0},
    {"MP4A-LATM", "cpresent", "1", 0},
};

// The rest of the line "a=<name>:<payload type> <rest>".
bool attribute_of(View line, View start, View payload_type, View& rest) {
  if (line.substr(0, start.size()) != start) return false;
  line.remove_prefix(start.size());
  const size_t blank = line.find(' ');
  if (blank == View::npos || line.substr(0, blank) != payload_type) return false;
  rest = trim(line.substr(blank + 1));
  return true;
}

void take_map(Format& f, View map) {
  const size_t slash = map.find('/');
  f.encoding = map.substr(0, slash);
  if (slash == View::npos) return;
  const View rest = map.substr(slash + 1);
  const size_t second = rest.find('/');
  f.clock = to_number<uint32_t>(rest.substr(0, second)).value_or(0);
  f.channels = second == View::npos ? 1 : to_number<uint32_t>(rest.substr(second + 1)).value_or(1);
}

std::optional<uint32_t> kbit(View bits, uint32_t otherwise) {
  const auto number = to_number<uint32_t>(bits);
  if (!number || *number == 0) return otherwise;
  return std::min<uint32_t>((*number + 999) / 1000, 100'000);
}

View demanded(const Format& f, const Demand& d) {
  View value = fmtp_value(f.parameters, d.parameter);
  if (value.empty()) value = d.otherwise;
  return d.length == 0 ? value : value.substr(0, d.length);
}

void append_word(std::string& out, View word) {
  for (const char c : word.substr(0, 32)) {
    if (c > ' ' && c < 0x7f && c != '"' && c != '\\') out.push_back(c);
  }
}

}  // namespace

View next_token(View& list) {
  while (!list.empty() && list.front() == ' ') list.remove_prefix(1);
  const View token = list.substr(0, list.find(' '));
  list.remove_prefix(token.size());
  return token;
}

bool has_token(View list, View wanted) {
  for (View token = next_token(list); !token.empty(); token = next_token(list)) {
    if (token == wanted) return true;
  }
  return false;
}

bool is_rtp(const Media& m) { return m.protocol.substr(0, 4) == "RTP/" || m.protocol.find("/RTP/") != View::npos; }

const Codec* find_codec(View encoding) {
  for (const View alias : kClearmode) {
    if (iequals(alias, encoding)) encoding = "CLEARMODE";
  }
  for (const Codec& c : kCodecs) {
    if (iequals(c.name, encoding)) return &c;
  }
  return nullptr;
}

Format format_of(const Media& m, View payload_type) {
  Format f;
  f.number = payload_type;
  View rest = m.lines, line, value;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (f.encoding.empty() && attribute_of(line, "a=rtpmap:", payload_type, value)) take_map(f, value);
    if (f.parameters.empty() && attribute_of(line, "a=fmtp:", payload_type, value)) f.parameters = value;
  }
  if (f.encoding.empty()) {
    const auto number = to_number<size_t>(payload_type);
    if (number && *number < std::size(kStatic)) {
      const Static& s = kStatic[*number];
      f.encoding = s.encoding, f.clock = s.clock, f.channels = s.channels;
    }
  }
  f.row = f.encoding.empty() ? nullptr : find_codec(f.encoding);
  return f;
}

View encoding_of(const Media& m, View payload_type) {
  View rest = m.lines, line, value;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (attribute_of(line, "a=rtpmap:", payload_type, value)) return value.substr(0, value.find('/'));
  }
  const auto number = to_number<size_t>(payload_type);
  return number && *number < std::size(kStatic) ? kStatic[*number].encoding : View();
}

View fmtp_value(View parameters, View name) {
  while (!parameters.empty()) {
    const View one = trim(parameters.substr(0, parameters.find(';')));
    const size_t equals = one.find('=');
    if (iequals(one.substr(0, equals), name)) return equals == View::npos ? View() : trim(one.substr(equals + 1));
    const size_t end = parameters.find(';');
    if (end == View::npos) break;
    parameters.remove_prefix(end + 1);
  }
  return {};
}

std::optional<uint32_t> bit_rate(const Format& f) {
  if (f.row == nullptr) return {};
  const View name = f.row->name;
  if (name == "opus") return kbit(fmtp_value(f.parameters, "maxaveragebitrate"), 64);
  if (name == "SILK") return kbit(fmtp_value(f.parameters, "maxaveragebitrate"), f.row->kbit);
  if (name == "G7221") return kbit(fmtp_value(f.parameters, "bitrate"), f.row->kbit);
  if (name == "iLBC") return fmtp_value(f.parameters, "mode") == "20" ? 16 : 14;
  if (name == "speex") return f.clock >= 32000 ? 44 : f.clock >= 16000 ? 28 : 25;
  const uint32_t samples = std::min(f.clock, 192'000u) * std::clamp(f.channels, 1u, 16u);
  if (name == "L16" && samples != 0) return samples / 1000 * 16;
  if (name == "L8" && samples != 0) return samples / 1000 * 8;
  if (name == "DVI4" && samples != 0) return samples / 1000 * 4;
  return f.row->kbit == 0 ? std::optional<uint32_t>() : f.row->kbit;
}

std::optional<uint32_t> wire_rate(const Format& f) {
  if (f.row != nullptr && f.row->wire != 0) return f.row->wire;
  constexpr uint32_t kHeaders = 16;  // 40 bytes each 20 ms
  const auto rate = bit_rate(f);
  return rate ? std::optional(*rate + kHeaders) : std::nullopt;
}

bool same_codec(const Format& a, const Format& b) {
  if (a.encoding.empty() || a.clock != b.clock || a.channels != b.channels) return false;
  if (!iequals(a.encoding, b.encoding) && (a.row == nullptr || a.row != b.row)) return false;
  for (const Demand& d : kDemands) {
    if (iequals(d.codec, a.encoding) && !iequals(demanded(a, d), demanded(b, d))) return false;
  }
  return true;
}

void append_codec_list(std::string& out, const Session& session) {
  constexpr size_t kMost = 200;  // a Warning is read by people
  const size_t start = out.size();
  for (const Media& m : session) {
    if (m.port == 0 || out.size() - start > kMost) continue;
    if (out.size() != start) out += ", ";
    append_word(out, m.type);
    View rest = m.formats;
    for (View token = next_token(rest); !token.empty() && out.size() - start < kMost; token = next_token(rest)) {
      out.push_back(' ');
      const Format f = is_rtp(m) ? format_of(m, token) : Format{};
      append_word(out, f.encoding.empty() ? token : f.encoding);
    }
  }
  if (out.size() == start) out += "nothing";
}

}  // namespace carillon::sdp
