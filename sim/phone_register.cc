// Registering and staying registered (RFC 3261 §10.2).

#include <algorithm>

#include "digest.h"
#include "phone.h"

namespace carillon::sim {

void Phone::enroll(const std::string& line) {
  RegisterRequest r;
  r.line = line;
  enroll(r);
}

void Phone::enroll(const RegisterRequest& request) {
  Registration& r = registrations_[request.line];
  if (r.call_id.empty() || request.fresh_call_id) r.call_id = mint() + "@" + options_.address.ip_text(), r.cseq = 0;
  r.request = request;
  r.generation++;
  r.tries = 0;
  seen_.clear();
  send_register(request.line);
}

void Phone::withdraw(const std::string& line) {
  RegisterRequest r = registrations_[line].request;
  r.line = line;
  r.expires = 0;
  r.keep = false;
  enroll(r);
}

void Phone::send_register(const std::string& key) {
  Registration& r = registrations_[key];
  const std::string branch = "z9hG4bK" + mint(), uri = "sip:" + host();
  r.cseq++;
  r.certain = false;
  if (r.request.cseq) r.cseq = *r.request.cseq, r.request.cseq.reset();
  std::string s = "REGISTER " + uri + " SIP/2.0\r\n" + via(branch) + "Max-Forwards: 70\r\nFrom: <sip:" + key + "@" +
                  host() + ">;tag=" + mint() + "\r\nTo: <sip:" + key + "@" + host() + ">\r\nCall-ID: " + r.call_id +
                  "\r\nCSeq: " + std::to_string(r.cseq) + " REGISTER\r\nUser-Agent: sim\r\n";
  if (r.request.contacts.empty()) {
    s += "Contact: " + contact(key) + r.request.contact_params + "\r\n";
  } else {
    for (const std::string& c : r.request.contacts) s += "Contact: " + c + "\r\n";
  }
  if (r.request.expires) s += "Expires: " + std::to_string(*r.request.expires) + "\r\n";
  s += r.request.extra;
  if (r.request.replay) {
    s += r.last_authorization;
  } else if (!r.challenge.empty() && (r.tries > 0 || !options_.manners.cold)) {
    const std::string user = options_.user, password = options_.password;
    options_.user = r.request.user.value_or(user), options_.password = r.request.password.value_or(password);
    r.last_authorization = credentials(r.challenge, "REGISTER", uri, ++r.count);
    options_.user = user, options_.password = password;
    s += r.last_authorization;
  }
  s += "Content-Length: 0\r\n\r\n";
  transactions_.request(std::move(s), [this, key, generation = r.generation](const Msg* m) {
    if (registrations_[key].generation == generation) registered(key, m);
  });
}

void Phone::registered(const std::string& key, const Msg* m) {
  Registration& r = registrations_[key];
  if (m != nullptr && m->status < 200) {
    complain("provisional to REGISTER");
    return;
  }
  if (m != nullptr && m->status == 401 && r.tries < 3 && !r.request.replay) {
    r.tries++;
    r.challenge = std::string(m->get("WWW-Authenticate"));
    r.count = 0;
    send_register(key);
    return;
  }
  r.tries = 0;
  if (m == nullptr) {  // nobody answered
    if (r.request.keep) refresh_later(key, seconds(5));
    return;
  }
  r.certain = true;
  seen_.push_back(*m);
  r.status = m->status;
  if (m->status != 200) {
    r.registered = false;
    if (m->status >= 500 && r.request.keep) refresh_later(key, seconds(5));
    return;
  }
  uint32_t granted = 0;
  for (View c : m->values("Contact")) {
    if (uri_of(c).find(options_.address.text()) == View::npos) continue;
    granted = std::max(granted, number_or(param_or(c, "expires", ""), number_or(m->get("Expires"), 3600)));
  }
  r.registered = granted > 0;
  r.acknowledged = world_.now();
  r.expires = world_.now() + seconds(granted);
  if (granted > 0 && r.request.keep) refresh_later(key, seconds(granted) * 3 / 4);
}

void Phone::refresh_later(const std::string& key, Duration wait) {
  const uint64_t generation = registrations_[key].generation;
  world_.after(wait, [this, key, generation, alive = alive_] {
    if (!*alive || registrations_[key].generation != generation) return;
    send_register(key);
  });
}

}  // namespace carillon::sim
