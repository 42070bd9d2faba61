// What both sides of a call do: requests inside the dialog, offers and answers, session timers, the end.

#include <algorithm>

#include "phone.h"

namespace carillon::sim {

std::string Phone::in_dialog(PhoneCall& call, const std::string& method, uint32_t cseq, const std::string& branch,
                             const std::string& extra, const std::string& body, const char* type) {
  std::string s = method + " " + call.target + " SIP/2.0\r\n" + via(branch) +
                  "Max-Forwards: 70\r\nFrom: " + call.local + ";tag=" + call.local_tag + "\r\nTo: " + call.remote;
  const bool wrong = options_.manners.old_tags && method == "BYE" && !call.bye_sent;
  if (!call.remote_tag.empty()) s += ";tag=" + (wrong ? "old" + call.remote_tag : call.remote_tag);
  s += "\r\nCall-ID: " + call.call_id + "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n";
  for (const std::string& r : call.route) s += "Route: " + r + "\r\n";
  s += extra;
  return s + with_body(type, body);
}

void Phone::dialog_send(PhoneCall& call, const std::string& method, const std::string& extra, const std::string& body,
                        const char* type, std::function<void(const Msg*)> then) {
  const std::string branch = "z9hG4bK" + (options_.manners.reuses_branch ? call.local_tag : mint());
  std::string with = extra;
  if (!options_.manners.cold || call.asked)
    with += credentials(call.challenge, method, call.target, static_cast<uint32_t>(++minted_));
  call.asked = false;
  const uint32_t cseq = ++call.cseq;
  if (method == "INVITE") call.branch = branch, call.invite_cseq = cseq;
  transactions_.request(in_dialog(call, method, cseq, branch, with, body, type), std::move(then));
}

void Phone::changed(PhoneCall& call) {
  if (on_change) on_change(call);
}

void Phone::end(PhoneCall& call) {
  if (!call.live()) return;
  call.state = PhoneCall::State::ended;
  call.session_generation++;
  changed(call);
}

std::string Phone::print(PhoneCall& call, Sdp sdp) {
  sdp.version = call.sdp_version++;
  call.local_sdp = sdp;
  return sdp.print(options_.name, 1000 + static_cast<uint64_t>(call.id));
}

void Phone::take_answer(PhoneCall& call, const Msg& m) {
  const auto sdp = Sdp::read(m.body);
  if (!sdp) return;
  if (sdp->lines.size() != call.local_sdp.lines.size()) complain("answer with another number of media lines");
  call.remote_sdp = sdp;
  call.offer_out = false;
}

// A new offer in the dialog: hold in its forms, resume, or (without SDP) a re-INVITE that asks for one.
void Phone::offer(PhoneCall& call, Direction wish, bool zero, bool by_update, bool with_sdp) {
  seen_.clear();
  call.agreed_sdp = call.local_sdp, call.agreed_wish = call.wish;
  call.wish = wish;
  call.zero_hold = zero;
  const std::string body = with_sdp ? print(call, make_offer(call)) : std::string();
  call.offer_out = with_sdp;
  const std::string line = std::string(user_of(uri_of(call.local)));
  std::string extra = "Contact: " + contact(line) + "\r\n" + options_.manners.says;
  if (call.session_interval > 0) {
    extra += "Supported: timer\r\nSession-Expires: " + std::to_string(call.session_interval) +
             ";refresher=" + (call.refresher ? "uac" : "uas") + "\r\n";
  }
  const auto again = [this, id = call.id, wish, zero, by_update, with_sdp] {
    PhoneCall* c = by_id(id);
    if (c != nullptr && c->state == PhoneCall::State::up) offer(*c, wish, zero, by_update, with_sdp);
  };
  const bool invite = !by_update;
  call.invite_out = invite;
  dialog_send(call, invite ? "INVITE" : "UPDATE", extra, body, "application/sdp",
              [this, id = call.id, again](const Msg* m) {
                PhoneCall* c = by_id(id);
                if (c != nullptr) reinvite_answer(*c, m, again);
              });
}

void Phone::reinvite_answer(PhoneCall& call, const Msg* m, std::function<void()> again) {
  if (m == nullptr || m->status == 481 || m->status == 408) {
    call.invite_out = call.offer_out = false;
    if (call.live()) hang_up(call);  // RFC 3261 §12.2.1.2
    return;
  }
  if (m->status < 200) return;
  const bool invite = m->method == "INVITE";
  if (invite && m->status < 300 && call.ack_cseq == m->cseq) {  // repeated
    if (!options_.manners.never_acks) send(call.ack);
    return;
  }
  seen_.push_back(*m);
  if (invite) call.invite_out = false;
  if (retry_with_credentials(call, *m, again)) return;
  if (m->status == 491) {  // RFC 3261 §14.1
    call.offer_out = false;
    const Duration wait =
        call.incoming ? world_.between({}, seconds(2)) : world_.between(milliseconds(2100), seconds(4));
    world_.after(wait, [again, alive = alive_] {
      if (*alive) again();
    });
    return;
  }
  if (m->status >= 300) {  // RFC 3261 §14.1: as before
    call.offer_out = call.zero_hold = false;
    call.local_sdp = call.agreed_sdp, call.wish = call.agreed_wish;
    return;
  }
  std::string answer;
  if (call.offer_out) {
    take_answer(call, *m);
  } else if (const auto offered = Sdp::read(m->body); offered && invite) {
    answer = print(call, make_answer(call, *offered));
  }
  if (!m->get("Contact").empty()) call.target = std::string(uri_of(m->get("Contact")));
  if (invite) send_ack(call, *m, answer);
  start_session_timer(call, *m, true);
  changed(call);
}

void Phone::update(PhoneCall& call) {
  seen_.clear();
  const std::string line(user_of(uri_of(call.local)));
  dialog_send(call, "UPDATE", "Contact: " + contact(line) + "\r\n" + options_.manners.says, "", "",
              [this](const Msg* m) {
                if (m != nullptr) seen_.push_back(*m);
              });
}

void Phone::info(PhoneCall& call, const std::string& type, const std::string& body) {
  seen_.clear();
  dialog_send(call, "INFO", "", body, type.c_str(), [this](const Msg* m) {
    if (m != nullptr) seen_.push_back(*m);
  });
}

void Phone::hang_up(PhoneCall& call) {
  if (!call.live()) return;
  if (call.state == PhoneCall::State::calling || call.state == PhoneCall::State::ringing) return cancel(call);
  if (call.state == PhoneCall::State::incoming) return refuse(call, 486);
  if (call.state == PhoneCall::State::answered) {  // RFC 3261 §15: not before the ACK
    call.bye_waits = true;
    return;
  }
  seen_.clear();
  const int times = options_.manners.bye_twice || options_.manners.old_tags ? 2 : 1;
  for (int i = 0; i < times; i++) {
    dialog_send(call, "BYE", "", "", "", [this, id = call.id](const Msg* m) {
      if (m == nullptr || m->status < 200) return;
      seen_.push_back(*m);
      PhoneCall* c = by_id(id);
      if (m->status != 401 || c == nullptr || c->auth_tries > 8) return;
      c->auth_tries++;
      c->asked = true;
      c->challenge = std::string(m->get("WWW-Authenticate"));
      dialog_send(*c, "BYE", "", "", "", [this](const Msg* last) {
        if (last != nullptr && last->status >= 200) seen_.push_back(*last);
      });
    });
    call.bye_sent = true;
  }
  end(call);
}

// RFC 4028: `m` is the 2xx that settled the session.
void Phone::start_session_timer(PhoneCall& call, const Msg& m, bool we_sent_request) {
  const uint64_t generation = ++call.session_generation;
  if (!m.has("Session-Expires")) {
    call.session_interval = 0;
    return;
  }
  const View value = m.get("Session-Expires");
  call.session_interval = number_or(value.substr(0, value.find(';')), 1800);
  const bool uac = param_or(value, "refresher", "uac") == "uac";
  call.refresher = uac == we_sent_request;
  const Duration whole = seconds(call.session_interval);
  const Duration wait = call.refresher ? whole / 2 : whole - std::min(seconds(32), whole / 3);
  world_.after(wait, [this, id = call.id, generation, alive = alive_] {
    if (*alive) session_due(id, generation);
  });
}

void Phone::session_due(int id, uint64_t generation) {
  PhoneCall* call = by_id(id);
  if (call == nullptr || call->state != PhoneCall::State::up || call->session_generation != generation) return;
  if (!call->refresher) {
    hang_up(*call);
    return;
  }
  if (!options_.manners.refreshes || call->invite_out) return;
  offer(*call, call->wish, call->zero_hold, options_.manners.refresh_by_update, true);
}

}  // namespace carillon::sim
