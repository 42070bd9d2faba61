#include "sip/transaction/print.h"

#include <algorithm>

#include "base/text.h"
#include "sip/message/writer.h"

namespace carillon::sip {

namespace {

constexpr size_t kReasonBytes = 256;  // of a reason phrase that we print

void append_line(std::string& to, View name, View value) {
  if (value.empty()) return;
  to += name;
  to += ": ";
  to += value;
  to += "\r\n";
}

// Content-Type, Content-Length, the empty line and the body (RFC 3261 §20.14).
void append_body(std::string& to, View content_type, View body) {
  if (!body.empty()) append_line(to, "Content-Type", content_type);
  to += "Content-Length: ";
  append_number(to, body.size());
  to += "\r\n\r\n";
  to += body;
}

// Does this response set up a dialog, so that the route must be told (RFC 3261 §12.1.1)?
bool carries_routes(int status, Method method) {
  if (status <= 100 || status >= 300) return false;
  return method == Method::invite || method == Method::subscribe || method == Method::refer;
}

void append_via(std::string& to, View via_host, Transport transport, View branch) {
  to += "Via: SIP/2.0/";
  to += via_name(transport);
  to += ' ';
  to += via_host;
  to += ";branch=";
  to += branch;
  to += transport == Transport::udp ? ";rport\r\n" : "\r\n";
}

// Takes one line off the front of our own text.
View take_line(View& rest) {
  const size_t end = rest.find("\r\n");
  const View line = rest.substr(0, end);
  rest.remove_prefix(end == View::npos ? rest.size() : end + 2);
  return line;
}

bool is_line(View line, View name) {
  return line.size() > name.size() && line[name.size()] == ':' && iequals(line.substr(0, name.size()), name);
}

}  // namespace

size_t append_response(std::string& to, const ResponseParts& parts, const Echo& echo, View text, Method method,
                       View tag, View server) {
  to += "SIP/2.0 ";
  append_number(to, static_cast<uint64_t>(parts.status));
  to += ' ';
  to += (parts.reason.empty() ? reason_of(parts.status) : parts.reason).substr(0, kReasonBytes);
  to += "\r\n";
  const size_t via_at = to.size();
  to += text.substr(0, echo.to_end);
  if (!echo.tagged && parts.status != 100) {
    to += ";tag=";
    to += tag;
  }
  const uint32_t end = carries_routes(parts.status, method) ? echo.routes_end : echo.fixed_end;
  to += text.substr(echo.to_end, end - echo.to_end);
  if (parts.status == 100) to += text.substr(echo.routes_end, echo.size - echo.routes_end);
  to += parts.headers;
  append_line(to, "Server", server);
  append_body(to, parts.content_type, parts.body);
  return via_at;
}

void append_request(std::string& to, const RequestParts& parts, View via_host, Transport transport, View branch,
                    View agent) {
  to += parts.method;
  to += ' ';
  to += parts.request_uri;
  to += " SIP/2.0\r\n";
  append_via(to, via_host, transport, branch);
  to += parts.headers;
  append_line(to, "User-Agent", agent);
  append_body(to, parts.content_type, parts.body);
}

void append_sibling(std::string& out, View invite, View method, View to, View extra) {
  View rest = invite.substr(0, invite.find("\r\n\r\n") + 2);
  View start = take_line(rest);
  start.remove_prefix(std::min(start.find(' '), start.size()));
  out += method;
  out += start;
  out += "\r\n";
  out += take_line(rest);  // the one Via
  out += "\r\n";
  while (!rest.empty()) {
    const View line = take_line(rest);
    if (is_line(line, "To") && !to.empty()) {
      append_line(out, "To", to);
    } else if (is_line(line, "CSeq")) {
      const View value = trim(line.substr(5));
      out += "CSeq: ";
      out += value.substr(0, value.find(' '));
      out += ' ';
      out += method;
      out += "\r\n";
    } else if (is_line(line, "To") || is_line(line, "From") || is_line(line, "Call-ID") || is_line(line, "Route") ||
               is_line(line, "Max-Forwards")) {
      out += line;
      out += "\r\n";
    }
  }
  out += extra;
  append_body(out, {}, {});
}

void append_with_via(std::string& out, View request, View via_host, Transport transport, View branch) {
  View rest = request;
  out += take_line(rest);
  out += "\r\n";
  take_line(rest);
  append_via(out, via_host, transport, branch);
  out += rest;
}

}  // namespace carillon::sip
