#include "sdp/relay.h"

#include <charconv>
#include <iterator>

#include "base/hash.h"
#include "base/text.h"
#include "sdp/write.h"

namespace carillon::sdp {

namespace {

void append(std::string& to, View a, View b, View c) { to.append(a).append(b).append(c); }

// The lines of a media description that may not be copied as a block.
void append_lines(std::string& out, View lines, bool zero_connection) {
  View line;
  bool crlf = false;
  while (next_line(lines, line, crlf)) {
    if (line.empty() || line[0] == 'i') continue;
    if (zero_connection && line[0] == 'c') line = "c=IN IP4 0.0.0.0";
    append(out, line, "\r\n", {});
  }
}

void append_media(std::string& out, const Media& m, bool zero_connection) {
  append(out, "m=", m.type, " ");
  append(out, m.port_text, " ", m.protocol);
  append(out, " ", m.formats, "\r\n");
  if (m.plain && !zero_connection) {
    out.append(m.lines);
  } else {
    append_lines(out, m.lines, zero_connection);
  }
}

bool has_time(View head) { return head.find("\nt=") != View::npos || head.find("\rt=") != View::npos; }

// RFC 3551 table 4, by number.
constexpr View kStatic[] = {"PCMU/8000",   "",           "",           "GSM/8000",  "G723/8000",
                            "DVI4/8000",   "DVI4/16000", "LPC/8000",   "PCMA/8000", "G722/8000",
                            "L16/44100/2", "L16/44100",  "QCELP/8000", "CN/8000",   "MPA/90000",
                            "G728/8000",   "DVI4/11025", "DVI4/22050", "G729/8000"};

}  // namespace

void append_head(std::string& out, const Session& from, bool lines_dropped, bool zero_connection) {
  out.append("s=-\r\n");
  View rest = from.head(), line;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (line.size() < 2) continue;
    switch (line[0]) {
      case 'v':
      case 'o':
      case 's':
      case 'i':
      case 'u':
      case 'e':
      case 'p':
        continue;
      case 'c':
        if (zero_connection) line = "c=IN IP4 0.0.0.0";
        break;
      case 'a':
        if (lines_dropped && line.substr(0, 8) == "a=group:") continue;  // names lines that are gone (RFC 5888)
        break;
      default:
        break;
    }
    append(out, line, "\r\n", {});
  }
  if (!has_time(from.head())) out.append("t=0 0\r\n");
}

void insert_origin(std::string& out, size_t at, OurOrigin& origin) {
  const uint64_t hash = hash_bytes(View(out).substr(at), 0) | 1;
  if (hash != origin.shown) origin.version++, origin.shown = hash;
  char line[160];
  size_t n = 0;
  const auto add = [&](View s) {
    const size_t take = s.size() < sizeof line - n ? s.size() : sizeof line - n;
    s.copy(line + n, take), n += take;
  };
  const auto add_number = [&](uint64_t v) {
    n = static_cast<size_t>(std::to_chars(line + n, line + sizeof line, v).ptr - line);
  };
  add("v=0\r\no=- ");
  add_number(origin.id);
  add(" ");
  add_number(origin.version);
  add(origin.address.find(':') == View::npos ? " IN IP4 " : " IN IP6 ");
  add(origin.address.substr(0, 64));
  add("\r\n");
  out.insert(at, line, n);
}

View LineMap::line(size_t index) const {
  View rest = dead;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const View row = rest.substr(0, end);
    rest.remove_prefix(end == View::npos ? rest.size() : end + 1);
    const size_t blank = row.find(' ');
    if (blank != View::npos && to_number<size_t>(row.substr(0, blank)) == index) return row.substr(blank + 1);
  }
  return {};
}

bool LineMap::has(size_t index) const { return !dead.empty() && !line(index).empty(); }

void LineMap::add(size_t index, const Media& m) {
  append_number(dead, index);
  append(dead, " m=", m.type.substr(0, 32), " 0 ");
  append(dead, m.protocol.substr(0, 64), " ", m.formats.substr(0, m.formats.find(' ')).substr(0, 32));
  dead.push_back('\n');
}

bool relay(const Session& from, LineMap& from_map, const LineMap& to_map, const RelayOptions& options,
           OurOrigin& origin, std::string& out) {
  size_t live = 0;
  for (size_t i = 0; i < from.size(); i++) {
    if (from_map.has(i)) continue;
    if (options.policy.allows(from.media(i))) {
      live++;
    } else {
      from_map.add(i, from.media(i));
    }
  }
  if (live == 0 && from.size() != 0) return false;
  const bool zero = options.zero_connection && hold_of(from) != Hold::none;
  const size_t start = out.size();
  append_head(out, from, !from_map.dead.empty(), zero);
  size_t position = 0;
  const auto fill = [&] {
    for (; to_map.has(position); position++) append(out, to_map.line(position), "\r\n", {});
  };
  for (size_t i = 0; i < from.size(); i++) {
    if (from_map.has(i)) continue;
    fill();
    append_media(out, from.media(i), zero);
    position++;
  }
  fill();
  insert_origin(out, start, origin);
  return true;
}

Hold hold_of(const Session& session) {
  Hold hold = Hold::none;
  for (const Media& m : session) {
    if (m.type != "audio" || m.port == 0) continue;
    if (is_zero_address(address_of(session.connection_of(m)))) {
      hold = Hold::zero_address;
    } else if (m.direction == Direction::sendonly) {
      hold = Hold::sendonly;
    } else if (m.direction == Direction::inactive) {
      hold = Hold::inactive;
    } else {
      return Hold::none;
    }
  }
  return hold;
}

View codec_of(const Media& m, View payload_type) {
  View rest = m.lines, line;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (line.substr(0, 9) != "a=rtpmap:") continue;
    line.remove_prefix(9);
    const size_t blank = line.find(' ');
    if (blank == View::npos || line.substr(0, blank) != payload_type) continue;
    line.remove_prefix(blank + 1);
    if (line.size() > 2 && line.substr(line.size() - 2) == "/1" && line.find('/') != line.size() - 2)
      line.remove_suffix(2);  // one channel is what is meant without a number
    return line;
  }
  const auto number = to_number<size_t>(payload_type);
  return number && *number < std::size(kStatic) ? kStatic[*number] : View();
}

View encoding_of(const Media& m, View payload_type) {
  const View codec = codec_of(m, payload_type);
  return codec.substr(0, codec.find('/'));
}

MediaSummary summary_of(const Session& session, View kind) {
  MediaSummary summary;
  for (const Media& m : session) {
    if (m.type != kind || m.port == 0) continue;
    const View address = address_of(session.connection_of(m));
    const bool v6 = address.find(':') != View::npos;
    summary.address.append(v6 ? "[" : "").append(address).append(v6 ? "]:" : ":");
    append_number(summary.address, m.port);
    summary.codec = encoding_of(m, m.formats.substr(0, m.formats.find(' ')));
    break;
  }
  return summary;
}

}  // namespace carillon::sdp
