// Subscribing, being notified, publishing (RFC 6665 §4.1, RFC 3903 §4), written apart from sip/usage and lines.

#include "phone_subscribe.h"

#include "base/text.h"
#include "phone.h"

namespace carillon::sim {

namespace {

constexpr const char* kAccept[] = {"message-summary", "application/simple-message-summary",
                                   "dialog",          "application/dialog-info+xml",
                                   "presence",        "application/pidf+xml"};

std::string accept_of(const std::string& package) {
  for (size_t i = 0; i < std::size(kAccept); i += 2) {
    if (package == kAccept[i]) return kAccept[i + 1];
  }
  return "text/plain";
}

std::string party(const std::string& number, const std::string& host, const std::string& tag) {
  return "<sip:" + number + "@" + host + ">" + (tag.empty() ? "" : ";tag=" + tag);
}

}  // namespace

PhoneSubscription& Phone::subscription(const std::string& package, const std::string& number) {
  for (auto it = subscriptions_.rbegin(); it != subscriptions_.rend(); ++it) {
    if (it->package == package && it->number == number) return *it;
  }
  PhoneSubscription& s = subscriptions_.emplace_back();
  s.package = package, s.number = number, s.ended = true;
  return s;
}

// A new subscription, or a refresh of the one that there is.
void Phone::subscribe(const std::string& package, const std::string& number, uint32_t expires, bool refreshes) {
  PhoneSubscription* s = &subscription(package, number);
  if (s->ended) {
    s = &subscriptions_.emplace_back();
    s->package = package, s->number = number;
    s->call_id = mint() + "@sub", s->local_tag = mint(), s->uri = "sip:" + number + "@" + host();
  }
  s->refreshes = refreshes && expires != 0;
  s->wanted = expires;
  s->tries = 0;
  seen_.clear();
  send_subscribe(s->call_id);
}

PhoneSubscription* Phone::by_call_id(View call_id) {
  for (PhoneSubscription& s : subscriptions_) {
    if (s.call_id == call_id) return &s;
  }
  return nullptr;
}

void Phone::send_subscribe(const std::string& call_id) {
  PhoneSubscription& s = *by_call_id(call_id);
  const std::string& line = options_.lines.at(0);
  const std::string uri = s.target.empty() ? s.uri : s.target;
  s.cseq++;
  s.generation++;
  std::string m = "SUBSCRIBE " + uri + " SIP/2.0\r\n" + via("z9hG4bK" + mint()) + "Max-Forwards: 70\r\n";
  for (const std::string& route : s.route) m += "Route: " + route + "\r\n";
  m += "From: " + party(line, host(), s.local_tag) + "\r\nTo: " + party(s.number, host(), s.remote_tag) +
       "\r\nCall-ID: " + s.call_id + "\r\nCSeq: " + std::to_string(s.cseq) + " SUBSCRIBE\r\nContact: " + contact(line) +
       "\r\nEvent: " + s.package + "\r\nAccept: " + accept_of(s.package) + "\r\nExpires: " + std::to_string(s.wanted) +
       "\r\n" + credentials(s.challenge, "SUBSCRIBE", uri, 1) + "Content-Length: 0\r\n\r\n";
  s.challenge.clear();
  transactions_.request(std::move(m), [this, call_id](const Msg* answer) { subscribed(call_id, answer); });
}

void Phone::subscribed(const std::string& call_id, const Msg* m) {
  PhoneSubscription& s = *by_call_id(call_id);
  if (m == nullptr) {  // nobody answered: it is not known whether there is a subscription; NOTIFYs get 481
    if (!s.established || s.wanted == 0) s.ended = true;
    if (s.refreshes && !s.ended) subscribe_later(call_id, seconds(5));
    return;
  }
  if (m->status < 200) return complain("provisional to SUBSCRIBE");
  if (m->status == 401 && s.tries++ < 3) {
    s.challenge = std::string(m->get("WWW-Authenticate"));
    return send_subscribe(call_id);
  }
  seen_.push_back(*m);
  s.status = m->status;
  if (m->status >= 300) {
    const bool was = s.established;
    if (m->status == 481 || !was) s.ended = true, s.established = false;
    // RFC 6665 §4.1.2.2: what the notifier has forgotten is subscribed to anew.
    if (was && s.refreshes && m->status == 481) {
      const std::string package = s.package, number = s.number;
      subscribe(package, number, s.wanted, true);
    }
    return;
  }
  if (s.remote_tag.empty()) s.remote_tag = std::string(m->to_tag);
  if (m->has("Contact")) s.target = std::string(uri_of(m->get("Contact")));
  if (!m->has("Expires")) complain("2xx to SUBSCRIBE without Expires");
  const uint32_t granted = number_or(m->get("Expires"), 0);
  if (m->cseq == s.cseq && granted > s.wanted) complain("more time was granted than was asked for");
  if (s.wanted != 0 && !s.ended) s.established = true;
  if (s.refreshes && granted > 0) subscribe_later(call_id, seconds(granted) * 3 / 4);
}

void Phone::subscribe_later(const std::string& call_id, Duration wait) {
  const uint64_t generation = by_call_id(call_id)->generation;
  world_.after(wait, [this, call_id, generation, alive = alive_] {
    if (!*alive) return;
    PhoneSubscription& s = *by_call_id(call_id);
    if (s.generation != generation || s.ended || !s.refreshes) return;
    s.tries = 0;
    send_subscribe(call_id);
  });
}

// True when the NOTIFY is about something of ours.
bool Phone::notify_in(const Msg& m) {
  if (m.to_tag.empty()) {
    if (m.get("Event") != "message-summary")
      return reply(m, 489, mint(), "Allow-Events: message-summary\r\n", ""), true;
    mailboxes_[std::string(user_of(uri_of(m.get("To"))))] = m;
    reply(m, 200, mint(), "", "");
    return true;
  }
  PhoneSubscription* s = by_call_id(m.call_id);
  if (s == nullptr || s->local_tag != m.to_tag) return false;
  if (s->remote_tag.empty()) s->remote_tag = std::string(m.from_tag);  // it may come before the 200 (§4.1.2.4)
  if (s->remote_tag != m.from_tag || s->ended) return reply(m, 481, "", "", ""), true;
  if (m.cseq <= s->notify_cseq) return reply(m, 500, "", "", ""), true;
  s->notify_cseq = m.cseq;
  if (m.get("Event") != s->package) complain("a NOTIFY of another event: " + std::string(m.get("Event")));
  if (m.has("Contact")) s->target = std::string(uri_of(m.get("Contact")));
  for (View route : m.values("Record-Route")) {
    if (s->notifies == 0) s->route.emplace_back(route);
  }
  s->notifies++;
  s->last = m;
  if (s->wanted != 0) s->established = true;
  const View state = m.get("Subscription-State");
  if (state.substr(0, state.find(';')) == "terminated") {
    s->ended = true, s->established = false;
    s->reason = std::string(param_or(state, "reason", ""));
  }
  reply(m, 200, "", "Contact: " + contact(options_.lines.at(0)) + "\r\n", "");
  return true;
}

void Phone::publish(const std::string& body, uint32_t expires) {
  if (publication_.open) return;  // RFC 3903 §4.1: one after the other
  publication_.body = body;
  publication_.wanted = expires;
  publication_.tries = 0;
  seen_.clear();
  send_publish();
}

void Phone::send_publish() {
  PhonePublication& p = publication_;
  const std::string& line = options_.lines.at(0);
  const std::string uri = "sip:" + line + "@" + host();
  if (p.call_id.empty()) p.call_id = mint() + "@pub", p.local_tag = mint();
  p.cseq++;
  p.open = true;
  std::string m = "PUBLISH " + uri + " SIP/2.0\r\n" + via("z9hG4bK" + mint()) +
                  "Max-Forwards: 70\r\nFrom: " + party(line, host(), p.local_tag) +
                  "\r\nTo: " + party(line, host(), "") + "\r\nCall-ID: " + p.call_id +
                  "\r\nCSeq: " + std::to_string(p.cseq) +
                  " PUBLISH\r\nEvent: presence\r\nExpires: " + std::to_string(p.wanted) + "\r\n";
  if (!p.etag.empty()) m += "SIP-If-Match: " + p.etag + "\r\n";
  m += credentials(p.challenge, "PUBLISH", uri, 1);
  p.challenge.clear();
  if (!p.body.empty()) m += "Content-Type: application/pidf+xml\r\n";
  m += "Content-Length: " + std::to_string(p.body.size()) + "\r\n\r\n" + p.body;
  transactions_.request(std::move(m), [this](const Msg* answer) {
    PhonePublication& mine = publication_;
    if (answer != nullptr && answer->status < 200) return;
    mine.open = false;
    if (answer == nullptr) return;
    if (answer->status == 401 && mine.tries++ < 3) {
      mine.challenge = std::string(answer->get("WWW-Authenticate"));
      return send_publish();
    }
    seen_.push_back(*answer);
    mine.status = answer->status;
    if (answer->status == 200) {
      if (answer->get("SIP-ETag").empty() || answer->get("SIP-ETag") == mine.etag) complain("no SIP-ETag of its own");
      mine.etag = mine.wanted == 0 ? "" : std::string(answer->get("SIP-ETag"));
    } else if (answer->status == 412) {
      mine.etag.clear();
    }
  });
}

// Gives up everything, as when it is switched off properly.
void Phone::unsubscribe_all() {
  std::vector<std::string> living;
  for (const PhoneSubscription& s : subscriptions_) {
    if (!s.ended) living.push_back(s.call_id);
  }
  for (const std::string& call_id : living) {
    PhoneSubscription& s = *by_call_id(call_id);
    s.wanted = 0, s.refreshes = false, s.tries = 0;
    send_subscribe(call_id);
  }
  if (!publication_.etag.empty()) publish("", 0);
}

}  // namespace carillon::sim
