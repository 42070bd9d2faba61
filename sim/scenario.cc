#include "scenario.h"

#include "administration.h"
#include "promises.h"

namespace carillon::sim {

Scenario::Scenario(ScenarioOptions options)
    : world(options.seed),
      trace(options.trace),
      network(world, trace),
      disk(world),
      udp(*Address::parse("127.9.255.1:5060")),
      tcp(udp),
      tls(*Address::parse("127.9.255.1:5061")),
      options_(options) {}

Scenario::~Scenario() = default;

Phone& Scenario::add_phone(const std::string& name, const PhoneEntry& entry, const Address& at,
                           sip::Transport transport, const std::string& password) {
  directory.phone(name, entry);
  trace.name(at, name);
  PhoneOptions o;
  o.name = name, o.user = entry.user, o.password = password, o.lines = entry.lines;
  o.address = at;
  o.server = transport == sip::Transport::tls ? tls : transport == sip::Transport::tcp ? tcp : udp;
  o.transport = transport;
  o.manners.video = entry.advanced;
  return *(phones[name] = std::make_unique<Phone>(world, network, std::move(o)));
}

void Scenario::start() {
  ServerOptions o;
  o.shards = options_.shards, o.mail_takes = mail_takes;
  sip::Listener l;
  l.transport = sip::Transport::udp, l.bound = udp;
  o.listeners.push_back(l);
  l.transport = sip::Transport::tcp, l.bound = tcp;
  o.listeners.push_back(l);
  l.transport = sip::Transport::tls, l.bound = tls;
  o.listeners.push_back(l);
  server = std::make_unique<Server>(world, network, trace, disk, o, directory.build());
  server->administration = [this](const call::ConfigRequest& request, Server::Reply reply) {
    administrate(request, std::move(reply));
  };
  server->boot();
}

// In the server's process: with it what has not been made yet is gone.
void Scenario::administrate(const call::ConfigRequest& request, Server::Reply reply) {
  if (office.silent) return;
  world.after(office.takes, [this, request, reply = std::move(reply), life = server->life()] {
    if (!server->alive() || server->life() != life) return;
    call::ConfigAnswer answer{office.fault, {}};
    if (request.entity == call::ConfigRequest::Entity::records) {
      answer.records = records_of(disk, request);
    } else if (answer.fault.empty()) {
      answer.fault = administer(directory, request);
      if (answer.fault.empty()) configure();
    }
    world.after(microseconds(30), [reply, answer] { reply(answer); });
  });
}

void Scenario::kill() {
  kills_.push_back(world.now());
  server->kill();
}

bool Scenario::hang_up_younger(const std::map<std::string, size_t>& counts) {
  bool any = false;
  for (auto& [name, phone] : phones) {
    for (size_t i = counts.at(name); i < phone->calls().size(); i++) {
      PhoneCall& call = phone->calls()[i];
      if (!call.live()) continue;
      any = true;
      phone->hang_up(call);
    }
  }
  return any;
}

std::vector<Finding> Scenario::finish() {
  std::vector<Finding> out;
  if (!server->alive()) restart();
  trace.note(world.now(), "the network heals");
  network.link() = Link();
  network.clear_links();
  network.drop = nullptr;
  const Duration t64 = seconds(32);
  world.run_for(t64 + seconds(8));
  check_agreement(*this, out);
  check_bindings(*this, out);
  trace.note(world.now(), "everybody hangs up");
  std::map<std::string, size_t> begun;
  for (auto& [name, phone] : phones) {
    phone->rest();
    phone->unsubscribe_all();
    begun[name] = phone->calls().size();
    for (PhoneCall& call : phone->calls()) {
      if (call.live()) phone->hang_up(call);
    }
  }
  world.run_for(t64 * 4 + seconds(10));
  // Whose lines are free at last are called back even now.
  for (int round = 0; round < 4 && hang_up_younger(begun); round++) world.run_for(t64 * 4 + seconds(10));
  // A BYE over a stream is sent once. Where a kill has swallowed it, the session timer ends the call (RFC 4028).
  if (!kills_.empty() && server->leftovers() != 0) world.run_for(seconds(3700));
  check_leftovers(*this, out);
  check_records(*this, out);
  AuditOptions o;
  o.waivers = waivers;
  o.unknown = mail_takes * 2 + milliseconds(1);
  for (Finding& f : audit(trace, o)) out.push_back(std::move(f));
  for (const auto& [name, phone] : phones) {
    for (const std::string& c : phone->complaints()) out.push_back({"phone", world.now(), c});
  }
  std::erase_if(out, [this](const Finding& f) { return waived(waivers, f.rule) || taken_by_kill(*this, f); });
  return out;
}

std::string Scenario::report(const std::vector<Finding>& findings) const {
  std::string s = "seed " + std::to_string(options_.seed) + ", shards " + std::to_string(options_.shards) + "\n";
  s += ladder(trace, World::kStart, 400);
  size_t shown = 0;
  for (const Finding& f : findings) {
    if (++shown > 20) break;
    const double at = static_cast<double>((f.at - World::kStart).us) / 1e6;
    s += "FINDING " + f.rule + " at " + std::to_string(at) + ": " + f.text + "\n";
  }
  return s;
}

}  // namespace carillon::sim
