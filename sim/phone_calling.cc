// The caller's side: INVITE to its answer (RFC 3261 §13.2, RFC 3262 §4).

#include "phone.h"

namespace carillon::sim {

PhoneCall* Phone::dial(const std::string& number, std::string line, const std::string& extra) {
  if (line.empty()) line = options_.lines.at(0);
  seen_.clear();
  PhoneCall call;
  call.id = static_cast<int>(calls_.size()) + 1;
  call.number = number;
  call.extra = extra;
  call.call_id = mint() + "@" + options_.address.ip_text();
  call.local_tag = mint();
  call.local = options_.manners.anonymous_from ? "\"Anonymous\" <sip:anonymous@anonymous.invalid>"
                                               : "<sip:" + line + "@" + host() + ">";
  call.remote = "<sip:" + number + "@" + host() + ">";
  call.target = "sip:" + number + "@" + host();
  call.cseq = 1 + world_.random().below(1000);
  calls_.push_back(std::move(call));
  send_invite(calls_.back());
  return &calls_.back();
}

void Phone::send_invite(PhoneCall& call) {
  const Manners& m = options_.manners;
  const std::string line(user_of(uri_of(call.local)));
  const std::string body = m.delayed_offer ? std::string() : print(call, make_offer(call));
  call.offer_out = !m.delayed_offer;
  call.branch = "z9hG4bK" + mint();
  call.invite_cseq = ++call.cseq;
  call.invite_out = true;
  std::string extra = call.extra + "Contact: " + contact(line) +
                      "\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, NOTIFY\r\n";
  if (m.prack || m.session_expires > 0) {
    extra += std::string("Supported: ") + (m.prack ? "100rel" : "timer") +
             (m.prack && m.session_expires > 0 ? ", timer" : "") + "\r\n";
  }
  if (m.session_expires > 0) {
    extra +=
        "Session-Expires: " + std::to_string(m.session_expires) + (m.refresher_uac ? ";refresher=uac" : "") + "\r\n";
  }
  extra += m.invite_headers + m.says;
  extra += credentials(call.challenge, "INVITE", call.target, static_cast<uint32_t>(++minted_));
  std::string text = in_dialog(call, "INVITE", call.invite_cseq, call.branch, extra, body, "application/sdp");
  if (m.max_forwards != 70) {
    const size_t at = text.find("Max-Forwards: 70");
    text.replace(at, 16, "Max-Forwards: " + std::to_string(m.max_forwards));
  }
  transactions_.request(std::move(text), [this, id = call.id](const Msg* response) {
    PhoneCall* c = by_id(id);
    if (c != nullptr) invite_answer(*c, response);
  });
}

void Phone::invite_answer(PhoneCall& call, const Msg* m) {
  if (m == nullptr) {
    call.invite_out = false;
    call.final_status = 408;
    return end(call);
  }
  if (m->status < 200) return provisional(call, *m);
  if (m->status < 300) return success(call, *m);
  failure(call, *m);
}

void Phone::provisional(PhoneCall& call, const Msg& m) {
  if (call.provisionals.empty() && call.cancelled) {
    call.provisionals.push_back(m.status);
    call.cancelled = false;
    cancel(call);
  }
  call.provisionals.push_back(m.status);
  if (m.status == 100 || !call.live()) return changed(call);
  seen_.push_back(m);
  if (call.state == PhoneCall::State::calling) call.state = PhoneCall::State::ringing;
  if (!m.to_tag.empty()) {
    call.remote_tag = std::string(m.to_tag);
    if (m.has("Contact")) call.target = std::string(uri_of(m.get("Contact")));
  }
  const bool reliable = m.lists("Require", "100rel") && m.has("RSeq");
  if (const auto sdp = Sdp::read(m.body); sdp && call.offer_out) call.remote_sdp = sdp;
  if (reliable) send_prack(call, m);
  changed(call);
}

void Phone::send_prack(PhoneCall& call, const Msg& m) {
  const uint32_t rseq = number_or(m.get("RSeq"), 0);
  if (!options_.manners.prack) complain("reliable provisional without Supported: 100rel");
  if (rseq <= call.last_rseq) return;                             // resent: its PRACK is on its way
  if (call.last_rseq != 0 && rseq != call.last_rseq + 1) return;  // RFC 3262 §4: out of order
  call.last_rseq = rseq;
  const std::string answer = prack_body(call, m);
  const std::string extra = "RAck: " + std::to_string(rseq) + " " + std::to_string(m.cseq) + " INVITE\r\n";
  const auto refused = [this, id = call.id, offered = call.offer_out && !answer.empty()](const Msg* r) {
    if (r != nullptr && r->status >= 200) seen_.push_back(*r);
    if (offered && r != nullptr && r->status / 100 == 2) take_answer(*by_id(id), *r);
    if (offered) return;
    if (r != nullptr && r->status >= 300 && r->status != 481)
      complain("PRACK refused with " + std::to_string(r->status));
  };
  dialog_send(call, "PRACK", extra, answer, "application/sdp",
              [this, id = call.id, extra, answer, refused](const Msg* r) {
                PhoneCall* c = by_id(id);
                if (r == nullptr || r->status != 401 || c == nullptr) return refused(r);
                c->challenge = std::string(r->get("WWW-Authenticate"));
                c->asked = true;
                dialog_send(*c, "PRACK", extra, answer, "application/sdp", refused);
              });
}

void Phone::success(PhoneCall& call, const Msg& m) {
  if (call.ack_cseq == m.cseq && call.ack_cseq != 0) {
    if (m.to_tag != call.remote_tag) complain("a second 2xx with another tag");
    if (!options_.manners.never_acks) send(call.ack);
    return;
  }
  call.invite_out = false;
  call.final_status = m.status;
  call.remote_tag = std::string(m.to_tag);
  if (m.has("Contact")) call.target = std::string(uri_of(m.get("Contact")));
  call.route.clear();
  for (View r : m.values("Record-Route")) call.route.insert(call.route.begin(), std::string(r));
  seen_.push_back(m);
  std::string answer;
  if (call.offer_out) {
    if (!m.body.empty() || !call.remote_sdp) take_answer(call, m);
    call.offer_out = false;
  } else if (const auto offered = Sdp::read(m.body)) {
    answer = print(call, make_answer(call, *offered));
  }
  send_ack(call, m, answer);
  const bool was_over = !call.live();
  call.state = PhoneCall::State::up;
  if (call.cancelled || was_over) return hang_up(call);  // RFC 3261 §15: the 2xx crossed our CANCEL
  start_session_timer(call, m, true);
  if (options_.manners.hangs_up_after) {
    world_.after(*options_.manners.hangs_up_after, [this, id = call.id, alive = alive_] {
      if (*alive) hang_up(*by_id(id));
    });
  }
  changed(call);
}

void Phone::send_ack(PhoneCall& call, const Msg& m, const std::string& body) {
  std::string extra;
  if (!call.challenge.empty())
    extra = credentials(call.challenge, "ACK", call.target, static_cast<uint32_t>(++minted_));
  call.ack = in_dialog(call, "ACK", m.cseq, "z9hG4bK" + mint(), extra, body, "application/sdp");
  call.ack_cseq = m.cseq;
  if (!options_.manners.never_acks) send(call.ack);
}

bool Phone::retry_with_credentials(PhoneCall& call, const Msg& m, const std::function<void()>& again) {
  if (m.status != 401 || call.auth_tries >= 3) return false;
  call.auth_tries++;
  call.asked = true;
  call.challenge = std::string(m.get("WWW-Authenticate"));
  again();
  return true;
}

void Phone::failure(PhoneCall& call, const Msg& m) {
  call.invite_out = false;
  if (call.state == PhoneCall::State::up) return;
  if (!call.cancelled && retry_with_credentials(call, m, [this, &call] {
        call.provisionals.clear();
        send_invite(call);
      })) {
    return;
  }
  seen_.push_back(m);
  call.final_status = m.status;
  end(call);
}

void Phone::cancel(PhoneCall& call) {
  if (call.cancelled || !call.live()) return;
  call.cancelled = true;
  if (call.provisionals.empty() || !transactions_.pending(call.branch))
    return;  // RFC 3261 §9.1: not before a provisional
  const std::string extra = credentials(call.challenge, "INVITE", call.target, static_cast<uint32_t>(++minted_));
  PhoneCall early = call;
  early.remote_tag.clear();
  early.route.clear();
  early.target = "sip:" + call.number + "@" + host();
  transactions_.request(in_dialog(early, "CANCEL", call.invite_cseq, call.branch, extra, "", ""), [](const Msg*) {});
  world_.after(transactions_.t1 * 64, [this, id = call.id, alive = alive_] {
    if (!*alive) return;
    PhoneCall* c = by_id(id);
    if (c->live() && c->state != PhoneCall::State::up) c->final_status = 408, end(*c);
  });
}

// A request outside of dialogs; answered through seen().
void Phone::send_plain(const std::string& method, const std::string& number) {
  seen_.clear();
  PhoneCall outside;
  outside.target = "sip:" + (number.empty() ? "" : number + "@") + host();
  outside.local = "<sip:" + options_.lines.at(0) + "@" + host() + ">";
  outside.remote = "<" + outside.target + ">";
  outside.call_id = mint();
  outside.local_tag = mint();
  transactions_.request(in_dialog(outside, method, 1, "z9hG4bK" + mint(), "", "", ""), [this](const Msg* m) {
    if (m != nullptr && m->status >= 200) seen_.push_back(*m);
  });
}

}  // namespace carillon::sim
