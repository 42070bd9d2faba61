// Verbs about phones: what they do and what they see.

#include "base/text.h"
#include "interpreter.h"

namespace carillon::flows {

using sim::Direction;
using sim::Phone;
using sim::PhoneCall;

namespace {

// The value of key=… among the words, or nothing.
std::optional<std::string> option(const std::vector<std::string>& w, const std::string& key) {
  for (const std::string& word : w) {
    if (word.substr(0, key.size() + 1) == key + "=") return word.substr(key.size() + 1);
  }
  return {};
}

bool holds_word(const std::vector<std::string>& w, const std::string& word) {
  for (const std::string& one : w) {
    if (one == word) return true;
  }
  return false;
}

std::string tail(const std::vector<std::string>& w, size_t from) {
  std::string s;
  for (size_t i = from; i < w.size(); i++) s += (i == from ? "" : " ") + w[i];
  return s;
}

}  // namespace

std::string Interpreter::phone_verb(const std::string& who, const Words& w) {
  const auto found = scenario_.phones.find(who);
  if (found == scenario_.phones.end() || w.size() < 2) return "nobody is called " + who;
  Phone& phone = *found->second;
  bool known = false;
  for (auto verbs :
       {&Interpreter::event_verb, &Interpreter::registration_verb, &Interpreter::call_verb, &Interpreter::dialog_verb,
        &Interpreter::transfer_verb, &Interpreter::identity_verb, &Interpreter::expectation}) {
    const std::string wrong = (this->*verbs)(phone, w, known);
    if (known) return wrong;
  }
  return "no such verb: " + w[1];
}

std::string Interpreter::registration_verb(Phone& phone, const Words& w, bool& known) {
  known = true;
  const std::string line = option(w, "line").value_or(phone.options().lines.at(0));
  if (w[1] == "registers") {
    sim::RegisterRequest r;
    r.line = line;
    r.user = option(w, "as");
    r.password = option(w, "password");
    if (const auto e = option(w, "expires")) r.expires = static_cast<uint32_t>(std::stoul(*e));
    for (const std::string& word : w) {
      if (word.substr(0, 8) == "contact=") r.contacts.push_back(word.substr(8));
    }
    if (const auto p = option(w, "path")) r.extra += "Supported: path\r\nPath: " + *p + "\r\n";
    if (const auto i = option(w, "instance"))
      r.contact_params = ";+sip.instance=\"<urn:uuid:" + *i + ">\";reg-id=1",
      r.extra += "Supported: outbound, path\r\n";
    if (const auto c = option(w, "cseq")) r.cseq = static_cast<uint32_t>(std::stoul(*c));
    r.keep = !holds_word(w, "once");
    r.replay = holds_word(w, "replay");
    r.fresh_call_id = holds_word(w, "anew");
    phone.enroll(r);
    return "";
  }
  if (w[1] == "unregisters") {
    if (holds_word(w, "all")) {
      sim::RegisterRequest r;
      r.line = line, r.contacts = {"*"}, r.expires = 0, r.keep = false;
      phone.enroll(r);
    } else {
      phone.withdraw(line);
    }
    return "";
  }
  if (w[1] == "is" && w.size() == 3 && (w[2] == "registered" || w[2] == "unregistered")) {
    return ensure(
        [&] {
          const auto r = phone.registrations().find(line);
          return r != phone.registrations().end() && r->second.status == 200 &&
                 r->second.registered == (w[2] == "registered");
        },
        "it is not");
  }
  if (w[1] == "rebinds") {
    scenario_.network.rebind(phone.address());
    return "";
  }
  if (w[1] == "reconnects") {
    phone.drop_connection();
    return "";
  }
  if (w[1] == "rests") {
    phone.rest();
    return "";
  }
  known = false;
  return "";
}

std::string Interpreter::call_verb(Phone& phone, const Words& w, bool& known) {
  known = true;
  if (w[1] == "calls" && w.size() > 2) {
    phone.dial(w[2], option(w, "from").value_or(""));
    return "";
  }
  if (w[1] == "sends" && w.size() > 2 && w[2] != "info") {
    phone.send_plain(w[2], w.size() > 3 ? w[3] : "");
    return "";
  }
  PhoneCall* ringing = phone.incoming();
  if (w[1] == "answers" || w[1] == "refuses" || w[1] == "progresses") {
    if (ringing == nullptr) return "nothing rings here";
    if (w[1] == "answers") phone.answer(*ringing);
    if (w[1] == "refuses") phone.refuse(*ringing, std::stoi(w.at(2)));
    if (w[1] == "progresses") phone.ring(*ringing, std::stoi(w.at(2)), holds_word(w, "sdp"), holds_word(w, "reliably"));
    return "";
  }
  if (w[1] == "cancels" || w[1] == "hangs") {
    PhoneCall* call = phone.current();
    if (call == nullptr) return "has no call";
    if (w[1] == "cancels") phone.cancel(*call);
    if (w[1] == "hangs") phone.hang_up(*call);
    return "";
  }
  known = false;
  return "";
}

std::string Interpreter::dialog_verb(Phone& phone, const Words& w, bool& known) {
  known = w[1] == "holds" || w[1] == "resumes" || w[1] == "reinvites" || w[1] == "updates" ||
          (w[1] == "sends" && w.size() > 2);
  if (!known) return "";
  PhoneCall* call = phone.current();
  if (call == nullptr) return "has no call";
  const bool update = holds_word(w, "update");
  if (w[1] == "holds") {
    const std::string how = w.size() > 2 ? w[2] : "sendonly";
    phone.offer(*call,
                how == "inactive" ? Direction::inactive
                : how == "zero"   ? Direction::sendrecv
                                  : Direction::sendonly,
                how == "zero", update, true);
  }
  if (w[1] == "resumes") phone.offer(*call, Direction::sendrecv, false, update, true);
  if (w[1] == "reinvites") phone.offer(*call, call->wish, false, false, !holds_word(w, "without"));
  if (w[1] == "updates") phone.update(*call);
  if (w[1] == "sends") phone.info(*call, "application/dtmf-relay", tail(w, 3));
  return "";
}

std::string Interpreter::expectation(Phone& phone, const Words& w, bool& known) {
  known = true;
  using State = PhoneCall::State;
  const auto in_state = [&](State state) {
    return [&phone, state] { return phone.last() != nullptr && phone.last()->state == state; };
  };
  if (w[1] == "rings") return ensure([&] { return phone.incoming() != nullptr; }, "it does not ring");
  if (w[1] == "stays" && w.size() > 2 && w[2] == "quiet") {
    const size_t before = phone.calls().size();
    scenario_.world.run_for(seconds(2));
    return phone.calls().size() == before ? "" : "it rang";
  }
  if (w[1] == "is" && w.size() > 2) {
    if (w[2] == "connected")
      return ensure([&] { return phone.current() != nullptr && phone.current()->state == State::up; },
                    "it is not connected");
    // A 180 is sent once: where a datagram is lost on purpose it may be that one.
    if (w[2] == "alerting" && variant_.lose != 0) return scenario_.world.run_for(milliseconds(100)), "";
    if (w[2] == "alerting") return ensure(in_state(State::ringing), "it hears no ringing");
    if (w[2] == "idle") return ensure([&] { return phone.live_calls() == 0; }, "it still has a call");
    if (w[2] == "cancelled")
      return ensure([&] { return phone.last() && phone.last()->cancelled && !phone.last()->live(); },
                    "it is not cancelled");
  }
  if (w[1] == "hears" || w[1] == "sees" || w[1] == "misses") {
    const auto other = scenario_.phones.find(w.at(2));
    if (other == scenario_.phones.end()) return "nobody is called " + w[2];
    const char* type = w[1] == "sees" ? "video" : "audio";
    const bool wanted = w[1] != "misses";
    return ensure([&] { return phone.hears(*other->second, type) == wanted; }, wanted ? "it does not" : "it does hear");
  }
  if (w[1] == "takes-digits-from" && w.size() > 2) {
    const auto other = scenario_.phones.find(w[2]);
    if (other == scenario_.phones.end()) return "nobody is called " + w[2];
    return ensure([&] { return phone.takes_digits(*other->second); }, "it does not");
  }
  if (w[1] == "gets" && w.size() > 2) return seen(phone, w);
  if (w[1] == "is-asked" && w.size() > 2) return asked(phone, w);
  if (w[1] == "is-not-asked" && w.size() > 2) {  // until now
    for (const sim::Msg& m : phone.requests_seen()) {
      if (m.method == w[2] && (w.size() < 5 || m.bytes().find(tail(w, 4)) != View::npos)) return "it was";
    }
    return "";
  }
  if (w[1] == "has" && w.size() > 3 && w[2] == "info") {
    return ensure([&] { return phone.last() != nullptr && phone.last()->body == tail(w, 3); }, "it has not");
  }
  known = false;
  return "";
}

// gets STATUS [with TEXT | without TEXT]: among the responses since the phone's last deed.
std::string Interpreter::seen(Phone& phone, const Words& w) {
  const int status = std::stoi(w[2]);
  // As with `is alerting`: what is sent once may be what was lost on purpose.
  if (status < 200 && variant_.lose != 0) return scenario_.world.run_for(milliseconds(100)), "";
  const bool with = w.size() > 4 && w[3] == "with", without = w.size() > 4 && w[3] == "without";
  const std::string text = w.size() > 4 ? tail(w, 4) : "";
  const auto matches = [&] {
    for (const sim::Msg& m : phone.seen()) {
      if (m.status != status) continue;
      const bool has = !text.empty() && m.bytes().find(text) != View::npos;
      if ((!with || has) && (!without || !has)) return true;
    }
    return false;
  };
  std::string wrong = ensure(matches, "it got");
  if (wrong.empty()) return "";
  for (const sim::Msg& m : phone.seen()) wrong += "\n" + printable(m.bytes(), 600);
  return wrong;
}

// is-asked METHOD [with|without TEXT]: a request that came to the phone.
std::string Interpreter::asked(Phone& phone, const Words& w) {
  const bool without = w.size() > 4 && w[3] == "without";
  const std::string text = w.size() > 4 ? tail(w, 4) : "";
  return ensure(
      [&] {
        for (const sim::Msg& m : phone.requests_seen()) {
          if (m.method != w[2]) continue;
          if ((m.bytes().find(text) != View::npos) != without) return true;
        }
        return false;
      },
      "it was not");
}

}  // namespace carillon::flows
