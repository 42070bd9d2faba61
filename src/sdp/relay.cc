#include "sdp/relay.h"

#include <charconv>

#include "base/hash.h"
#include "base/text.h"
#include "sdp/codec.h"
#include "sdp/write.h"

namespace carillon::sdp {

namespace {

void append(std::string& to, View a, View b, View c) { to.append(a).append(b).append(c); }

void append_media(std::string& out, const Media& m, const LineRules& rules) {
  append(out, "m=", m.type, " ");
  append(out, m.port_text, " ", m.protocol);
  append(out, " ", rules.formats.empty() ? m.formats : rules.formats, "\r\n");
  if (m.plain && rules.none()) {
    out.append(m.lines);
  } else {
    append_lines(out, m.lines, rules);
  }
}

bool has_time(View head) { return head.find("\nt=") != View::npos || head.find("\rt=") != View::npos; }

// Of one m= line: what the options and the policy make of it. `formats` keeps the text that the rules point to.
LineRules rules_of(const Media& m, const RelayOptions& options, bool zero, std::string& formats) {
  LineRules rules;
  rules.zero_connection = zero;
  rules.bandwidth = options.bandwidth;
  if (m.type == "video" && m.port != 0) rules.most_kbit = options.policy.video_kbit;
  if (choose_formats(m, options.policy, formats) == Choice::some) rules.formats = formats;
  return rules;
}

bool any_alive(const Session& from, const LineMap& map) {
  for (size_t i = 0; i < from.size(); i++) {
    if (!map.has(i)) return true;
  }
  return false;
}

// The lines of `from` that the policy refuses. False when none is left that it allows.
bool refuse_lines(const Session& from, LineMap& map, const Policy& policy) {
  std::string scratch;
  bool live = false;
  for (size_t i = 0; i < from.size(); i++) {
    if (map.has(i)) continue;
    const Media& m = from.media(i);
    if (policy.allows(m) && choose_formats(m, policy, scratch) != Choice::nothing) {
      live = true;
    } else {
      map.add(i, m);
    }
  }
  return live;
}

}  // namespace

void append_head(std::string& out, const Session& from, bool lines_dropped, const LineRules& rules) {
  out.append("s=-\r\n");
  BandwidthWriter bandwidth(rules);
  const bool rewrites = rules.bandwidth != BandwidthLines::as_received;
  View rest = from.head(), line;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (line.size() < 2) continue;
    if (rewrites && bandwidth.take(line)) continue;
    if (rewrites && View("vosiuepc").find(line[0]) == View::npos) bandwidth.flush(out);
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
        if (rules.zero_connection) line = "c=IN IP4 0.0.0.0";
        break;
      case 'a':
        if (lines_dropped && line.substr(0, 8) == "a=group:") continue;  // names lines that are gone (RFC 5888)
        break;
      default:
        break;
    }
    append(out, line, "\r\n", {});
  }
  if (rewrites) bandwidth.flush(out);
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
  if (options.policy.no_video || options.policy.touches_audio()) {
    LineMap map = from_map;
    if (!refuse_lines(from, map, options.policy) && from.size() != 0) return false;
    from_map = std::move(map);
  } else if (from.size() != 0 && !any_alive(from, from_map)) {
    return false;
  }
  LineRules head;
  head.zero_connection = options.zero_connection && hold_of(from) != Hold::none;
  head.bandwidth = options.bandwidth;
  const size_t start = out.size();
  append_head(out, from, !from_map.dead.empty(), head);
  size_t position = 0;
  const auto fill = [&] {
    for (; to_map.has(position); position++) append(out, to_map.line(position), "\r\n", {});
  };
  std::string formats;
  for (size_t i = 0; i < from.size(); i++) {
    if (from_map.has(i)) continue;
    fill();
    append_media(out, from.media(i), rules_of(from.media(i), options, head.zero_connection, formats));
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
