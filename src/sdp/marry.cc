#include "sdp/marry.h"

#include "base/text.h"
#include "sdp/write.h"

namespace carillon::sdp {

namespace {

// Takes the next blank-separated token off `rest`.
View next_token(View& rest) {
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  const View token = rest.substr(0, rest.find(' '));
  rest.remove_prefix(token.size());
  return token;
}

bool has_token(View list, View wanted) {
  for (View token = next_token(list); !token.empty(); token = next_token(list)) {
    if (token == wanted) return true;
  }
  return false;
}

bool is_rtp(const Media& m) { return m.protocol.substr(0, 4) == "RTP/" || m.protocol.find("/RTP/") != View::npos; }

bool has_line(const Media& m, View start) {
  View rest = m.lines, line;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (line.substr(0, start.size()) == start) return true;
  }
  return false;
}

// Tones and comfort noise are no conversation.
bool carries_media(View codec) {
  const View name = codec.substr(0, codec.find('/'));
  return !iequals(name, "telephone-event") && !iequals(name, "CN");
}

// The payload type of `m` that means `codec`, "" when it has none.
View type_of(const Media& m, View codec) {
  View rest = m.formats;
  for (View pt = next_token(rest); !pt.empty(); pt = next_token(rest)) {
    if (iequals(codec_of(m, pt), codec)) return pt;
  }
  return {};
}

void append_token(std::string& to, View token) {
  if (!to.empty()) to.push_back(' ');
  to.append(token);
}

// The formats that both lines have. False when there are none.
bool share_formats(const Media& a, const Media& b, Pair& pair) {
  pair.first_formats.clear(), pair.second_formats.clear();
  if (!is_rtp(a)) {
    pair.first_formats = a.formats, pair.second_formats = b.formats;
    return a.formats == b.formats;
  }
  bool media = false;
  View rest = a.formats;
  for (View pt = next_token(rest); !pt.empty(); pt = next_token(rest)) {
    const View codec = codec_of(a, pt);
    const View other = codec.empty() ? View() : type_of(b, codec);
    if (other.empty()) continue;
    append_token(pair.first_formats, pt);
    append_token(pair.second_formats, other);
    media |= carries_media(codec);
  }
  return media;
}

bool eligible(const Media& m, const Policy& policy) {
  return m.port != 0 && policy.allows(m) && !has_line(m, "a=crypto:");
}

bool fit(const Media& a, const Media& b, Pair& pair) {
  return a.type == b.type && a.protocol == b.protocol && share_formats(a, b, pair);
}

bool sends(Direction d) { return d == Direction::sendrecv || d == Direction::sendonly; }
bool receives(Direction d) { return d == Direction::sendrecv || d == Direction::recvonly; }

// What the writer of `own` may still do towards the writer of `other`.
Direction meet(Direction own, Direction other) {
  const bool send = sends(own) && receives(other), receive = receives(own) && sends(other);
  if (send) return receive ? Direction::sendrecv : Direction::sendonly;
  return receive ? Direction::recvonly : Direction::inactive;
}

bool is_direction(View line) {
  return line == "a=sendrecv" || line == "a=sendonly" || line == "a=recvonly" || line == "a=inactive";
}

// An attribute of a payload type that did not remain.
bool is_left_over(View line, View formats) {
  for (const View start : {View("a=rtpmap:"), View("a=fmtp:"), View("a=rtcp-fb:")}) {
    if (line.substr(0, start.size()) != start) continue;
    const View pt = line.substr(start.size(), line.find(' ') - start.size());
    return pt != "*" && !has_token(formats, pt);
  }
  return false;
}

void append_media(std::string& out, const Media& m, View formats, Direction direction, Spouse reader) {
  const bool rtp = is_rtp(m);
  out.append("m=").append(m.type).append(" ").append(m.port_text).append(" ").append(m.protocol).append(" ");
  out.append(formats).append("\r\n");
  View rest = m.lines, line;
  bool crlf = false;
  while (next_line(rest, line, crlf)) {
    if (line.empty() || line[0] == 'i' || is_direction(line) || (rtp && is_left_over(line, formats))) continue;
    // Both would wait for the other or both would begin (RFC 4145 §4): the second party begins.
    if (line == "a=setup:actpass") line = reader == Spouse::first ? "a=setup:active" : "a=setup:passive";
    out.append(line).append("\r\n");
  }
  if (rtp) out.append("a=").append(to_string(direction)).append("\r\n");
}

}  // namespace

std::vector<Pair> marry(const Session& first, const Session& second, const Policy& policy) {
  std::vector<Pair> pairs;
  size_t from = 0;  // lines of the second that may still be taken: the order is kept
  for (size_t i = 0; i < first.size(); i++) {
    if (!eligible(first.media(i), policy)) continue;
    for (size_t k = from; k < second.size(); k++) {
      Pair pair{i, k, {}, {}};
      if (!eligible(second.media(k), policy) || !fit(first.media(i), second.media(k), pair)) continue;
      pairs.push_back(std::move(pair));
      from = k + 1;
      break;
    }
  }
  return pairs;
}

void append_answer(std::string& out, const Session& first, const Session& second, const std::vector<Pair>& pairs,
                   Spouse whose, LineMap& map, OurOrigin& origin) {
  const bool to_first = whose == Spouse::first;
  const Session& offer = to_first ? first : second;
  const Session& other = to_first ? second : first;
  const size_t start = out.size();
  append_head(out, other, pairs.size() != other.size() || pairs.size() != offer.size(), false);
  size_t next = 0;
  for (size_t i = 0; i < offer.size(); i++) {
    const Pair* pair = next < pairs.size() ? &pairs[next] : nullptr;
    if (pair == nullptr || (to_first ? pair->first : pair->second) != i) {
      if (!map.has(i)) map.add(i, offer.media(i));
      out.append(map.line(i)).append("\r\n");
      continue;
    }
    const Media& m = other.media(to_first ? pair->second : pair->first);
    const View formats = to_first ? pair->second_formats : pair->first_formats;
    append_media(out, m, formats, meet(m.direction, offer.media(i).direction), whose);
    next++;
  }
  insert_origin(out, start, origin);
}

}  // namespace carillon::sdp
