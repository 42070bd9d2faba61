#pragma once
// What the server is told: flag, then environment, then carillon.toml, then default (decisions, "Listeners, files,
// settings").

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/cli.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "server/log.h"
#include "sip/flow.h"

namespace carillon::server {

struct ListenerOption {
  sip::Transport transport = sip::Transport::udp;
  Address bind;
  std::string advertised_host;   // IPv6 in brackets; "" for the bound address
  uint16_t advertised_port = 0;  // 0: the bound one
};

struct Options {
  std::string data_dir;
  std::vector<ListenerOption> sip;
  std::vector<Address> http, https;
  bool sip_by_default = true;  // nobody named them: one that cannot be opened is a warning
  bool http_by_default = true, https_by_default = true;
  bool log_json = false;
  LogLevel log_level = LogLevel::info;
  bool demo = false;
  uint16_t shards = 1;
  Duration drain = seconds(30);
  bool full_sync = false;   // state.db survives power loss too
  bool trace = true;        // keep the last messages for `carillon trace`
  std::string dns_servers;  // "" for the system's
  std::string ca_file;      // authorities for TLS connections that we open
};

using Environment = std::function<const char*(const char* name)>;

// The fault says which flag, variable or line of the file is wrong, and how to put it right.
Result<Options> resolve_options(const admin::ServeFlags& flags, const Environment& environment);

// What a carillon.toml says; nothing for what it does not mention.
struct FileOptions {
  std::optional<std::string> data_dir, log_format, log_level, state_sync, dns_servers, ca_file;
  std::optional<int64_t> shards, drain_seconds;
  std::optional<bool> trace;
  struct Listen {
    std::string bind, advertise;
    int line = 0;
  };
  std::optional<std::vector<Listen>> udp, tcp, tls, http, https;
};
// `name` is for messages. Unknown keys are refused, with the one that was probably meant.
Result<FileOptions> parse_options_file(std::string_view toml, const std::string& name);

}  // namespace carillon::server
