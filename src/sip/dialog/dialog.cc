#include "sip/dialog/dialog.h"

#include <algorithm>

#include "base/text.h"

namespace carillon::sip {

namespace {

void append(std::string& to, View a, View b, View c) { to.append(a).append(b).append(c); }

// A party without its tag and other header parameters.
std::string party(const NameAddr& a) {
  std::string text;
  if (!a.display.empty()) append(text, a.display, " ", {});
  append(text, "<", a.uri.text, ">");
  return text;
}

// False when there are too many.
bool take_routes(const Message& m, bool reversed, std::vector<std::string>& routes) {
  routes.clear();
  bool fits = true;
  for_each_value(m, HeaderId::record_route, [&](View value) {
    fits = routes.size() < Dialog::kRoutes;
    if (fits) routes.emplace_back(value);
    return fits;
  });
  if (reversed) std::reverse(routes.begin(), routes.end());
  return fits;
}

bool loose(View route) {
  const auto a = NameAddr::parse(route);
  return !a || a->uri.param("lr").has_value();
}

bool is_sips(View uri) { return uri.size() > 5 && iequals(uri.substr(0, 5), "sips:"); }

}  // namespace

View first_contact(const Message& message) {
  View uri;
  for_each_value(message, HeaderId::contact, [&](View value) {
    const auto a = NameAddr::parse(value);
    if (a && a->uri.is_sip() && !a->uri.host.empty()) uri = a->uri.text;
    return uri.empty();
  });
  return uri;
}

std::optional<Dialog> Dialog::from_request(const Message& request, View our_tag, const Flow& flow) {
  Dialog d;
  d.target = first_contact(request);
  if (d.target.empty() || !take_routes(request, false, d.routes)) return {};
  d.call_id = request.call_id();
  d.local_tag = our_tag;
  d.remote_tag = request.from_tag();
  d.local = party(request.to());
  d.remote = party(request.from());
  d.remote_cseq = request.cseq().number;
  d.has_remote_cseq = true;
  d.secure = flow.transport == Transport::tls && is_sips(request.request_uri());
  d.flow = flow;
  return d;
}

std::optional<Dialog> Dialog::from_response(const Message& sent, const Message& response, const Flow& flow) {
  if (response.status() <= 100 || response.status() >= 300 || response.to_tag().empty()) return {};
  Dialog d;
  d.call_id = sent.call_id();
  d.local_tag = sent.from_tag();
  d.remote_tag = response.to_tag();
  d.local = party(sent.from());
  d.remote = party(sent.to());
  d.local_cseq = sent.cseq().number;
  d.target = sent.request_uri();  // until a Contact comes: an early dialog may have none
  d.secure = flow.transport == Transport::tls && is_sips(sent.request_uri());
  d.flow = flow;
  if (const View contact = first_contact(response); !contact.empty()) d.target = contact;
  if (!take_routes(response, true, d.routes)) return {};
  d.early = response.status() < 200;
  return d;
}

bool Dialog::confirm(const Message& response) {
  if (response.to_tag() != remote_tag || !take_routes(response, true, routes)) return false;
  if (const View contact = first_contact(response); !contact.empty()) target = contact;
  early = false;
  return true;
}

bool Dialog::owns(const Message& request) const {
  return request.call_id() == call_id && request.to_tag() == local_tag && request.from_tag() == remote_tag;
}

int take_cseq(Dialog& d, const Message& request) {
  if (request.method() == Method::ack || request.method() == Method::cancel) return 0;
  const uint32_t number = request.cseq().number;
  if (d.has_remote_cseq && number <= d.remote_cseq) return 500;
  d.remote_cseq = number;
  d.has_remote_cseq = true;
  return 0;
}

bool refreshes_target(Method method) {
  return method == Method::invite || method == Method::update || method == Method::subscribe ||
         method == Method::notify || method == Method::refer;
}

bool refresh_target(Dialog& d, const Message& message) {
  if (!refreshes_target(message.method())) return false;
  const View contact = first_contact(message);
  if (contact.empty() || contact == d.target) return false;
  d.target = contact;
  return true;
}

uint32_t next_cseq(Dialog& d) {
  d.local_cseq = (d.local_cseq + 1) & 0x7fffffff;  // RFC 3261 §8.1.1.5: below 2^31
  return d.local_cseq;
}

View request_uri(const Dialog& d) {
  if (d.routes.empty() || loose(d.routes.front())) return d.target;
  return NameAddr::parse(d.routes.front())->uri.text;
}

void append_request_lines(std::string& to, const Dialog& d, View method, uint32_t cseq, uint32_t max_forwards) {
  const bool strict = !d.routes.empty() && !loose(d.routes.front());
  for (size_t i = strict ? 1 : 0; i < d.routes.size(); i++) append(to, "Route: ", d.routes[i], "\r\n");
  if (strict) append(to, "Route: <", d.target, ">\r\n");
  to += "Max-Forwards: ";
  append_number(to, max_forwards);
  append(to, "\r\nFrom: ", d.local, ";tag=");
  append(to, d.local_tag, "\r\nTo: ", d.remote);
  if (!d.remote_tag.empty()) append(to, ";tag=", d.remote_tag, {});
  append(to, "\r\nCall-ID: ", d.call_id, "\r\nCSeq: ");
  append_number(to, cseq);
  append(to, " ", method, "\r\n");
}

}  // namespace carillon::sip
