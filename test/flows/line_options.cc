// "line NUMBER [option…]": what the directory says of a line; again later changes it. Options of phones about the same.

#include "interpreter.h"

namespace carillon::flows {

std::string Interpreter::set_up_line(const Words& w) {
  sim::LineEntry e = scenario_.directory.line_entry(w[1]);
  config::ForwardsView& f = e.forwards;
  for (size_t i = 2; i < w.size(); i++) {
    const size_t equals = w[i].find('=');
    const std::string key = w[i].substr(0, equals);
    const std::string value = equals == std::string::npos ? "on" : w[i].substr(equals + 1);
    const auto both = [&](config::ForwardView& forward) { forward.internal = forward.external = value; };
    const std::map<std::string, std::function<void()>> options = {
        {"forward-all", [&] { both(f.all); }},
        {"forward-busy", [&] { both(f.busy); }},
        {"forward-no-answer", [&] { both(f.no_answer); }},
        {"forward-unregistered", [&] { both(f.unregistered); }},
        {"forward-busy-outside", [&] { f.busy.external = value; }},
        {"forward-no-answer-outside", [&] { f.no_answer.external = value; }},
        {"forward-unregistered-outside", [&] { f.unregistered.external = value; }},
        {"no-answer-after", [&] { f.no_answer_duration = duration_of(value); }},
        {"alerting-name", [&] { e.alerting_name = value; }},
        {"reject-anonymous", [&] { e.reject_anonymous = value != "off"; }},
        {"pickup", [&] { e.pickup_group = value; }},
        {"callers", [&] { e.caller_filter = value == "all" ? "" : value; }},
        {"auto-answer",
         [&] {
           e.auto_answer = value == "off"       ? config::AutoAnswer::off
                           : value == "headset" ? config::AutoAnswer::headset
                                                : config::AutoAnswer::speakerphone;
         }},
        {"dnd", [&] { e.do_not_disturb = value != "off"; }}};
    if (set_presentation(e, key, value)) continue;
    const auto found = options.find(key);
    if (found == options.end()) return "no such option: " + key;
    found->second();
  }
  scenario_.directory.line(w[1], e);
  if (started_) scenario_.configure();
  return "";
}

// Options of a phone about forwarding, identity and what it refuses. False: there is no such option.
bool Interpreter::set_forward_option(Draft& d, const std::string& key, const std::string& value) {
  using Dnd = config::PhoneView::Dnd;
  sim::Manners& m = d.manners;
  if (key == "anonymous") {
    m.invite_headers = value != "off" ? "Privacy: id\r\n" : "";
  } else if (key == "refuses-reinvites") {
    m.refuses_reinvites = std::atoi(value.c_str());
  } else if (key == "hunts") {
    d.entry.hunts = value != "off";
  } else if (key == "moved-to") {
    m.moved_to = value;
  } else if (key == "dnd") {
    d.entry.dnd = value == "reject" ? Dnd::call_reject : value == "ringer" ? Dnd::ringer_off : Dnd::off;
  } else if (key == "auto-answers") {
    m.auto_answers = value;
  } else if (key == "auto-answer-headers") {
    d.entry.auto_answer_headers = value;
  } else if (key == "dnd-option") {
    d.entry.dnd_option = value == "reject" ? Dnd::call_reject : Dnd::ringer_off;
  } else {
    return set_identity_option(d, key, value);
  }
  return true;
}

}  // namespace carillon::flows
