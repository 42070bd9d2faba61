#include "server/options.h"

#include <fstream>
#include <sstream>

#include "base/text.h"
#include "sip/route_key.h"

namespace carillon::server {
namespace {

Fault invalid(std::string text) { return {FaultKind::invalid, std::move(text), ""}; }

// Collects the answers of one source after another; the first fault stays.
struct Resolver {
  Options out;
  std::optional<Fault> fault;
  void fail(std::string text) {
    if (!fault) fault = invalid(std::move(text));
  }
  std::optional<Address> address(const std::string& text, const std::string& where) {
    auto parsed = Address::parse(text);
    if (!parsed) fail(where + ": \"" + text + "\" is not an address and port like 0.0.0.0:5060 or [::]:5060");
    return parsed;
  }
};

std::vector<FileOptions::Listen> listens_of(const std::vector<std::string>& flags) {
  std::vector<FileOptions::Listen> out;
  for (const auto& flag : flags) out.push_back({flag, "", 0});
  return out;
}

void advertise(Resolver& r, const std::string& text, const std::string& where, ListenerOption& to) {
  if (text.empty()) return;
  if (const auto full = Address::parse(text)) {
    to.advertised_host = full->host_text(), to.advertised_port = full->port;
  } else if (const auto ip = Address::parse_ip(text, 0)) {
    to.advertised_host = ip->host_text();
  } else {
    const size_t colon = text.rfind(':');
    to.advertised_host = text.substr(0, colon);
    const auto port = colon == text.npos ? std::optional<uint16_t>(0) : to_number<uint16_t>(text.substr(colon + 1));
    if (!port || to.advertised_host.empty())
      return r.fail(where + ": advertise \"" + text + "\" is not a host or host:port");
    to.advertised_port = *port;
  }
}

void add_sip(Resolver& r, sip::Transport transport, const std::vector<FileOptions::Listen>& from,
             const std::string& where) {
  for (const auto& listen : from) {
    if (listen.bind == "none") continue;
    const std::string place = listen.line > 0 ? where + ", line " + std::to_string(listen.line) : where;
    ListenerOption option{transport, {}, "", 0};
    const auto bind = r.address(listen.bind, place);
    if (!bind) return;
    option.bind = *bind;
    advertise(r, listen.advertise, place, option);
    r.out.sip.push_back(std::move(option));
  }
}

// Any of the flags replaces all default listeners; so does any of the file's keys.
void resolve_sip(Resolver& r, const admin::ServeFlags& flags, const FileOptions& file, const std::string& name) {
  using enum sip::Transport;
  const bool flagged = !flags.sip_udp.empty() || !flags.sip_tcp.empty() || !flags.sip_tls.empty();
  r.out.sip_by_default = false;
  if (flagged) {
    add_sip(r, udp, listens_of(flags.sip_udp), "--sip-udp");
    add_sip(r, tcp, listens_of(flags.sip_tcp), "--sip-tcp");
    add_sip(r, tls, listens_of(flags.sip_tls), "--sip-tls");
  } else if (file.udp || file.tcp || file.tls) {
    add_sip(r, udp, file.udp.value_or(std::vector<FileOptions::Listen>()), name);
    add_sip(r, tcp, file.tcp.value_or(std::vector<FileOptions::Listen>()), name);
    add_sip(r, tls, file.tls.value_or(std::vector<FileOptions::Listen>()), name);
  } else {
    r.out.sip_by_default = true;
    for (const char* any : {"0.0.0.0:5060", "[::]:5060"}) {
      add_sip(r, udp, listens_of({any}), "");
      add_sip(r, tcp, listens_of({any}), "");
    }
    for (const char* any : {"0.0.0.0:5061", "[::]:5061"}) add_sip(r, tls, listens_of({any}), "");
  }
}

void resolve_web(Resolver& r, const std::vector<std::string>& flags,
                 const std::optional<std::vector<FileOptions::Listen>>& file, const std::string& flag_name,
                 const std::string& file_name, const char* otherwise, bool& by_default, std::vector<Address>& to) {
  by_default = flags.empty() && !file;
  const auto from = !flags.empty() ? listens_of(flags) : file ? *file : listens_of({otherwise});
  for (const auto& listen : from) {
    if (listen.bind == "none") continue;
    const auto at =
        r.address(listen.bind, !flags.empty() ? flag_name : file_name + ", line " + std::to_string(listen.line));
    if (at) to.push_back(*at);
  }
}

// Environment before file.
template <typename T>
std::string said(const Environment& environment, const char* variable, const std::optional<T>& file) {
  if (const char* value = environment(variable); value != nullptr && *value != '\0') return value;
  if (!file) return "";
  if constexpr (std::is_same_v<T, std::string>) {
    return *file;
  } else if constexpr (std::is_same_v<T, bool>) {
    return *file ? "on" : "off";
  } else {
    return std::to_string(*file);
  }
}

void resolve_scalars(Resolver& r, const admin::ServeFlags& flags, const FileOptions& file,
                     const Environment& environment) {
  const auto format = !flags.log_format.empty() ? flags.log_format : file.log_format.value_or("text");
  if (format != "text" && format != "json") r.fail("log format \"" + format + "\" is neither text nor json");
  r.out.log_json = format == "json";
  const auto level = !flags.log_level.empty() ? flags.log_level : file.log_level.value_or("info");
  if (!log_level_of(level, &r.out.log_level))
    r.fail("log level \"" + level + "\" is none of debug, info, warning, error");
  if (const auto text = said(environment, "CARILLON_SHARDS", file.shards); !text.empty()) {
    const auto n = to_number<uint16_t>(text);
    if (!n || *n == 0 || *n > 64) r.fail("shards \"" + text + "\" is not a number from 1 to 64");
    r.out.shards = n.value_or(1);
  }
  if (const auto text = said(environment, "CARILLON_DRAIN_SECONDS", file.drain_seconds); !text.empty()) {
    const auto n = to_number<uint32_t>(text);
    if (!n || *n > 86'400) r.fail("drain_seconds \"" + text + "\" is not a number from 0 to 86400");
    r.out.drain = seconds(n.value_or(30));
  }
  if (const auto text = said(environment, "CARILLON_STATE_SYNC", file.state_sync); !text.empty()) {
    if (text != "normal" && text != "full") r.fail("state_sync \"" + text + "\" is neither normal nor full");
    r.out.full_sync = text == "full";
  }
  if (const auto text = said(environment, "CARILLON_TRACE", file.trace); !text.empty()) {
    if (text != "on" && text != "off") r.fail("trace \"" + text + "\" is neither on nor off");
    r.out.trace = text == "on";
  }
  r.out.dns_servers = said(environment, "CARILLON_DNS_SERVERS", file.dns_servers);
  r.out.ca_file = said(environment, "CARILLON_CA_FILE", file.ca_file);
}

Result<FileOptions> read_file(const std::string& path, bool asked_for) {
  std::ifstream in(path);
  if (!in) {
    if (asked_for) return invalid("cannot read " + path);
    return FileOptions{};
  }
  std::stringstream text;
  text << in.rdbuf();
  return parse_options_file(text.str(), path);
}

}  // namespace

// The file is the one that a flag names, else carillon.toml in the data directory.
Result<Options> resolve_options(const admin::ServeFlags& flags, const Environment& environment) {
  const std::string dir = flags.data_dir.empty() ? admin::default_data_dir() : flags.data_dir;
  const std::string path = flags.config_file.empty() ? dir + "/carillon.toml" : flags.config_file;
  const auto file = read_file(path, !flags.config_file.empty());
  if (!file) return file.error();
  Resolver r;
  r.out.data_dir = flags.data_dir.empty() ? file->data_dir.value_or(dir) : dir;
  r.out.demo = flags.demo;
  resolve_sip(r, flags, *file, path);
  resolve_web(r, flags.http, file->http, "--http", path, "127.0.0.1:8080", r.out.http_by_default, r.out.http);
  resolve_web(r, flags.https, file->https, "--https", path, "0.0.0.0:8443", r.out.https_by_default, r.out.https);
  resolve_scalars(r, flags, *file, environment);
  if (r.fault) return *r.fault;
  return r.out;
}

}  // namespace carillon::server
