#pragma once
// A whole world: server, disk, network, phones; and the end of every run with its three audits.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audit.h"
#include "directory.h"
#include "disk.h"
#include "network.h"
#include "phone.h"
#include "server.h"
#include "trace.h"
#include "world.h"

namespace carillon::sim {

struct ScenarioOptions {
  uint64_t seed = 1;
  uint16_t shards = 1;
  bool trace = true;
};

// How the administration is at work.
struct Office {
  Duration takes = milliseconds(5);  // until a change is made; the one who asked hears of it a little later
  bool silent = false;               // asks are lost
  std::string fault;                 // every change is refused with these words
};

class Scenario {
 public:
  explicit Scenario(ScenarioOptions options);
  ~Scenario();

  World world;
  Trace trace;
  Network network;
  Disk disk;
  Directory directory;
  Office office;
  std::map<std::string, std::unique_ptr<Phone>> phones;
  std::unique_ptr<Server> server;
  std::vector<Waiver> waivers;
  Address udp, tcp, tls;
  Duration mail_takes = microseconds(30);  // from one shard to another; set before start()

  // A phone of this name exists from now on; `entry` is what the directory says of it.
  Phone& add_phone(const std::string& name, const PhoneEntry& entry, const Address& at, sip::Transport transport,
                   const std::string& password);
  void start();
  void configure() { server->configure(directory.build()); }
  void kill();
  void restart() { server->boot(); }

  // Heals the network, lets everybody agree, hangs up, waits for quiet, and audits. Empty: all is well.
  std::vector<Finding> finish();
  // The findings, the seed and the ladder, for a person.
  std::string report(const std::vector<Finding>& findings) const;

  struct Kill {
    Instant at;
  };
  const std::vector<Instant>& kills() const { return kills_; }

 private:
  // Ends calls that are younger than those; whether there were any.
  bool hang_up_younger(const std::map<std::string, size_t>& counts);
  void administrate(const call::ConfigRequest& request, Server::Reply reply);
  ScenarioOptions options_;
  std::vector<Instant> kills_;
};

}  // namespace carillon::sim
