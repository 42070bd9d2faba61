// host, port (RFC 3261 §25.1).
#include "sip/message/cursor.h"

namespace carillon::sip {
namespace {

constexpr size_t kHostBytes = 255;  // RFC 1035 §2.3.4

// 1 to 4 hexadecimal digits; false when there are none or more.
bool read_group(const char*& p, const char* end) {
  const char* const begin = p;
  while (p < end && chars::is(*p, chars::kHex)) p++;
  return p - begin >= 1 && p - begin <= 4;
}

// Four decimal numbers of 1 to 3 digits, the whole of [p, end).
bool is_ipv4(const char* p, const char* end) {
  for (int part = 0; part < 4; part++) {
    if (part > 0 && (p == end || *p++ != '.')) return false;
    const char* const begin = p;
    while (p < end && chars::is(*p, chars::kDigit)) p++;
    if (p - begin < 1 || p - begin > 3) return false;
  }
  return p == end;
}

// IPv6address of RFC 3261 §25.1. Its rule lets a third colon stand before an IPv4 part (RFC 5118
// §4.10); so do we.
bool is_ipv6(const char* p, const char* end) {
  int groups = 0;
  bool shortened = false;
  if (end - p >= 2 && p[0] == ':' && p[1] == ':') {
    shortened = true, p += 2;
  }
  while (p < end) {
    if (shortened && groups > 0 && *p == ':' && is_ipv4(p + 1, end)) return groups <= 6;
    const char* const begin = p;
    if (!read_group(p, end)) return false;
    if (p < end && *p == '.') return is_ipv4(begin, end) && (shortened ? groups <= 5 : groups == 6);
    groups++;
    if (p == end) break;
    if (*p++ != ':') return false;
    if (p < end && *p == ':') {
      if (shortened) return false;
      shortened = true, p++;
    } else if (p == end) {
      return false;
    }
  }
  return shortened ? groups <= 7 : groups == 8;
}

bool read_ipv6_reference(Cursor& c) {
  const char* const begin = c.p + 1;
  if (!c.bracketed()) return false;
  return is_ipv6(begin, c.p - 1);
}

struct Labels {
  bool ok = true;
  bool last_is_number = false;
};

// Labels of letters, digits, "-" and "_" (which RFC 3261 does not have, but host names do) not
// beginning or ending in "-".
Labels read_labels(Cursor& c) {
  Labels out;
  while (c.p < c.end) {
    const char* const begin = c.p;
    bool number = true;
    for (; c.p < c.end; c.p++) {
      if (chars::is(*c.p, chars::kDigit)) continue;
      if (!chars::is(*c.p, chars::kAlpha) && *c.p != '-' && *c.p != '_') break;
      number = false;
    }
    if (c.p == begin) {  // only after the last dot may nothing follow
      out.ok = out.ok && *(begin - 1) == '.';
      return out;
    }
    out.last_is_number = number;
    out.ok = out.ok && *begin != '-' && *(c.p - 1) != '-';
    if (!c.at('.')) return out;
    c.p++;
  }
  return out;
}

// Reads four decimal numbers that nothing goes on after that could be of a name; else stays. Most hosts are such.
bool read_ipv4(Cursor& c) {
  const char* p = c.p;
  for (int part = 0; part < 4; part++) {
    if (part > 0 && (p == c.end || *p++ != '.')) return false;
    const char* const begin = p;
    while (p < c.end && *p >= '0' && *p <= '9') p++;
    if (p == begin || p - begin > 3) return false;
  }
  if (p < c.end && (chars::is(*p, chars::kAlpha | chars::kDigit) || *p == '-' || *p == '_' || *p == '.')) return false;
  c.p = p;
  return true;
}

}  // namespace

View read_host(Cursor& c) {
  const char* const begin = c.p;
  if (read_ipv4(c)) return c.since(begin);
  if (c.at('[')) return read_ipv6_reference(c) ? c.since(begin) : View();
  if (c.done() || (!chars::is(*c.p, chars::kDigit | chars::kAlpha) && *c.p != '_')) return {};
  const Labels labels = read_labels(c);
  if (!labels.ok || c.p - begin > static_cast<ptrdiff_t>(kHostBytes)) return {};
  if (labels.last_is_number && !is_ipv4(begin, c.p)) return {};
  return c.since(begin);
}

bool read_port(Cursor& c, uint16_t& port) {
  const auto number = to_number<uint16_t>(c.run(chars::kDigit));
  if (!number || *number == 0) return false;
  port = *number;
  return true;
}

}  // namespace carillon::sip
