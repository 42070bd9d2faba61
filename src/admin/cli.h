#pragma once
// The command line: `carillon serve` hands over to the server; every other command asks a running server over its API.

#include <functional>
#include <string>
#include <vector>

namespace carillon::admin {

// What a flag or an environment variable (CARILLON_…) said; a flag wins. Empty: not said, so that carillon.toml and
// then the default decide.
struct ServeFlags {
  std::string data_dir;
  std::string config_file;
  std::vector<std::string> sip_udp, sip_tcp, sip_tls;  // "A:P"
  std::vector<std::string> http, https;                // "A:P" or "none"
  std::string log_format;                              // "text" or "json"
  std::string log_level;                               // "debug", "info", "warning", "error"
  bool demo = false;                                   // seed an empty directory with the demonstration
};

// Where the data are when nobody says: /var/lib/carillon for an installed program (under /usr), else ./carillon-data.
std::string default_data_dir();

// Gives the exit code: 0 ok, 1 failed, 2 usage, 3 not found, 4 denied, 5 unreachable.
int command_line(int argc, char** argv, const std::function<int(const ServeFlags&)>& serve);

}  // namespace carillon::admin
