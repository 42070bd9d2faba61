// The called side: ringing, answering, and what comes inside the dialog (RFC 3261 §13.3, RFC 3262 §3).

#include <algorithm>

#include "phone.h"

namespace carillon::sim {
namespace {

std::string without_tag(View value) {
  const size_t at = value.find(";tag=");
  return std::string(value.substr(0, at));
}

}  // namespace

void Phone::invite_in(const Msg& m) {
  PhoneCall call;
  call.id = static_cast<int>(calls_.size()) + 1;
  call.incoming = true;
  call.state = PhoneCall::State::incoming;
  call.number = std::string(user_of(uri_of(m.get("From"))));
  call.call_id = std::string(m.call_id);
  call.local_tag = mint();
  call.remote_tag = std::string(m.from_tag);
  call.local = without_tag(m.get("To"));
  call.remote = without_tag(m.get("From"));
  call.target = std::string(uri_of(m.get("Contact")));
  for (View r : m.values("Record-Route")) call.route.emplace_back(r);
  call.cseq = 1 + world_.random().below(1000);
  call.remote_cseq = m.cseq;
  call.invite = m;
  calls_.push_back(std::move(call));
  PhoneCall& c = calls_.back();
  const Manners& manners = options_.manners;
  if (manners.refuses) return refuse(c, *manners.refuses);
  const auto offered = Sdp::read(m.body);
  if (manners.refuses_video && offered && offered->video() != nullptr && offered->video()->alive())
    return refuse(c, 488);
  reply(m, 100, "", "", "");
  if (replaced_by(c, m) || joined_by(c, m)) return;
  if (manners.rings) {
    world_.after(manners.rings_after, [this, id = c.id, alive = alive_] {
      if (!*alive) return;
      PhoneCall* ringing = by_id(id);
      if (ringing->state == PhoneCall::State::incoming) {
        ring(*ringing, options_.manners.early_media ? 183 : 180, options_.manners.early_media,
             options_.manners.reliable);
      }
    });
  }
  const bool at_once = !manners.auto_answers.empty() && m.bytes().find(manners.auto_answers) != View::npos;
  if (manners.answers_after || at_once) {
    world_.after(at_once ? milliseconds(5) : *manners.answers_after, [this, id = c.id, alive = alive_] {
      if (*alive && by_id(id)->state == PhoneCall::State::incoming) answer(*by_id(id));
    });
  }
  changed(c);
}

std::string Phone::answer_headers(PhoneCall& call, const Msg& m) {
  std::string s = "Contact: " + contact(std::string(user_of(uri_of(call.local)))) +
                  "\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, NOTIFY\r\n" +
                  options_.manners.says;
  if (m.has("Session-Expires") && options_.manners.session_expires > 0) {
    const View value = m.get("Session-Expires");
    const View asked = param_or(value, "refresher", "uac");
    s += "Require: timer\r\nSession-Expires: " + std::string(value.substr(0, value.find(';'))) +
         ";refresher=" + std::string(asked) + "\r\n";
  }
  return s;
}

void Phone::ring(PhoneCall& call, int status, bool with_sdp, bool reliable) {
  if (call.state != PhoneCall::State::incoming || call.prack_wait) return;
  const Msg& m = *call.invite;
  const bool can = reliable && (m.lists("Supported", "100rel") || m.lists("Require", "100rel"));
  std::string extra = "Contact: " + contact(std::string(user_of(uri_of(call.local)))) +
                      "\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO\r\n" + options_.manners.says,
              body;
  if (with_sdp) {
    const auto offered = Sdp::read(m.body);
    if (offered && call.answer_body.empty()) call.answer_body = print(call, make_answer(call, *offered));
    // RFC 3262 §5: without an offer the first reliable one brings ours.
    if (!offered && can && call.answer_body.empty()) {
      call.answer_body = print(call, make_offer(call));
      call.offer_out = true;
    }
    body = call.answer_body;
  }
  if (!can) return reply(m, status, call.local_tag, extra, body);
  call.rseq++;
  extra += "Require: 100rel\r\nRSeq: " + std::to_string(call.rseq) + "\r\n";
  call.prack_wait = true;
  call.answered_reliably = !body.empty();
  call.rel_id++;
  reply(m, status, call.local_tag, extra, body);
  std::string copy;  // as sent, for resending
  copy = "SIP/2.0 " + std::to_string(status) + " Ringing\r\n";
  for (const auto& [name, value] : m.headers()) {
    if (name == "Via" || name == "From" || name == "Call-ID")
      copy += std::string(name) + ": " + std::string(value) + "\r\n";
  }
  copy += "To: " + std::string(m.get("To")) + ";tag=" + call.local_tag + "\r\nCSeq: " + std::to_string(m.cseq) +
          " INVITE\r\n" + extra;
  if (!body.empty()) copy += "Content-Type: application/sdp\r\n";
  copy += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  const Duration t1 = transactions_.t1;
  world_.after(t1, [this, id = call.id, rel = call.rel_id, t1, until = world_.now() + t1 * 64, copy] {
    resend_reliable(id, rel, t1, until, copy);
  });
}

void Phone::resend_reliable(int id, uint64_t rel_id, Duration interval, Instant until, const std::string& bytes) {
  PhoneCall* call = by_id(id);
  if (call == nullptr || !call->prack_wait || call->rel_id != rel_id || !call->live()) return;
  if (world_.now() >= until) return refuse(*call, 500);  // RFC 3262 §3
  send(bytes);
  world_.after(interval * 2, [this, id, rel_id, next = interval * 2, until, bytes] {
    resend_reliable(id, rel_id, next, until, bytes);
  });
}

void Phone::answer(PhoneCall& call) {
  if (call.state != PhoneCall::State::incoming) return;
  if (call.prack_wait) {
    call.answer_waits = true;
    return;
  }
  const Msg m = *call.invite;
  std::string body = call.answered_reliably ? std::string() : call.answer_body;
  if (const auto offered = Sdp::read(m.body)) {
    if (call.answer_body.empty()) body = print(call, make_answer(call, *offered));
  } else if (!call.answered_reliably) {
    body = print(call, make_offer(call));
    call.offer_out = call.answer_in_ack = true;
  }
  if (options_.manners.other_answer && !call.answer_body.empty()) {
    Sdp other = call.local_sdp;
    for (MediaLine& line : other.lines) line.port = static_cast<uint16_t>(line.port + 100);
    body = other.print(options_.name, 1000 + static_cast<uint64_t>(call.id));
  }
  if (options_.manners.answers_bare && !call.answer_body.empty()) body.clear();
  call.state = PhoneCall::State::answered;
  call.final_status = 200;
  const std::string extra = answer_headers(call, m);
  reply(m, 200, call.local_tag, extra, body);
  if (m.has("Session-Expires") && options_.manners.session_expires > 0) start_session_timer(call, m, false);
  changed(call);
}

void Phone::refuse(PhoneCall& call, int status) {
  if (!call.live() || !call.invite) return;
  call.final_status = status;
  const bool moved = status >= 300 && status < 400;
  std::string extra = options_.manners.refusal_headers;
  if (moved) {
    const std::string& to = options_.manners.moved_to;
    if (to.empty()) extra += "Contact: " + contact("1999") + "\r\n";
    for (View one : split_list(to)) {
      const size_t q = std::min(one.find(';'), one.size());
      extra += "Contact: <sip:" + std::string(one.substr(0, q)) + "@" + host() + ">";
      extra += std::string(one.substr(q)) + "\r\n";
    }
  }
  reply(*call.invite, status, call.local_tag, extra, "");
  end(call);
}

void Phone::cancel_in(const Msg& m) {
  const auto over = transactions_.answered(m);
  if (!over) return reply(m, 481, mint(), "", "");
  PhoneCall* call = nullptr;
  for (PhoneCall& c : calls_) {
    if (c.call_id == m.call_id) call = &c;
  }
  reply(m, 200, call == nullptr ? mint() : call->local_tag, "", "");
  if (*over || call == nullptr || !call->live()) return;
  call->cancelled = true;
  if (options_.manners.answers_cancelled) return answer(*call);
  if (options_.manners.ignores_cancel) return;
  refuse(*call, 487);
}

void Phone::ack_in(PhoneCall& call, const Msg& m) {
  const bool fresh = transactions_.acknowledged(call.call_id, m.cseq);
  if (!fresh || !call.live()) return;
  if (call.answer_in_ack) {
    call.answer_in_ack = false;
    take_answer(call, m);
  }
  if (call.state == PhoneCall::State::answered) {
    call.state = PhoneCall::State::up;
    call.target = std::string(uri_of(call.invite->get("Contact")));
    if (call.bye_waits) return hang_up(call);
    if (options_.manners.hangs_up_after) {
      world_.after(*options_.manners.hangs_up_after, [this, id = call.id, alive = alive_] {
        if (*alive) hang_up(*by_id(id));
      });
    }
    changed(call);
  }
}

void Phone::dialog_request(PhoneCall& call, const Msg& m) {
  if (m.method == "NOTIFY") return notify_in(call, m);
  if (!call.live()) return reply(m, 481, "", "", "");
  if (m.cseq <= call.remote_cseq) return reply(m, 500, "", "", "");
  call.remote_cseq = m.cseq;
  if (m.method == "BYE") return bye_in(call, m);
  if (m.method == "INVITE") return reinvite_in(call, m);
  if (m.method == "UPDATE") return update_in(call, m);
  if (m.method == "PRACK") return prack_in(call, m);
  if (m.method == "INFO") call.body = std::string(m.body);
  reply(m, m.method == "REFER" ? 405 : 200, "", "", "");
}

void Phone::bye_in(PhoneCall& call, const Msg& m) {
  call.bye_received = true;
  if (!options_.manners.no_bye_answer) reply(m, 200, "", "", "");
  if (call.state == PhoneCall::State::incoming) reply(*call.invite, 487, call.local_tag, "", "");
  end(call);
}

void Phone::reinvite_in(PhoneCall& call, const Msg& m) {
  if (options_.manners.refuses_reinvites != 0) return reply(m, options_.manners.refuses_reinvites, "", "", "");
  if (call.invite_out || call.offer_out) return reply(m, 491, "", "", "");  // RFC 3261 §14.2
  if (call.state != PhoneCall::State::up) return reply(m, 500, "", "Retry-After: 1\r\n", "");
  if (options_.manners.refuses_reinvite != 0) return reply(m, options_.manners.refuses_reinvite, "", "", "");
  std::string body;
  if (const auto offered = Sdp::read(m.body)) {
    body = print(call, make_answer(call, *offered));
  } else {
    body = print(call, make_offer(call));
    call.offer_out = call.answer_in_ack = true;
  }
  if (m.has("Contact")) call.target = std::string(uri_of(m.get("Contact")));
  reply(m, 200, "", answer_headers(call, m), body);
  if (m.has("Session-Expires") && options_.manners.session_expires > 0) start_session_timer(call, m, false);
  changed(call);
}

void Phone::update_in(PhoneCall& call, const Msg& m) {
  const auto offered = Sdp::read(m.body);
  if (offered && (call.offer_out || call.invite_out) && call.state == PhoneCall::State::up)
    return reply(m, 491, "", "", "");
  std::string body;
  if (offered) body = print(call, make_answer(call, *offered));
  if (m.has("Contact")) call.target = std::string(uri_of(m.get("Contact")));
  reply(m, 200, "", answer_headers(call, m), body);
  if (m.has("Session-Expires") && options_.manners.session_expires > 0) start_session_timer(call, m, false);
  changed(call);
}

void Phone::prack_in(PhoneCall& call, const Msg& m) {
  const View rack = m.get("RAck");
  const bool ours = call.prack_wait && number_or(rack.substr(0, rack.find(' ')), 0) == call.rseq;
  if (!ours) return reply(m, 481, "", "", "");
  call.prack_wait = false;
  reply(m, 200, "", "", "");
  if (call.offer_out) {
    if (m.body.empty()) complain("PRACK without the answer to the offer in the provisional response");
    take_answer(call, m);
    changed(call);
  }
  if (call.answer_waits) answer(call);
}

}  // namespace carillon::sim
