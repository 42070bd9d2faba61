#include "media.h"

#include <algorithm>

#include "base/text.h"
#include "wire.h"

namespace carillon::sim {
namespace {

constexpr std::string_view kNames[] = {"sendrecv", "sendonly", "recvonly", "inactive"};

std::optional<Direction> direction_of(View attribute) {
  for (size_t i = 0; i < 4; i++) {
    if (attribute == kNames[i]) return static_cast<Direction>(i);
  }
  return {};
}

MediaLine media_line(View value, const std::string& ip, Direction direction) {
  MediaLine m;
  m.ip = ip;
  m.direction = direction;
  const size_t a = value.find(' ');
  const size_t b = value.find(' ', a + 1);
  const size_t c = value.find(' ', b + 1);
  m.type = value.substr(0, a);
  m.port = static_cast<uint16_t>(number_or(value.substr(a + 1, b - a - 1), 0));
  if (b != View::npos) m.protocol = value.substr(b + 1, c - b - 1);
  m.formats = c == View::npos ? View() : value.substr(c + 1);
  return m;
}

std::string maps_of(const MediaLine& m) {
  std::string s;
  for (const auto& [number, map] : m.maps) {
    s += "a=rtpmap:" + number + " " + map.name + "/" + map.clock + "\r\n";
    if (!map.parameters.empty()) s += "a=fmtp:" + number + " " + map.parameters + "\r\n";
  }
  return s;
}

// "96 opus/48000/2" of a=rtpmap, "96 useinbandfec=1" of a=fmtp.
void take_map(MediaLine& m, View value, bool is_rtpmap) {
  const size_t blank = value.find(' ');
  if (blank == View::npos) return;
  FormatMap& map = m.maps[std::string(value.substr(0, blank))];
  const View rest = value.substr(blank + 1);
  if (!is_rtpmap) {
    map.parameters = rest;
    return;
  }
  const size_t slash = rest.find('/');
  map.name = rest.substr(0, slash);
  map.clock = slash == View::npos ? View() : rest.substr(slash + 1);
}

void take_static_maps(MediaLine& m) {
  View formats = m.formats;
  while (!formats.empty()) {
    const std::string number(formats.substr(0, formats.find(' ')));
    const FormatMap map = static_map(number);
    FormatMap& known = m.maps[number];
    if (known.name.empty()) known.name = map.name, known.clock = map.clock;
    formats.remove_prefix(std::min(formats.size(), number.size() + 1));
  }
}

}  // namespace

Direction mirrored(Direction offered) {
  if (offered == Direction::sendonly) return Direction::recvonly;
  if (offered == Direction::recvonly) return Direction::sendonly;
  return offered;
}

Direction narrowed(Direction a, Direction b) {
  const bool send = sends(a) && sends(b), receive = receives(a) && receives(b);
  if (send) return receive ? Direction::sendrecv : Direction::sendonly;
  return receive ? Direction::recvonly : Direction::inactive;
}

const MediaLine* Sdp::audio() const {
  for (const MediaLine& m : lines) {
    if (m.type == "audio") return &m;
  }
  return nullptr;
}

const MediaLine* Sdp::video() const {
  for (const MediaLine& m : lines) {
    if (m.type == "video") return &m;
  }
  return nullptr;
}

std::optional<Sdp> Sdp::read(std::string_view body) {
  if (body.substr(0, 3) != "v=0") return {};
  Sdp s;
  std::string session_ip;
  Direction session_direction = Direction::sendrecv;
  for (View line : split_lines(body)) {
    if (line.size() < 2 || line[1] != '=') continue;
    const View value = line.substr(2);
    if (line[0] == 'o') {
      const size_t a = value.find(' ');
      const size_t b = value.find(' ', a + 1);
      const size_t c = value.find(' ', b + 1);
      s.version = to_number<uint64_t>(value.substr(b + 1, c - b - 1)).value_or(0);
    } else if (line[0] == 'm') {
      s.lines.push_back(media_line(value, session_ip, session_direction));
    } else if (line[0] == 'c') {
      const std::string ip(value.substr(value.rfind(' ') + 1));
      (s.lines.empty() ? session_ip : s.lines.back().ip) = ip;
    } else if (line.substr(0, 5) == "b=AS:" && !s.lines.empty()) {
      s.lines.back().bandwidth = number_or(line.substr(5), 0);
    } else if (line[0] == 'a') {
      const bool is_rtpmap = value.substr(0, 7) == "rtpmap:";
      if (!s.lines.empty() && (is_rtpmap || value.substr(0, 5) == "fmtp:"))
        take_map(s.lines.back(), value.substr(is_rtpmap ? 7 : 5), is_rtpmap);
      const auto direction = direction_of(value);
      if (direction) (s.lines.empty() ? session_direction : s.lines.back().direction) = *direction;
    }
  }
  for (MediaLine& m : s.lines) take_static_maps(m);
  return s;
}

std::string Sdp::print(std::string_view user, uint64_t session) const {
  const std::string ip = lines.empty() ? "0.0.0.0" : lines[0].ip;
  const std::string kind = ip.find(':') == std::string::npos ? "IN IP4 " : "IN IP6 ";
  std::string s = "v=0\r\no=" + std::string(user) + " " + std::to_string(session) + " " + std::to_string(version) +
                  " " + kind + ip + "\r\ns=-\r\nc=" + kind + ip + "\r\nt=0 0\r\n";
  for (const MediaLine& m : lines) {
    s += "m=" + m.type + " " + std::to_string(m.port) + " " + m.protocol + " " + m.formats + "\r\n";
    if (m.ip != ip) s += "c=" + kind + m.ip + "\r\n";
    if (m.bandwidth != 0) s += "b=AS:" + std::to_string(m.bandwidth) + "\r\n";
    s += maps_of(m);
    s += "a=" + std::string(kNames[static_cast<size_t>(m.direction)]) + "\r\n";
  }
  return s;
}

}  // namespace carillon::sim
