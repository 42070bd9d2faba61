// Transfers as a phone asks for them (RFC 3515, RFC 5589), and taking over a dialog (RFC 3891).

#include <algorithm>

#include "base/text.h"
#include "phone.h"

namespace carillon::sim {
namespace {

// What may not stand in a URI's header value (RFC 3261 §25.1, hvalue).
std::string escaped(View text) {
  std::string s;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || View("-_.!~*'()").find(c) != View::npos;
    if (plain) {
      s += c;
    } else {
      char hex[4];
      std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned char>(c));
      s += hex;
    }
  }
  return s;
}

}  // namespace

std::string Phone::replaces_of(const PhoneCall& call) {
  return call.call_id + ";to-tag=" + call.remote_tag + ";from-tag=" + call.local_tag;
}

std::string Phone::refer_to(const std::string& number, const std::string& replaces, const std::string& syntax) const {
  std::string uri = "sip:" + number + "@" + host();
  if (syntax == "method") uri += ";method=INVITE";
  if (!replaces.empty()) uri += "?Replaces=" + escaped(replaces);
  if (!replaces.empty() && syntax == "required") uri += "&Require=replaces";
  return syntax == "bare" ? uri : "<" + uri + ">";
}

void Phone::refer(PhoneCall& call, const std::string& target, const std::string& extra) {
  seen_.clear();
  call.fragments.clear();
  const std::string line(user_of(uri_of(call.local)));
  const std::string lines = "Contact: " + contact(line) + "\r\nRefer-To: " + target + "\r\nReferred-By: <sip:" + line +
                            "@" + host() + ">\r\n" + extra;
  dialog_send(call, "REFER", lines, "", "", [this, id = call.id, target, extra](const Msg* m) {
    PhoneCall* c = by_id(id);
    if (m == nullptr || m->status < 200 || c == nullptr) return;
    seen_.push_back(*m);
    retry_with_credentials(*c, *m, [this, id, target, extra] { refer(*by_id(id), target, extra); });
  });
  call.refers.push_back(call.cseq);
}

void Phone::subscribe_refer(PhoneCall& call, uint32_t expires) {
  seen_.clear();
  const std::string line(user_of(uri_of(call.local)));
  dialog_send(call, "SUBSCRIBE",
              "Contact: " + contact(line) + "\r\nEvent: refer\r\nExpires: " + std::to_string(expires) + "\r\n", "", "",
              [this](const Msg* m) {
                if (m != nullptr && m->status >= 200) seen_.push_back(*m);
              });
}

// NOTIFY of a transfer's progress: it may come when the call itself is over (RFC 5057 §4).
void Phone::notify_in(PhoneCall& call, const Msg& m) {
  if (call.refers.empty()) return reply(m, 481, "", "", "");
  if (m.cseq <= call.remote_cseq) return reply(m, 500, "", "", "");
  call.remote_cseq = m.cseq;
  const View event = m.get("Event"), state = m.get("Subscription-State"), type = m.get("Content-Type");
  if (event.substr(0, event.find(';')) != "refer") complain("NOTIFY without Event: refer");
  if (state.substr(0, 6) != "active" && state.substr(0, 10) != "terminated") complain("NOTIFY without a state");
  if (type.substr(0, type.find(';')) != "message/sipfrag") complain("NOTIFY without a sipfrag");
  if (m.body.substr(0, 8) != "SIP/2.0 ") complain("sipfrag without a status line");
  const auto id = param_of(event, "id");
  if (id && std::count(call.refers.begin(), call.refers.end(), number_or(*id, 0)) == 0)
    complain("NOTIFY with another id");
  call.fragments.push_back(static_cast<int>(number_or(m.body.substr(8, 3), 0)));
  const uint32_t which = id ? number_or(*id, 0) : call.refers.front();
  if (std::count(call.told_all.begin(), call.told_all.end(), which) != 0) complain("NOTIFY after the last one");
  if (state.substr(0, 10) == "terminated") call.told_all.push_back(which);
  reply(m, 200, "", "", "");
  changed(call);
}

PhoneCall* Phone::take_over(const std::string& number, const std::string& replaces) {
  return dial(number, {}, "Replaces: " + replaces + "\r\nRequire: replaces\r\n");
}

PhoneCall* Phone::barge_in(const std::string& number, const std::string& dialog) {
  return dial(number, {}, "Join: " + dialog + "\r\nRequire: join\r\n");
}

// The call of ours whose dialog the value of a Replaces or Join names, or null.
PhoneCall* Phone::named_by(View value, const PhoneCall& fresh) {
  for (PhoneCall& old : calls_) {
    if (&old == &fresh || !old.live() || value.substr(0, value.find(';')) != old.call_id) continue;
    if (param_or(value, "to-tag", "") != old.local_tag || param_or(value, "from-tag", "") != old.remote_tag) continue;
    return old.state == PhoneCall::State::up ? &old : nullptr;
  }
  return nullptr;
}

// An INVITE that replaces a call of this phone: it answers at once, and hangs up the other (RFC 3891 §3).
bool Phone::replaced_by(PhoneCall& fresh, const Msg& m) {
  if (!m.has("Replaces")) return false;
  PhoneCall* old = named_by(m.get("Replaces"), fresh);
  if (old == nullptr) return refuse(fresh, 481), true;
  answer(fresh);
  hang_up(*old);
  return true;
}

// An INVITE that comes into a call of this phone: one that can mix answers at once (RFC 3911 §4).
bool Phone::joined_by(PhoneCall& fresh, const Msg& m) {
  if (!m.has("Join")) return false;
  if (!options_.manners.mixes) return refuse(fresh, 420), true;
  if (named_by(m.get("Join"), fresh) == nullptr) return refuse(fresh, 481), true;
  answer(fresh);
  return true;
}

PhoneCall* Phone::call_with(const std::string& number) {
  for (auto it = calls_.rbegin(); it != calls_.rend(); ++it) {
    if (it->live() && it->number == number) return &*it;
  }
  return nullptr;
}

}  // namespace carillon::sim
