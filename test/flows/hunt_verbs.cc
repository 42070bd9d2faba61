// Verbs about hunt groups: what the directory says of them, also later, and what records say of their calls.

#include "config/entities/line_group.h"
#include "interpreter.h"

namespace carillon::flows {

namespace {

using Words = std::vector<std::string>;

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> all;
  for (size_t at = 0; at < list.size();) {
    const size_t end = std::min(list.find(',', at), list.size());
    all.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

template <typename E>
bool read_word(const std::string& text, E& to) {
  for (size_t i = 0; i < config::words<E>.size(); i++) {
    if (config::words<E>[i] != text) continue;
    to = static_cast<E>(i);
    return true;
  }
  return false;
}

// Calls f(key, value) for each option from the third word on; "" when f knew them all.
template <typename F>
std::string each_option(const Words& w, F&& f) {
  for (size_t i = 2; i < w.size(); i++) {
    const size_t equals = w[i].find('=');
    const std::string value = equals == std::string::npos ? "on" : w[i].substr(equals + 1);
    if (!f(w[i].substr(0, equals), value)) return "no such option: " + w[i];
  }
  return "";
}

bool group_option(sim::HuntGroupEntry& e, const std::string& key, const std::string& value) {
  config::LineGroupView& g = e.rules;
  if (key == "members") return e.members = split(value), true;
  if (key == "order") return read_word(value, g.distribution);
  if (key == "ring") return g.ring = duration_of(value), true;
  if (key == "no-answer") return read_word(value, g.no_answer);
  if (key == "busy") return read_word(value, g.busy);
  if (key == "not-available") return read_word(value, g.not_available);
  if (key == "auto-log-off") return g.auto_log_off = value != "off", true;
  return false;
}

bool pilot_option(config::HuntPilotView& p, std::string& list, const std::string& key, const std::string& value) {
  if (key == "list") return list = value, true;
  if (key == "name") return p.alerting_name = value, true;
  if (key == "no-answer") return p.forward_no_answer = value, true;
  if (key == "busy") return p.forward_busy = value, true;
  if (key == "forward-nowhere") return p.forward_search_space = 2, true;  // which reaches nobody
  if (key == "longest") return p.max_duration = duration_of(value), true;
  if (key == "shows-member") return p.display_connected = value != "off", true;
  return false;
}

}  // namespace

std::string Interpreter::hunt_verb(const Words& w, bool& known) {
  known = true;
  std::string wrong;
  if (w[0] == "hunt-group" && w.size() > 1) {
    sim::HuntGroupEntry entry;
    wrong = each_option(w, [&](const auto& key, const auto& value) { return group_option(entry, key, value); });
    scenario_.directory.hunt_group(w[1], entry);
  } else if (w[0] == "hunt-list" && w.size() > 1) {
    std::vector<std::string> groups;
    bool enabled = true;
    wrong = each_option(w, [&](const auto& key, const auto& value) {
      if (key == "groups") return groups = split(value), true;
      return key == "disabled" ? (enabled = false, true) : false;
    });
    scenario_.directory.hunt_list(w[1], groups, enabled);
  } else if (w[0] == "pilot" && w.size() > 1) {
    config::HuntPilotView pilot;
    pilot.number = w[1];
    std::string list;
    wrong = each_option(w, [&](const auto& key, const auto& value) { return pilot_option(pilot, list, key, value); });
    scenario_.directory.hunt_pilot(list, std::move(pilot));
  } else if (w[0] == "hunt-record" && w.size() == 4) {
    return hunt_record(w);
  } else {
    known = false;
    return "";
  }
  if (started_) scenario_.configure();
  return wrong;
}

// hunt-record PILOT ORIGINAL FINAL: the last record.
std::string Interpreter::hunt_record(const Words& w) {
  const auto any = [&] { return !scenario_.disk.cdrs().empty(); };
  const std::string wrong = ensure(any, "there is no CDR");
  if (!wrong.empty()) return wrong;
  const state::Cdr& c = scenario_.disk.cdrs().back().cdr;
  if (c.hunt_pilot == w[1] && c.original.number == w[2] && c.called_number == w[3]) return "";
  return "pilot " + c.hunt_pilot + ", original " + c.original.number + ", final " + c.called_number;
}

}  // namespace carillon::flows
