// What the directory says of pickup groups and park numbers.

#include <algorithm>

#include "interpreter.h"

namespace carillon::flows {

namespace {

// The value of key=… among the words, or "".
std::string value_of(const std::vector<std::string>& w, const std::string& key) {
  for (const std::string& word : w) {
    if (word.substr(0, key.size() + 1) == key + "=") return word.substr(key.size() + 1);
  }
  return "";
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> items;
  for (size_t at = 0; at < list.size();) {
    const size_t comma = std::min(list.find(',', at), list.size());
    items.push_back(list.substr(at, comma - at));
    at = comma + 1;
  }
  return items;
}

// caller-filter NAME numbers=N,N [allow] [busy|forward=N]
config::CallerFilterView filter_of(const std::vector<std::string>& w) {
  config::CallerFilterView row;
  row.numbers = split(value_of(w, "numbers"));
  row.forward_to = value_of(w, "forward");
  if (!row.forward_to.empty()) row.action = config::FilterAction::forward;
  for (const std::string& word : w) {
    if (word == "allow") row.mode = config::FilterMode::allow;
    if (word == "busy") row.action = config::FilterAction::busy;
  }
  return row;
}

}  // namespace

// pickup-group NAME number=N [others=NAME,NAME] · park-number N · directed-park N prefix=P [reverts-to=N]
std::string Interpreter::group_verb(const Words& w, bool& known) {
  known = true;
  sim::Directory& d = scenario_.directory;
  if (w[0] == "pickup-group" && w.size() > 2) {
    d.pickup_group(w[1], value_of(w, "number"), split(value_of(w, "others")));
  } else if (w[0] == "caller-filter" && w.size() > 2) {
    d.caller_filter(w[1], filter_of(w));
  } else if (w[0] == "park-number" && w.size() == 2) {
    d.park(w[1]);
  } else if (w[0] == "directed-park" && w.size() > 2) {
    d.directed_park(w[1], value_of(w, "prefix"), value_of(w, "reverts-to"));
  } else {
    known = false;
    return "";
  }
  if (started_) scenario_.configure();
  return "";
}

}  // namespace carillon::flows
