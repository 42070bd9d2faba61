#pragma once
// SDP as a phone reads and writes it (RFC 4566, RFC 3264), apart from src/sdp.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::sim {

enum class Direction : uint8_t { sendrecv, sendonly, recvonly, inactive };
constexpr bool sends(Direction d) { return d == Direction::sendrecv || d == Direction::sendonly; }
constexpr bool receives(Direction d) { return d == Direction::sendrecv || d == Direction::recvonly; }
// What the answer must say at least (RFC 3264 §6.1).
Direction mirrored(Direction offered);
// As far as both allow.
Direction narrowed(Direction a, Direction b);

// What a payload number means.
struct FormatMap {
  std::string name, clock, parameters;
};
// By RFC 3551, without a=rtpmap; an empty name for others.
FormatMap static_map(const std::string& number);

struct MediaLine {
  std::string type = "audio";
  std::string ip;
  uint16_t port = 0;
  Direction direction = Direction::sendrecv;
  std::string formats = "0 8 101";
  std::string protocol = "RTP/AVP";
  std::map<std::string, FormatMap> maps;  // by payload number
  uint32_t bandwidth = 0;                 // b=AS, kbit/s; 0: none
  bool alive() const { return port != 0; }
};

struct Sdp {
  std::vector<MediaLine> lines;
  uint64_t version = 0;
  const MediaLine* audio() const;
  const MediaLine* video() const;
  static std::optional<Sdp> read(std::string_view body);
  std::string print(std::string_view user, uint64_t session) const;
};

}  // namespace carillon::sim
