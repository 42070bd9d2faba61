#pragma once
// Runs a flow: a text of one statement a line, about phones and what they do and see (test/flows/README.md has the
// verbs).

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario.h"

namespace carillon::flows {

struct Statement {
  int line = 0;
  std::vector<std::string> words;
  std::string text;
};

// A flow as written, and how it may be varied.
struct Flow {
  std::string name;
  std::vector<Statement> statements;
  bool lossless = false;  // "no loss": not run with messages lost
  uint16_t shards = 3;    // "one shard": not run with more
  bool posts = false;     // "fault posts": each post to the store refused and delayed in turn
  bool kills = false;     // "fault kills": the server killed at each message in turn
};
std::optional<Flow> read_flow(const std::string& path, std::string& error);

struct Variant {
  uint16_t shards = 1;
  uint64_t seed = 1;
  uint64_t lose = 0, refuse = 0, hold = 0, kill = 0;  // ordinals, 0: none
  // What is asked for goes wrong on purpose: only the audits count.
  bool audits_only() const { return refuse != 0 || hold != 0 || kill != 0; }
  std::string text() const;
};

struct Outcome {
  bool good = false;
  std::string report;  // why not, with the ladder
  std::string ladder;
  uint64_t datagrams = 0, posts = 0;
};
Outcome run_flow(const Flow& flow, const Variant& variant);

class Interpreter {
 public:
  Interpreter(const Flow& flow, const Variant& variant);
  Outcome run();

 private:
  using Words = std::vector<std::string>;
  // "" when done, else what went wrong.
  std::string perform(const Statement& s);
  std::string set_up(const Words& w, bool& known);
  std::string set_up_line(const Words& w);
  std::string group_verb(const Words& w, bool& known);
  std::string world_verb(const Words& w, bool& known);
  std::string server_verb(const Words& w);
  std::string bandwidth_verb(const Words& w);
  std::string media_verb(const Words& w, bool& known);
  std::string phone_verb(const std::string& who, const Words& w);
  std::string registration_verb(sim::Phone& phone, const Words& w, bool& known);
  std::string call_verb(sim::Phone& phone, const Words& w, bool& known);
  std::string dialog_verb(sim::Phone& phone, const Words& w, bool& known);
  std::string transfer_verb(sim::Phone& phone, const Words& w, bool& known);
  std::string identity_verb(sim::Phone& phone, const Words& w, bool& known);
  std::string transfer(sim::Phone& phone, const Words& w);
  std::string expectation(sim::Phone& phone, const Words& w, bool& known);
  std::string call_back_verb(const Words& w);
  std::string code_world(const Words& w, bool& known);
  std::string administration_verb(const Words& w);
  std::string code_verb(const Words& w);
  std::string event_verb(sim::Phone& phone, const Words& w, bool& known);
  std::string event_world(const Words& w);
  std::string hunt_verb(const Words& w, bool& known);
  std::string hunt_record(const Words& w);
  std::string told(sim::Phone& phone, const Words& w);
  std::string seen(sim::Phone& phone, const Words& w);
  std::string asked(sim::Phone& phone, const Words& w);
  std::string ensure(const std::function<bool()>& holds, const std::string& otherwise);
  void make_phone(const std::string& name);
  void start();
  void lose_next(const Words& w);

  struct Draft {
    sim::PhoneEntry entry;
    Address at;
    sip::Transport transport = sip::Transport::udp;
    std::string password;
    sim::Manners manners;
  };
  static bool set_media_option(Draft& draft, const std::string& key, const std::string& value);
  static std::string set_option(Draft& draft, const std::string& key, const std::string& value);
  static bool set_presentation(sim::LineEntry& entry, const std::string& key, const std::string& value);
  static bool set_identity_option(Draft& draft, const std::string& key, const std::string& value);
  static bool set_forward_option(Draft& draft, const std::string& key, const std::string& value);

  static bool line_option(sim::PhoneEntry& entry, const std::string& key, const std::string& value);

  const Flow& flow_;
  Variant variant_;
  sim::Scenario scenario_;
  std::map<std::string, Draft> drafts_;
  std::vector<std::string> order_;
  bool started_ = false;
  std::vector<std::function<bool(std::string_view)>> losses_;
};

Duration duration_of(const std::string& text);

}  // namespace carillon::flows
