// Verbs about the world, the server and its store.

#include "base/text.h"
#include "interpreter.h"

namespace carillon::flows {

using sim::Phone;

std::string Interpreter::world_verb(const Words& w, bool& known) {
  known = true;
  if (w[0] == "after" && w.size() == 2) {
    scenario_.world.run_for(duration_of(w[1]));
    return "";
  }
  if (w[0] == "all" && w.size() == 2 && w[1] == "register") {
    for (const std::string& name : order_) {
      for (const std::string& line : scenario_.phones[name]->options().lines) scenario_.phones[name]->enroll(line);
    }
    return ensure(
        [this] {
          for (const std::string& name : order_) {
            const auto& lines = scenario_.phones[name]->registrations();
            for (const auto& [line, r] : lines) {
              if (!r.registered) return false;
            }
          }
          return true;
        },
        "not everybody could register");
  }
  if (w[0] == "lose" && w.size() >= 2) {
    lose_next(w);
    return "";
  }
  if (w[0] == "parameter" && w.size() == 3) {
    auto& p = scenario_.directory.parameters;
    if (w[1] == "min-expires") p.min_expires = duration_of(w[2]);
    if (w[1] == "min-subscription") p.min_subscription = duration_of(w[2]);
    if (w[1] == "max-subscription") p.max_subscription = duration_of(w[2]);
    if (w[1] == "max-expires") p.max_expires = duration_of(w[2]);
    if (w[1] == "park-reversion") p.park_reversion = duration_of(w[2]);
    if (w[1] == "no-answer") p.no_answer_release = duration_of(w[2]);
    if (w[1] == "call-back-duration") p.call_back_duration = duration_of(w[2]);
    if (w[1] == "forward-no-answer") p.forward_no_answer = duration_of(w[2]);
    if (w[1] == "max-forwards") p.max_hops = static_cast<uint32_t>(std::stoul(w[2]));
    if (w[1] == "max-unregistered-hops") p.max_unregistered_hops = static_cast<uint32_t>(std::stoul(w[2]));
    if (w[1] == "busy-forward-on-486") p.busy_forward_on_486 = w[2] == "on";
    if (w[1] == "cfa-destination-override") p.cfa_destination_override = w[2] == "on";
    if (w[1] == "trusted") p.trusted_networks = {carillon::Network::parse(w[2]).value_or(carillon::Network())};
    scenario_.configure();
    return "";
  }
  if (w[0] == "remove" && w.size() == 3 && w[1] == "phone") {
    scenario_.directory.remove_phone(w[2]);
    scenario_.configure();
    return "";
  }
  if (w[0] == "mailbox" || w[0] == "subscription") return event_world(w);
  if (w[0] == "remove" && w.size() == 3 && w[1] == "line") {
    scenario_.directory.remove_line(w[2]);
    scenario_.configure();
    return "";
  }
  if (w[0] == "line-group" && w.size() == 3) {
    scenario_.directory.line_group(w[1], std::stol(w[2]));
    scenario_.configure();
    return "";
  }
  if (w[0] == "presence-group" && w.size() >= 2) {  // presence-group 5 sees 6
    scenario_.directory.presence_group(std::stol(w[1]), w.size() > 3 ? std::vector<config::EntityId>{std::stol(w[3])}
                                                                     : std::vector<config::EntityId>{});
    scenario_.configure();
    return "";
  }
  if (w[0] == "server" || w[0] == "binding" || w[0] == "cdr") return server_verb(w);
  known = false;
  return "";
}

// lose METHOD|STATUS [TEXT]: the next datagram that starts so, and holds TEXT.
void Interpreter::lose_next(const Words& w) {
  const std::string start = w[1][0] >= '1' && w[1][0] <= '6' ? "SIP/2.0 " + w[1] : w[1] + " ";
  losses_.push_back([start, text = w.size() > 2 ? w[2] : std::string()](View bytes) {
    return bytes.substr(0, start.size()) == start && bytes.find(text) != View::npos;
  });
}

std::string Interpreter::server_verb(const Words& w) {
  if (w[0] == "server" && w.size() >= 2 && w[1] == "dies") {
    if (scenario_.server->alive()) scenario_.kill();
    return "";
  }
  if (w[0] == "server" && w.size() >= 2 && w[1] == "starts") {
    if (!scenario_.server->alive()) scenario_.restart();
    return "";
  }
  if (w[0] == "binding" && w.size() == 3) {  // binding 1001 COUNT
    size_t n = 0;
    const auto count = [&] {
      n = 0;
      if (!scenario_.server->alive()) return false;
      scenario_.server->shard(0).registrar().for_each([&](const registrar::Binding& b) { n += b.number == w[1]; });
      return std::to_string(n) == w[2];
    };
    const std::string wrong = ensure(count, "never so many");
    return wrong.empty() ? "" : "there are " + std::to_string(n);
  }
  if (w[0] == "cdr" && w.size() >= 2) {
    if (w[1] == "count") {
      const auto enough = [&] { return std::to_string(scenario_.disk.cdrs().size()) == w[2]; };
      const std::string wrong = ensure(enough, "never so many");
      return wrong.empty() ? "" : "there are " + std::to_string(scenario_.disk.cdrs().size());
    }
    const auto any = [&] { return !scenario_.disk.cdrs().empty(); };
    const std::string wrong = ensure(any, "there is no CDR");
    if (!wrong.empty()) return wrong;
    const state::Cdr& c = scenario_.disk.cdrs().back().cdr;
    if (w[1] == "says" && w.size() > 2 && text_of(c.disposition) != w[2])
      return "it says " + std::string(text_of(c.disposition));
    if (w[1] == "ended-by" && w.size() > 2 && text_of(c.ended_by) != w[2])
      return "ended by " + std::string(text_of(c.ended_by));
    if (w[1] == "phone-said" && w.size() > 2 && std::to_string(c.called_status) != w[2])
      return "the phone said " + std::to_string(c.called_status);
    if (w[1] == "between" && (c.calling_number != w[2] || c.called_number != w[3]))
      return "between " + c.calling_number + " and " + c.called_number;
    return "";
  }
  return "what?";
}

}  // namespace carillon::flows
