// Who is shown to whom: what the directory says of presentation and trust, and what phones write about themselves.

#include "interpreter.h"

namespace carillon::flows {

namespace {

config::Presentation presentation_of(const std::string& word) {
  if (word == "allowed") return config::Presentation::allowed;
  return word == "restricted" ? config::Presentation::restricted : config::Presentation::by_default;
}

}  // namespace

bool Interpreter::set_presentation(sim::LineEntry& e, const std::string& key, const std::string& value) {
  const std::map<std::string, config::Presentation*> fields = {{"calling-line", &e.presentations.calling_line},
                                                               {"calling-name", &e.presentations.calling_name},
                                                               {"connected-line", &e.presentations.connected_line},
                                                               {"connected-name", &e.presentations.connected_name}};
  const auto found = fields.find(key);
  if (found == fields.end()) return false;
  *found->second = presentation_of(value);
  return true;
}

// trusted, ignores-presentation, rpid=off, pai=off, display=NAME ("": none), anonymous-from
bool Interpreter::set_identity_option(Draft& d, const std::string& key, const std::string& value) {
  const bool on = value != "off";
  const std::map<std::string, bool*> switches = {{"trusted", &d.entry.trusted},
                                                 {"ignores-presentation", &d.entry.ignores_presentation},
                                                 {"rpid", &d.entry.send_rpid},
                                                 {"pai", &d.entry.send_pai},
                                                 {"anonymous-from", &d.manners.anonymous_from}};
  if (key == "display") return d.entry.display = value, true;
  const auto found = switches.find(key);
  if (found == switches.end()) return false;
  *found->second = on;
  return true;
}

// says nothing | says HEADER LINE: in its INVITEs, UPDATEs and answers to INVITEs from now on.
// never-told TEXT: in no message that the server has sent to it.
std::string Interpreter::identity_verb(sim::Phone& phone, const Words& w, bool& known) {
  known = (w[1] == "says" || w[1] == "never-told") && w.size() > 2;
  if (!known) return "";
  std::string line;
  for (size_t i = 2; i < w.size(); i++) line += (i == 2 ? "" : " ") + w[i];
  if (w[1] == "never-told") {
    for (const sim::Entry& e : scenario_.trace.entries()) {
      const bool to_it = e.kind == sim::Entry::Kind::sent && e.to.ip == phone.address().ip && e.message;
      if (to_it && e.message->bytes().find(line) != sim::View::npos)
        return "it was:\n" + std::string(e.message->bytes());
    }
    return "";
  }
  std::string& says = phone.manners().says;
  says = line == "nothing" ? "" : says + line + "\r\n";
  drafts_[phone.name()].manners.says = says;
  return "";
}

}  // namespace carillon::flows
