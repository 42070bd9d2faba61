#include "sdp/session.h"

#include <algorithm>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/text.h"

namespace carillon::sdp {

namespace {

// The next word of `s`, which loses it and the blanks after it.
View word(View& s) {
  const size_t end = s.find(' ');
  const View w = s.substr(0, end);
  s.remove_prefix(end == View::npos ? s.size() : end);
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  return w;
}

// The first CR or LF at or after `p`, else `end`. Lines are short: a call of memchr for each would be most of the cost.
const char* line_break(const char* p, const char* end) {
#if defined(__SSE2__)
  const __m128i cr = _mm_set1_epi8('\r'), lf = _mm_set1_epi8('\n');
  for (; end - p >= 16; p += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const int hits = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(x, cr), _mm_cmpeq_epi8(x, lf)));
    if (hits != 0) return p + __builtin_ctz(static_cast<unsigned>(hits));
  }
#endif
  while (p < end && *p != '\r' && *p != '\n') p++;
  return p;
}

bool direction_of(View attribute, Direction& d) {
  if (attribute == "sendrecv") return d = Direction::sendrecv, true;
  if (attribute == "sendonly") return d = Direction::sendonly, true;
  if (attribute == "recvonly") return d = Direction::recvonly, true;
  if (attribute == "inactive") return d = Direction::inactive, true;
  return false;
}

}  // namespace

bool next_line(View& text, View& line, bool& ends_crlf) {
  if (text.empty()) return false;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* p = line_break(begin, end);
  line = {begin, static_cast<size_t>(p - begin)};
  ends_crlf = end - p >= 2 && p[0] == '\r' && p[1] == '\n';
  if (p < end) p += ends_crlf ? 2 : 1;
  text = {p, static_cast<size_t>(end - p)};
  return true;
}

View address_of(View connection) {
  if (word(connection) != "IN") return {};
  const View type = word(connection);
  if (type != "IP4" && type != "IP6") return {};
  const View address = word(connection);
  return address.substr(0, address.find('/'));
}

bool is_zero_address(View address) { return address == "0.0.0.0" || address == "::"; }

Session::Fault Session::head_line(char type, View value) {
  switch (type) {
    case 'v':
      has_version_ = value == "0";
      return has_version_ ? Fault::none : Fault::no_version;
    case 'o':
      origin_ = {word(value), word(value), word(value), word(value), word(value), word(value)};
      has_origin_ = !origin_.address.empty();
      return has_origin_ ? Fault::none : Fault::no_origin;
    case 'c':
      connection_ = value;
      return Fault::none;
    case 'a':
      direction_of(value, direction_);
      return Fault::none;
    default:
      return Fault::none;
  }
}

Session::Fault Session::media_line(View value, const char* after) {
  if (count_ == kMaxMedia) return Fault::too_many_media;
  Media& m = media_[count_];
  m = Media();
  m.type = word(value);
  m.port_text = word(value);
  m.protocol = word(value);
  m.formats = trim(value);
  const auto port = to_number<uint16_t>(m.port_text.substr(0, m.port_text.find('/')));
  if (m.type.empty() || !port || m.protocol.empty() || m.formats.empty()) return Fault::bad_media;
  m.port = *port;
  m.direction = direction_;
  m.lines = View(after, 0);
  count_++;
  return Fault::none;
}

void Session::close_media(const char* end) {
  if (count_ == 0) return;
  Media& m = media_[count_ - 1];
  m.lines = View(m.lines.data(), static_cast<size_t>(end - m.lines.data()));
}

Session::Fault Session::parse(View text) {
  head_ = {}, connection_ = {}, origin_ = {}, direction_ = Direction::sendrecv, count_ = 0;
  has_version_ = has_origin_ = false;
  if (text.size() > kMaxSdpBytes) return Fault::too_long;
  const char* const start = text.data();
  View rest = text, line;
  size_t lines = 0;
  bool crlf = false;
  for (const char* at = start; next_line(rest, line, crlf); at = rest.data()) {
    if (++lines > kMaxSdpLines) return Fault::too_many_lines;
    if (line.empty()) {
      if (count_ != 0) media_[count_ - 1].plain = false;  // a blank line is dropped when printing
      continue;
    }
    if (line.size() < 2 || line[1] != '=') return Fault::bad_line;
    const char type = line[0];
    const View value = line.substr(2);
    Fault fault = Fault::none;
    if (type == 'm') {
      if (count_ == 0) head_ = View(start, static_cast<size_t>(at - start));
      close_media(at);
      fault = media_line(value, rest.data());
    } else if (count_ == 0) {
      fault = head_line(type, value);
    } else {
      Media& m = media_[count_ - 1];
      if (!crlf || type == 'i') m.plain = false;
      if (type == 'a') direction_of(value, m.direction);
      if (type == 'c' && m.connection.empty()) m.connection = value;
    }
    if (fault != Fault::none) return fault;
  }
  close_media(text.data() + text.size());
  if (count_ == 0) head_ = text;
  if (!has_version_) return Fault::no_version;
  return has_origin_ ? Fault::none : Fault::no_origin;
}

std::string_view to_string(Direction d) {
  constexpr std::string_view kNames[] = {"sendrecv", "sendonly", "recvonly", "inactive"};
  return kNames[static_cast<size_t>(d)];
}

std::string_view to_string(Hold h) {
  constexpr std::string_view kNames[] = {"none", "sendonly", "inactive", "zero-address"};
  return kNames[static_cast<size_t>(h)];
}

std::string_view to_string(Session::Fault f) {
  constexpr std::string_view kNames[] = {"none",
                                         "session description too long",
                                         "too many lines in session description",
                                         "too many media lines in session description",
                                         "bad line in session description",
                                         "no v=0 in session description",
                                         "no valid o= in session description",
                                         "bad m= line in session description"};
  return kNames[static_cast<size_t>(f)];
}

}  // namespace carillon::sdp
