// Verbs about transfers and taking over.

#include <algorithm>

#include "interpreter.h"

namespace carillon::flows {

using sim::Phone;
using sim::PhoneCall;

namespace {

bool holds_word(const std::vector<std::string>& w, const std::string& word) {
  return std::find(w.begin(), w.end(), word) != w.end();
}

// The call of `phone` with that other one, by whatever number of theirs; or the newest.
PhoneCall* call_with(Phone& phone, Phone* other) {
  if (other == nullptr) return phone.current();
  for (const std::string& line : other->options().lines) {
    if (PhoneCall* call = phone.call_with(line)) return call;
  }
  // Reached by another number, as by a pilot.
  for (auto it = phone.calls().rbegin(); it != phone.calls().rend(); ++it) {
    if (it->live()) return &*it;
  }
  return nullptr;
}

std::string syntax_of(const std::vector<std::string>& w) {
  for (const char* one : {"bare", "method", "required"}) {
    if (holds_word(w, one)) return one;
  }
  return "";
}

}  // namespace

// NAME transfers [WHOM] to NUMBER|NAME [attended] [norefersub] [bare|method|required] [foreign]
std::string Interpreter::transfer(Phone& phone, const Words& w) {
  const auto to = std::find(w.begin(), w.end(), "to");
  if (to == w.end() || to + 1 == w.end()) return "to whom?";
  const auto find = [this](const std::string& name) {
    const auto found = scenario_.phones.find(name);
    return found == scenario_.phones.end() ? nullptr : found->second.get();
  };
  Phone* whom = w[2] == "to" ? nullptr : find(w[2]);
  Phone* target = find(to[1]);
  PhoneCall* call = call_with(phone, whom);
  if (call == nullptr) return "has no such call";
  std::string number = to[1], replaces;
  const bool attended = holds_word(w, "attended");
  if (target != nullptr || attended) {
    const PhoneCall* consult = attended ? phone.call_with(to[1]) : call_with(phone, target);
    if (consult == nullptr) return "has no call with " + to[1];
    number = consult->number;
    replaces = Phone::replaces_of(*consult);
  }
  if (holds_word(w, "foreign")) replaces = "elsewhere@example;to-tag=1;from-tag=2";
  const std::string extra =
      holds_word(w, "norefersub") ? "Refer-Sub: false\r\nSupported: norefersub\r\n" : std::string();
  phone.refer(*call, phone.refer_to(number, replaces, syntax_of(w)), extra);
  return "";
}

std::string Interpreter::transfer_verb(Phone& phone, const Words& w, bool& known) {
  known = true;
  const auto other = w.size() > 2 ? scenario_.phones.find(w[2]) : scenario_.phones.end();
  Phone* named = other == scenario_.phones.end() ? nullptr : other->second.get();
  if (w[1] == "transfers" && w.size() > 3) return transfer(phone, w);
  if (w[1] == "refers" && w.size() > 2) {  // NAME refers TEXT: that Refer-To as it is
    if (phone.current() == nullptr) return "has no call";
    phone.refer(*phone.current(), w[2], "");
    return "";
  }
  if (w[1] == "steals" && named != nullptr) {  // names a dialog of that one's in Replaces
    const PhoneCall* theirs = named->current();
    if (phone.current() == nullptr || theirs == nullptr) return "has no call";
    phone.refer(*phone.current(), phone.refer_to(w[2], Phone::replaces_of(*theirs), ""), "");
    return "";
  }
  if (w[1] == "subscribes-refer") {
    PhoneCall* call = phone.current();
    if (call == nullptr) return "has no call";
    phone.subscribe_refer(*call, w.size() > 2 ? static_cast<uint32_t>(std::stoul(w[2])) : 60);
    return "";
  }
  if (w[1] == "drops" && named != nullptr) {  // hangs up on that one
    PhoneCall* call = call_with(phone, named);
    if (call == nullptr) return "has no such call";
    phone.hang_up(*call);
    return "";
  }
  if (w[1] == "replaces" && named != nullptr) {  // NAME replaces WHO: WHO's newest call becomes NAME's
    const PhoneCall* call = named->current();
    if (call == nullptr) return w[2] + " has no call";
    phone.take_over(named->options().lines.at(0),
                    Phone::replaces_of(*call) + (holds_word(w, "early-only") ? ";early-only" : ""));
    return "";
  }
  if (w[1] == "joins" && named != nullptr) {  // NAME joins WHO: comes into WHO's newest call
    const PhoneCall* call = named->current();
    if (call == nullptr) return w[2] + " has no call";
    phone.barge_in(named->options().lines.at(0), Phone::replaces_of(*call));
    return "";
  }
  if (w[1] == "is-told" && w.size() > 2) {
    const int status = std::stoi(w[2]);
    const auto told = [&] {
      for (const PhoneCall& c : phone.calls()) {
        if (std::find(c.fragments.begin(), c.fragments.end(), status) != c.fragments.end()) return true;
      }
      return false;
    };
    return ensure(told, "it was not");
  }
  if (w[1] == "is-told-nothing") {
    scenario_.world.run_for(seconds(2));
    for (const PhoneCall& c : phone.calls()) {
      if (!c.fragments.empty()) return "it was";
    }
    return "";
  }
  known = false;
  return "";
}

}  // namespace carillon::flows
