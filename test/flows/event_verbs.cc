// Verbs about subscriptions, presence and message waiting.

#include "base/text.h"
#include "interpreter.h"
#include "sim/phone_subscribe.h"

namespace carillon::flows {

using sim::Phone;

namespace {

std::string tail(const std::vector<std::string>& w, size_t from) {
  std::string s;
  for (size_t i = from; i < w.size(); i++) s += (i == from ? "" : " ") + w[i];
  return s;
}

uint32_t expires_of(const std::vector<std::string>& w, uint32_t otherwise) {
  for (const std::string& word : w) {
    if (word.rfind("expires=", 0) == 0) return static_cast<uint32_t>(std::stoul(word.substr(8)));
  }
  return otherwise;
}

std::string pidf(const std::string& basic, const std::string& note) {
  std::string s =
      "<?xml version=\"1.0\"?>\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:me@pbx\">"
      "<tuple id=\"a\"><status><basic>" +
      basic + "</basic></status>";
  if (!note.empty()) s += "<note>" + note + "</note>";
  return s + "</tuple></presence>\n";
}

}  // namespace

bool Interpreter::line_option(sim::PhoneEntry& e, const std::string& key, const std::string& value) {
  const bool on = value != "off";
  if (key == "line") {
    e.lines.clear();
    for (View v : sim::split_list(value)) e.lines.emplace_back(v);
    return true;
  }
  if (key == "presence-group") return e.presence_group = std::stol(value), true;
  if (key == "may-watch-nobody") return e.subscribe_search_space = on ? 2 : 0, true;
  if (key == "unsolicited-mwi") return e.unsolicited_mwi = on, true;
  return false;
}

// subscribes|unsubscribes|fetches PACKAGE NUMBER [expires=N] [once]; publishes open|closed [NOTE]; refreshes-presence;
// unpublishes
std::string Interpreter::event_verb(Phone& phone, const Words& w, bool& known) {
  known = true;
  if (w.size() > 3 && (w[1] == "subscribes" || w[1] == "unsubscribes" || w[1] == "fetches")) {
    const bool once = w.back() == "once";
    phone.subscribe(w[2], w[3], w[1] == "subscribes" ? expires_of(w, 600) : 0, !once);
    return "";
  }
  if (w[1] == "publishes" && w.size() > 2) {
    const bool timed = w.size() > 3 && w[3].rfind("expires=", 0) == 0;
    phone.publish(pidf(w[2], tail(w, timed ? 4 : 3)), expires_of(w, 600));
    return "";
  }
  if (w[1] == "refreshes-presence" || w[1] == "unpublishes") {
    phone.publish("", w[1] == "unpublishes" ? 0 : expires_of(w, 600));
    return "";
  }
  if (w[1] == "is-told" && w.size() > 4) return told(phone, w);
  known = false;
  return "";
}

// is-told PACKAGE|mailbox NUMBER with|without TEXT: the last NOTIFY of that subscription; `mailbox`: the last unasked
// one.
std::string Interpreter::told(Phone& phone, const Words& w) {
  const std::string text = tail(w, 5);
  const auto last = [&]() -> View {
    if (w[2] == "mailbox") {
      const auto at = phone.mailboxes().find(w[3]);
      return at == phone.mailboxes().end() ? View() : at->second.bytes();
    }
    const auto& s = phone.subscription(w[2], w[3]);
    return s.last ? s.last->bytes() : View();
  };
  const std::string wrong =
      ensure([&] { return !last().empty() && (last().find(text) != View::npos) == (w[4] == "with"); }, "it was not");
  return wrong.empty() ? "" : wrong + "\n" + printable(last(), 2000);
}

// mailbox NUMBER on|off|new=N old=N …; subscription count N
std::string Interpreter::event_world(const Words& w) {
  if (w[0] == "subscription" && w.size() == 3) {
    size_t n = 0;
    const auto count = [&] {
      n = 0;
      for (size_t i = 0; i < scenario_.server->shards(); i++) n += scenario_.server->shard(i).lines().subscriptions();
      return scenario_.server->alive() && std::to_string(n) == w[2];
    };
    const std::string wrong = ensure(count, "never so many");
    return wrong.empty() ? "" : "there are " + std::to_string(n);
  }
  lines::Mailbox box;
  for (const std::string& word : w) {
    const auto number = [&](size_t from) { return static_cast<uint32_t>(std::stoul(word.substr(from))); };
    if (word == "on") box.waiting = true;
    if (word.rfind("new=", 0) == 0) box.fresh = number(4), box.waiting = box.fresh != 0, box.counted = true;
    if (word.rfind("old=", 0) == 0) box.old = number(4), box.counted = true;
  }
  if (!scenario_.server->alive()) return "the server is not there";
  return scenario_.server->set_mailbox(scenario_.directory.line(w[1]), w[1], box) ? "" : "there is no such line";
}

}  // namespace carillon::flows
