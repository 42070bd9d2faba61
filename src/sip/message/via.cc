#include "sip/message/via.h"

#include <cstring>

#include "sip/message/read.h"

namespace carillon::sip {
namespace {

// sent-protocol = protocol-name SLASH protocol-version SLASH transport
bool read_protocol(Cursor& c, Via& out) {
  constexpr View kUsual = "SIP/2.0";
  const char* const begin = c.p;
  if (c.end - c.p > 8 && std::memcmp(c.p, "SIP/2.0/", 8) == 0) {
    c.p += 8;
    out.protocol = kUsual;
    c.blanks();
  } else {
    const View name = c.token();
    if (name.empty() || !c.separator('/')) return false;
    const View version = c.token();
    out.protocol = c.since(begin);
    if (version.empty() || !c.separator('/')) return false;
    if (iequals(name, "SIP") && version == "2.0") out.protocol = kUsual;
  }
  out.transport = c.token();
  return !out.transport.empty();
}

bool read_sent_by(Cursor& c, Via& out) {
  const char* const gap = c.p;
  c.blanks();
  if (c.p == gap) return false;
  out.host = read_host(c);
  if (out.host.empty()) return false;
  if (!c.separator(':')) return true;
  return read_port(c, out.port);
}

// The value of received may be an IPv6 address without brackets (RFC 3261 §25.1, RFC 5118 §4.5).
bool read_via_value(Cursor& c, View name, View& value) {
  if (!iequals(name, "received") || c.at('[')) return c.value(value);
  const char* const begin = c.p;
  while (c.p < c.end && (chars::is(*c.p, chars::kToken) || *c.p == ':')) c.p++;
  value = c.since(begin);
  return !value.empty();
}

bool is_port(View value) {
  Cursor c(value);
  uint16_t port = 0;
  return read_port(c, port) && c.done();
}

bool is_ttl(View value) {
  const auto n = to_number<uint8_t>(value);
  return n && value.size() <= 3;
}

// maddr: a host.
bool is_host(View value) {
  Cursor c(value);
  return !read_host(c).empty() && c.done();
}

bool keep_param(Via& out, View name, View value, bool has_value) {
  switch (name.size()) {
    case 3:
      return !iequals(name, "ttl") || is_ttl(value);
    case 5:
      if (iequals(name, "maddr")) return is_host(value);
      if (!iequals(name, "rport")) return true;
      if (out.rport || (has_value && !is_port(value))) return false;
      out.rport = value;
      return true;
    case 6:
      if (!iequals(name, "branch")) return true;
      if (!out.branch.empty() || !chars::is_token(value)) return false;
      out.branch = value;
      return true;
    case 8:
      if (!iequals(name, "received")) return true;
      if (!out.received.empty() || value.empty() || value.front() == '"') return false;
      out.received = value;
      return true;
    default:
      return true;
  }
}

bool read_via_params(Cursor& c, Via& out) {
  const char* begin = nullptr;
  const char* good = c.p;
  bool ok = true;
  while (c.separator(';')) {
    if (begin == nullptr) begin = c.p;
    const View name = c.token();
    View value;
    const bool has_value = !name.empty() && c.separator('=');
    ok = !name.empty() && (!has_value || read_via_value(c, name, value)) &&
         keep_param(out, name, value, has_value);
    if (!ok) break;
    good = c.p;
  }
  if (begin != nullptr && good > begin) {
    out.params = {begin, static_cast<size_t>(good - begin)};
  }
  c.p = good;
  return ok;
}

}  // namespace

bool read_via(Cursor& c, Via& out) {
  out.protocol = out.transport = out.host = out.params = out.branch = out.received = View();
  out.text = View();
  out.port = 0;
  out.rport.reset();
  c.blanks();
  const char* const begin = c.p;
  if (!read_protocol(c, out)) return false;
  if (!read_sent_by(c, out)) {
    out.host = View();
    return false;
  }
  const bool ok = read_via_params(c, out);
  out.text = c.since(begin);
  return ok;
}

std::optional<Via> Via::parse(std::string_view value) {
  Cursor c(value);
  Via out;
  if (!read_via(c, out) || !c.finished()) return {};
  return out;
}

}  // namespace carillon::sip
