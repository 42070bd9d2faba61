#include "interpreter.h"

#include <fstream>
#include <sstream>

#include "base/text.h"

namespace carillon::flows {

using sim::Phone;
using sim::PhoneCall;

Duration duration_of(const std::string& text) {
  const double n = std::strtod(text.c_str(), nullptr);
  if (text.size() > 2 && text.substr(text.size() - 2) == "ms") return microseconds(static_cast<int64_t>(n * 1e3));
  if (!text.empty() && text.back() == 'm') return microseconds(static_cast<int64_t>(n * 60e6));
  return microseconds(static_cast<int64_t>(n * 1e6));
}

std::string Variant::text() const {
  std::string s = "shards " + std::to_string(shards);
  if (lose != 0) s += ", datagram " + std::to_string(lose) + " lost";
  if (refuse != 0) s += ", post " + std::to_string(refuse) + " refused";
  if (hold != 0) s += ", post " + std::to_string(hold) + " delayed";
  if (kill != 0) s += ", killed at datagram " + std::to_string(kill);
  return s;
}

std::optional<Flow> read_flow(const std::string& path, std::string& error) {
  std::ifstream file(path);
  if (!file) {
    error = "cannot read " + path;
    return {};
  }
  Flow flow;
  flow.name = path.substr(path.rfind('/') + 1);
  std::string line;
  for (int n = 1; std::getline(file, line); n++) {
    line = line.substr(0, line.find('#'));
    std::istringstream words(line);
    Statement s{n, {}, line};
    for (std::string w; words >> w;) s.words.push_back(w);
    if (s.words.empty()) continue;
    const std::string joined = s.words[0] + (s.words.size() > 1 ? " " + s.words[1] : "");
    if (joined == "no loss") {
      flow.lossless = true;
    } else if (joined == "one shard") {
      flow.shards = 1;
    } else if (joined == "fault posts") {
      flow.posts = true;
    } else if (joined == "fault kills") {
      flow.kills = true;
    } else {
      flow.statements.push_back(std::move(s));
    }
  }
  return flow;
}

Interpreter::Interpreter(const Flow& flow, const Variant& variant)
    : flow_(flow), variant_(variant), scenario_({variant.seed, variant.shards, true}) {
  scenario_.disk.refuse_nth = variant.refuse;
  scenario_.disk.hold_nth = variant.hold;
  if (variant.refuse != 0) {
    for (const char* rule : {"one-record", "leftovers-on-disk", "record-before-bye", "binding-kept"}) {
      scenario_.waivers.push_back({rule, "the store forgot what it was told"});
    }
  }
  scenario_.network.drop = [this](uint64_t ordinal, View bytes) {
    if (variant_.kill != 0 && ordinal == variant_.kill) {
      scenario_.world.after({}, [this] {
        if (!scenario_.server || !scenario_.server->alive()) return;
        scenario_.kill();
        scenario_.world.after(seconds(1), [this] {
          if (!scenario_.server->alive()) scenario_.restart();
        });
      });
    }
    for (auto it = losses_.begin(); it != losses_.end(); ++it) {
      if (!(*it)(bytes)) continue;
      losses_.erase(it);
      return true;
    }
    return ordinal == variant_.lose;
  };
}

Outcome Interpreter::run() {
  Outcome o;
  std::string wrong;
  for (const Statement& s : flow_.statements) {
    wrong = perform(s);
    if (wrong.empty()) continue;
    wrong = flow_.name + ":" + std::to_string(s.line) + ": " + s.text + ": " + wrong;
    break;
  }
  if (!started_ && wrong.empty()) start();
  o.datagrams = scenario_.network.datagrams(), o.posts = scenario_.disk.posts();
  const bool failed = !wrong.empty() && !variant_.audits_only();
  const auto findings = started_ ? scenario_.finish() : std::vector<sim::Finding>();
  o.good = !failed && findings.empty();
  if (!o.good)
    o.report = flow_.name + " (" + variant_.text() + ")\n" + scenario_.report(findings) +
               (failed ? "FAILED " + wrong + "\n" : "");
  o.ladder = sim::ladder(scenario_.trace, sim::World::kStart, 1000);
  return o;
}

Outcome run_flow(const Flow& flow, const Variant& variant) { return Interpreter(flow, variant).run(); }

std::string Interpreter::ensure(const std::function<bool()>& holds, const std::string& otherwise) {
  return scenario_.world.run_while_not(holds, seconds(45)) ? "" : otherwise;
}

std::string Interpreter::perform(const Statement& s) {
  bool known = false;
  std::string wrong = set_up(s.words, known);
  if (known) return wrong;
  wrong = group_verb(s.words, known);
  if (known) return wrong;
  wrong = media_verb(s.words, known);
  if (known) return wrong;
  wrong = code_world(s.words, known);
  if (known) return wrong;
  wrong = hunt_verb(s.words, known);
  if (known) return wrong;
  if (!started_) start();
  wrong = world_verb(s.words, known);
  if (known) return wrong;
  return phone_verb(s.words[0], s.words);
}

void Interpreter::start() {
  for (const std::string& name : order_) make_phone(name);
  scenario_.start();
  started_ = true;
}

void Interpreter::make_phone(const std::string& name) {
  Draft& d = drafts_[name];
  Phone& phone = scenario_.add_phone(name, d.entry, d.at, d.transport, d.password);
  const bool video = phone.manners().video || d.manners.video;
  phone.manners() = d.manners;
  phone.manners().video = video;
}

std::string Interpreter::set_option(Draft& d, const std::string& key, const std::string& value) {
  const bool on = value != "off";
  const auto number = [&] { return static_cast<uint32_t>(std::strtoul(value.c_str(), nullptr, 10)); };
  sim::PhoneEntry& e = d.entry;
  sim::Manners& m = d.manners;
  if (line_option(e, key, value)) return "";
  const std::map<std::string, std::function<void()>> options = {
      {"user", [&] { e.user = value; }},
      {"password", [&] { d.password = value; }},
      {"at", [&] { d.at = Address::parse(value).value_or(Address::parse_ip(value, 5060).value_or(Address())); }},
      {"transport",
       [&] {
         d.transport = value == "tls"   ? sip::Transport::tls
                       : value == "tcp" ? sip::Transport::tcp
                                        : sip::Transport::udp;
       }},
      {"advanced", [&] { e.advanced = on; }},
      {"digest", [&] { e.digest = on; }},
      {"active", [&] { e.active = on; }},
      {"max-calls", [&] { e.max_calls = static_cast<uint8_t>(number()); }},
      {"busy-trigger", [&] { e.busy_trigger = static_cast<uint8_t>(number()); }},
      {"sha256", [&] { e.sha256 = on, e.md5 = value != "only"; }},
      {"out-of-dialog", [&] { e.out_of_dialog_only = on; }},
      {"fixed-expires", [&] { e.fixed_expires = on; }},
      {"udp", [&] { e.udp = on; }},
      {"tcp", [&] { e.tcp = on; }},
      {"profile-delayed-offer", [&] { e.delayed_offer = on; }},
      {"nonce-validity", [&] { e.nonce_validity = duration_of(value); }},
      {"rel1xx",
       [&] {
         e.rel1xx = value == "all"   ? config::SipProfileView::Rel1xx::all
                    : value == "sdp" ? config::SipProfileView::Rel1xx::sdp
                                     : config::SipProfileView::Rel1xx::disabled;
       }},
      {"session-expires", [&] { e.session_expires = seconds(number()); }},
      {"refresh-by-update", [&] { e.refresh_by_update = on; }},
      {"rings", [&] { m.rings = on; }},
      {"rings-after", [&] { m.rings_after = duration_of(value); }},
      {"answers-after", [&] { m.answers_after = duration_of(value); }},
      {"hangs-up-after", [&] { m.hangs_up_after = duration_of(value); }},
      {"refuses", [&] { m.refuses = on ? std::optional(static_cast<int>(number())) : std::nullopt; }},
      {"early-media", [&] { m.early_media = on; }},
      {"answers-bare", [&] { m.answers_bare = on; }},
      {"reliable", [&] { m.reliable = on; }},
      {"prack", [&] { m.prack = on; }},
      {"video", [&] { m.video = on; }},
      {"never-acks", [&] { m.never_acks = on; }},
      {"bye-twice", [&] { m.bye_twice = on; }},
      {"old-tags", [&] { m.old_tags = on; }},
      {"reuses-branch", [&] { m.reuses_branch = on; }},
      {"ignores-cancel", [&] { m.ignores_cancel = on; }},
      {"answers-cancelled", [&] { m.answers_cancelled = on; }},
      {"dead", [&] { m.dead = on; }},
      {"listens", [&] { m.listens = on; }},
      {"no-bye-answer", [&] { m.no_bye_answer = on; }},
      {"plain-digest", [&] { m.plain_digest = on; }},
      {"cold", [&] { m.cold = on; }},
      {"delayed-offer", [&] { m.delayed_offer = on; }},
      {"timer", [&] { m.session_expires = number(); }},
      {"refresher-uac", [&] { m.refresher_uac = on; }},
      {"updates", [&] { m.refresh_by_update = on; }},
      {"refreshes", [&] { m.refreshes = on; }},
      {"max-forwards", [&] { m.max_forwards = static_cast<int>(number()); }}};
  const auto found = options.find(key);
  if (found == options.end()) return set_forward_option(d, key, value) ? "" : "no such option: " + key;
  found->second();
  return "";
}

std::string Interpreter::set_up(const Words& w, bool& known) {
  known = true;
  if (w[0] == "phone" && w.size() > 1) {
    const bool fresh = drafts_.count(w[1]) == 0;
    Draft& d = drafts_[w[1]];
    if (started_ && !fresh) d.entry = scenario_.directory.phone_entry(w[1]);  // a feature code may have changed it
    if (fresh) {
      order_.push_back(w[1]);
      d.entry.user = w[1], d.password = "secret-" + w[1];
      d.at = *Address::parse("127.9.0." + std::to_string(order_.size()) + ":5060");
    }
    for (size_t i = 2; i < w.size(); i++) {
      const size_t equals = w[i].find('=');
      const std::string key = w[i].substr(0, equals);
      const std::string value = equals == std::string::npos ? "on" : w[i].substr(equals + 1);
      const std::string wrong = set_media_option(d, key, value) ? "" : set_option(d, key, value);
      if (!wrong.empty()) return wrong;
    }
    if (fresh && !d.entry.user.empty()) scenario_.directory.user(d.entry.user, d.password);
    if (started_ && !fresh) {  // a change of manners or of configuration
      scenario_.phones[w[1]]->manners() = d.manners;
      scenario_.directory.phone(w[1], d.entry);
      scenario_.configure();
    } else if (started_) {
      make_phone(w[1]);
      scenario_.configure();
    }
    return "";
  }
  if (w[0] == "line" && w.size() > 1) return set_up_line(w);
  if (w[0] == "user" && w.size() > 1) {
    scenario_.directory.user(w[1], w.size() > 2 ? w[2] : "");
    return "";
  }
  if (w[0] == "mail" && w.size() == 3) {
    scenario_.mail_takes = duration_of(w[2]);
    return started_ ? "before the first phone does something" : "";
  }
  if (w[0] == "waive" && w.size() > 2) {
    scenario_.waivers.push_back({w[1], w[2]});
    return "";
  }
  if (w[0] == "nat" && w.size() == 4) {  // nat INSIDE as OUTSIDE
    scenario_.network.add_nat(*Address::parse_ip(w[1], 0), *Address::parse_ip(w[3], 0));
    scenario_.trace.name(*Address::parse_ip(w[3], 0), "nat");
    return "";
  }
  known = false;
  return "";
}

}  // namespace carillon::flows
