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

std::string Interpreter::code_world(const Words& w, bool& known) {
  known = true;
  if (w[0] == "administration" && w.size() > 1) return administration_verb(w);
  if (w[0] == "code" && w.size() == 3) return code_verb(w);
  known = false;
  return "";
}

}  // namespace carillon::flows
