#include "sip/transaction/echo.h"

#include "base/text.h"

namespace carillon::sip {

namespace {

// The dotted form, without a temporary for IPv4.
void append_ip(std::string& to, const Address& address) {
  if (!address.is_v4()) {
    to += address.ip_text();
    return;
  }
  for (size_t i = 12; i < 16; i++) {
    if (i > 12) to += '.';
    append_number(to, address.ip[i]);
  }
}

// One parameter from the front of `rest`, semicolons inside quotes left alone.
View take_param(View& rest) {
  bool quoted = false;
  size_t i = 0;
  for (; i < rest.size(); i++) {
    if (rest[i] == '\\' && quoted) {
      i++;
    } else if (rest[i] == '"') {
      quoted = !quoted;
    } else if (rest[i] == ';' && !quoted) {
      break;
    }
  }
  const View param = rest.substr(0, i < rest.size() ? i : rest.size());
  rest.remove_prefix(i < rest.size() ? i + 1 : rest.size());
  return param;
}

void append_via_params(std::string& to, View params) {
  while (!params.empty()) {
    const View param = trim(take_param(params));
    const View name = trim(param.substr(0, param.find('=')));
    if (param.empty() || iequals(name, "received") || iequals(name, "rport")) continue;
    to += ';';
    to += param;
  }
}

// Without what follows it on its line, and without the line's end.
void append_top_via(std::string& to, const Message& request, const Flow& from, Echo& echo) {
  const Via& via = request.top_via();
  const size_t start = to.size();
  to += "Via: ";
  View head = via.text;
  if (!via.params.empty()) {
    head = trim(head.substr(0, static_cast<size_t>(via.params.data() - head.data())));
    if (head.ends_with(';')) head.remove_suffix(1);
  }
  to += trim(head);
  const size_t params_at = to.size();
  append_via_params(to, via.params);
  if (const size_t at = to.find(via.branch, params_at); !via.branch.empty() && at != std::string::npos) {
    echo.branch_at = static_cast<uint16_t>(at - start), echo.branch_size = static_cast<uint16_t>(via.branch.size());
  }
  if (const size_t at = to.find(via.host, start); at < params_at) {
    echo.host_at = static_cast<uint16_t>(at - start), echo.host_size = static_cast<uint16_t>(via.host.size());
  }
  to += ";received=";
  append_ip(to, from.remote);
  if (via.rport) {
    to += ";rport=";
    append_number(to, from.remote.port);
  }
}

void append_line(std::string& to, View name, View value) {
  to += name;
  to += ": ";
  to += value;
  to += "\r\n";
}

void append_all(std::string& to, const Message& request, HeaderId id) {
  if (request.find(id) == nullptr) return;
  for (const Header& h : request.headers()) {
    if (h.id == id) append_line(to, info_of(id).name, h.value);
  }
}

void append_first(std::string& to, const Message& request, HeaderId id) {
  const View value = request.value(id);
  if (!value.empty()) append_line(to, info_of(id).name, value);
}

void append_vias(std::string& to, const Message& request, const Flow& from, Echo& echo) {
  bool top = true;
  for (const Header& h : request.headers()) {
    if (h.id != HeaderId::via) continue;
    if (!top) {
      append_line(to, "Via", h.value);
      continue;
    }
    top = false;
    append_top_via(to, request, from, echo);
    const View via = request.top_via().text;
    const auto rest = static_cast<size_t>(via.data() + via.size() - h.value.data());
    if (rest < h.value.size()) to += h.value.substr(rest);
    to += "\r\n";
  }
}

// Up to the first that is malformed; of that, when it is the top one, what could be read.
void append_good_vias(std::string& to, const Message& request, const Flow& from, Echo& echo) {
  bool top = true;
  for_each_value(request, HeaderId::via, [&](View value) {
    const bool good = Via::parse(value).has_value();
    if (top) {
      append_top_via(to, request, from, echo);
      to += "\r\n";
    } else if (good) {
      append_line(to, "Via", value);
    }
    top = false;
    return good;
  });
}

}  // namespace

Echo append_echo(std::string& to, const Message& request, const Flow& from, Trust trust) {
  Echo echo;
  const size_t start = to.size();
  const auto here = [&] { return static_cast<uint32_t>(to.size() - start); };
  trust == Trust::checked ? append_vias(to, request, from, echo) : append_good_vias(to, request, from, echo);
  append_first(to, request, HeaderId::from);
  echo.tagged = !request.to_tag().empty();
  if (const View value = request.value(HeaderId::to); !value.empty()) {
    to += "To: ";
    to += value;
    echo.to_end = here();
    to += "\r\n";
  } else {
    echo.to_end = here();
    echo.tagged = true;  // there is nothing to put a tag on
  }
  append_first(to, request, HeaderId::call_id);
  append_first(to, request, HeaderId::cseq);
  echo.fixed_end = here();
  append_all(to, request, HeaderId::record_route);
  echo.routes_end = here();
  append_all(to, request, HeaderId::timestamp);
  echo.size = here();
  return echo;
}

uint16_t sent_by_port(const Via& via, Transport transport) {
  if (via.port != 0) return via.port;
  return transport == Transport::tls ? 5061 : 5060;
}

Flow response_flow(const Message& request, const Flow& from) {
  Flow flow = from;
  if (!is_stream(from.transport) && !request.top_via().rport) {
    flow.remote.port = sent_by_port(request.top_via(), from.transport);
  }
  return flow;
}

}  // namespace carillon::sip
