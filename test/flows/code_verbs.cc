// Verbs about feature codes and the administration that makes what they ask for.

#include "interpreter.h"

namespace carillon::flows {

// administration works | silent | slow | refuses WORDS…
std::string Interpreter::administration_verb(const Words& w) {
  sim::Office& office = scenario_.office;
  office = {};
  if (w[1] == "silent") {
    office.silent = true;
  } else if (w[1] == "slow") {
    office.takes = seconds(2);
  } else if (w[1] == "refuses" && w.size() > 2) {
    for (size_t i = 2; i < w.size(); i++) office.fault += (i == 2 ? "" : " ") + w[i];
  } else if (w[1] != "works") {
    return "what does it do?";
  }
  return "";
}

// code FUNCTION CODE|off
std::string Interpreter::code_verb(const Words& w) {
  if (!scenario_.directory.feature_code(w[1], w[2] == "off" ? "" : w[2])) return "no such function: " + w[1];
  if (started_) scenario_.configure();
  return "";
}

// call-back count N, call-back state WORD; call-back forget: an administrator removes all.
std::string Interpreter::call_back_verb(const Words& w) {
  if (!scenario_.server->alive()) return "the server is not there";
  std::vector<lines::CallBackInfo> all;
  const auto read = [&] {
    all.clear();
    for (size_t i = 0; i < scenario_.server->shards(); i++) {
      const shard::Shard& s = scenario_.server->shard(i);
      s.lines().for_each_call_back(s.snapshot(), [&](const lines::CallBackInfo& b) { all.push_back(b); });
    }
    return all.size();
  };
  if (w[1] == "forget") {
    read();
    for (const lines::CallBackInfo& b : all) {
      if (!scenario_.server->remove_call_back(b.key)) return "it cannot be removed";
    }
    return "";
  }
  if (w[1] == "count" && w.size() == 3)
    return ensure([&] { return std::to_string(read()) == w[2]; }, "there are " + std::to_string(read()));
  if (w[1] == "state" && w.size() == 3)
    return ensure([&] { return read() == 1 && all[0].state == w[2]; }, "it was never so");
  return "what of it?";
}

std::string Interpreter::code_world(const Words& w, bool& known) {
  known = true;
  if (w[0] == "administration" && w.size() > 1) return administration_verb(w);
  if (w[0] == "code" && w.size() == 3) return code_verb(w);
  if (w[0] == "call-back" && w.size() > 1) return call_back_verb(w);
  known = false;
  return "";
}

}  // namespace carillon::flows
